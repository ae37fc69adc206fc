#include "VectorKernels.h"
#include "dispatch.h"
#include "lanes.h"

// Depthwise convolutions: every channel is filtered separately, so vectors run along the channels and nothing is lowered. Weights are
// [windowHeight][windowWidth][channels]. Each sum is one chain over the positions of the window inside the image, in order.

// Along one axis: for output `o`, a position of the window reads input o · stride + offset.
typedef struct {
  ptrdiff_t first, end;  // the outputs for which that is inside the image
} reach;

INLINED reach reach_of(ptrdiff_t offset, ptrdiff_t stride, ptrdiff_t inputs, ptrdiff_t outputs) {
  ptrdiff_t first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
  ptrdiff_t end = inputs <= offset ? 0 : (inputs - offset + stride - 1) / stride;
  if (first > outputs) first = outputs;
  if (end > outputs) end = outputs;
  return (reach){first, end < first ? first : end};
}

INLINED ptrdiff_t row_offset(const vk_window *w, ptrdiff_t place) {
  return place * w->dilationHeight - w->paddingTop;
}

INLINED ptrdiff_t column_offset(const vk_window *w, ptrdiff_t place) {
  return place * w->dilationWidth - w->paddingLeft;
}

// The outputs whose whole window is inside the image.
INLINED reach whole_rows(const vk_window *w) {
  reach top = reach_of(row_offset(w, 0), w->strideHeight, w->inputHeight, w->outputHeight);
  reach bottom = reach_of(row_offset(w, w->windowHeight - 1), w->strideHeight, w->inputHeight, w->outputHeight);
  return (reach){top.first, bottom.end < top.first ? top.first : bottom.end};
}

INLINED reach whole_columns(const vk_window *w) {
  reach left = reach_of(column_offset(w, 0), w->strideWidth, w->inputWidth, w->outputWidth);
  reach right = reach_of(column_offset(w, w->windowWidth - 1), w->strideWidth, w->inputWidth, w->outputWidth);
  return (reach){left.first, right.end < left.first ? left.first : right.end};
}

// `width` channels of one output pixel. If `side` is above zero, the window has `side` × `side` positions, all inside the image.
INLINED lanes filter(const vk_window *w, const float *image, const float *weights, ptrdiff_t y, ptrdiff_t x, int side,
                     int width) {
  lanes sum = no_lanes();
  ptrdiff_t pitch = w->inputWidth * w->channels;
  ptrdiff_t top = y * w->strideHeight - w->paddingTop, left = x * w->strideWidth - w->paddingLeft;
  if (side > 0) {
    const float *from = image + top * pitch + left * w->channels;
    for (int ky = 0; ky < side; ky++)
      for (int kx = 0; kx < side; kx++)
        sum += load_lanes(from + ky * w->dilationHeight * pitch + kx * w->dilationWidth * w->channels, width) *
               load_lanes(weights + (ky * side + kx) * w->channels, width);
    return sum;
  }
  for (ptrdiff_t ky = 0; ky < w->windowHeight; ky++) {
    ptrdiff_t row = top + ky * w->dilationHeight;
    if (row < 0 || row >= w->inputHeight) continue;
    for (ptrdiff_t kx = 0; kx < w->windowWidth; kx++) {
      ptrdiff_t column = left + kx * w->dilationWidth;
      if (column < 0 || column >= w->inputWidth) continue;
      sum += load_lanes(image + row * pitch + column * w->channels, width) *
             load_lanes(weights + (ky * w->windowWidth + kx) * w->channels, width);
    }
  }
  return sum;
}

// `width` channels of a row of output pixels; for those in `whole`, the whole window is inside the image.
INLINED void filter_row(const vk_window *w, const float *image, const float *weights, vk_epilogue e, float *output,
                        ptrdiff_t y, reach whole, int side, int width) {
  lanes bias = e.bias ? load_lanes(e.bias, width) : no_lanes();
#define PIXEL(SIDE)                                                                                            \
  store_lanes(output + x * w->channels, activate(filter(w, image, weights, y, x, SIDE, width) + bias, e.slope), width)
  ptrdiff_t x = 0;
  for (; x < whole.first; x++) PIXEL(0);
  for (; x < whole.end; x++) PIXEL(side);
  for (; x < w->outputWidth; x++) PIXEL(0);
#undef PIXEL
}

INLINED void filter_rows(const vk_window *w, const float *input, const float *weights, vk_epilogue e, float *output,
                         ptrdiff_t first, ptrdiff_t end, int side) {
  const reach rows = whole_rows(w), columns = whole_columns(w);
  const ptrdiff_t channels = w->channels, whole = channels / LANES * LANES;
  for (ptrdiff_t row = first; row < end; row++, output += w->outputWidth * channels) {
    const ptrdiff_t y = row % w->outputHeight;
    const float *image = input + row / w->outputHeight * w->inputHeight * w->inputWidth * channels;
    const reach inside = y >= rows.first && y < rows.end ? columns : (reach){0, 0};
    for (ptrdiff_t c = 0; c < whole; c += LANES)
      filter_row(w, image + c, weights + c, epilogue_from(e, c), output + c, y, inside, side, LANES);
    if (whole < channels)
      filter_row(w, image + whole, weights + whole, epilogue_from(e, whole), output + whole, y, inside, side,
                 (int)(channels - whole));
  }
}

DISPATCHED(vk_depthwise_forward,
           (const vk_window *window, const float *restrict input, const float *restrict weights,
            const vk_epilogue *epilogue, float *restrict output, ptrdiff_t first, ptrdiff_t end),
           (window, input, weights, epilogue, output, first, end)) {
  const vk_window w = *window;
  const vk_epilogue e = *epilogue;
  const int side = w.windowHeight == w.windowWidth ? (int)w.windowHeight : 0;
  switch (side) {
    case 3: filter_rows(&w, input, weights, e, output, first, end, 3); break;
    case 5: filter_rows(&w, input, weights, e, output, first, end, 5); break;
    default: filter_rows(&w, input, weights, e, output, first, end, 0); break;
  }
}

// Adds the gradient from one position of the window to `width` channels of a row of input pixels.
INLINED void send_row(const vk_window *w, const float *gradient, const float *weights, float *input, ptrdiff_t kx,
                      int width) {
  const reach outputs = reach_of(column_offset(w, kx), w->strideWidth, w->inputWidth, w->outputWidth);
  const lanes weight = load_lanes(weights + kx * w->channels, width);
  float *to = input + (outputs.first * w->strideWidth + column_offset(w, kx)) * w->channels;
  for (ptrdiff_t x = outputs.first; x < outputs.end; x++, to += w->strideWidth * w->channels)
    store_lanes(to, load_lanes(to, width) + load_lanes(gradient + x * w->channels, width) * weight, width);
}

DISPATCHED(vk_depthwise_data,
           (const vk_window *window, const float *restrict gradient, const float *restrict weights, float *restrict
            accumulated, ptrdiff_t images),
           (window, gradient, weights, accumulated, images)) {
  const vk_window w = *window;
  const ptrdiff_t channels = w.channels, whole = channels / LANES * LANES, pitch = w.inputWidth * channels;
  for (ptrdiff_t n = 0; n < images; n++, accumulated += w.inputHeight * pitch)
    for (ptrdiff_t y = 0; y < w.outputHeight; y++, gradient += w.outputWidth * channels)
      for (ptrdiff_t ky = 0; ky < w.windowHeight; ky++) {
        const ptrdiff_t row = y * w.strideHeight + row_offset(&w, ky);
        if (row < 0 || row >= w.inputHeight) continue;
        const float *places = weights + ky * w.windowWidth * channels;
        float *to = accumulated + row * pitch;
        for (ptrdiff_t kx = 0; kx < w.windowWidth; kx++) {
          for (ptrdiff_t c = 0; c < whole; c += LANES) send_row(&w, gradient + c, places + c, to + c, kx, LANES);
          if (whole < channels)
            send_row(&w, gradient + whole, places + whole, to + whole, kx, (int)(channels - whole));
        }
      }
}

// Adds a row of output pixels to the gradient of `count` adjacent positions, `width` channels of them.
INLINED void gather_row(const vk_window *w, const float *input, const float *gradient, float *accumulated, ptrdiff_t kx,
                        int count, int width) {
  lanes sum[3];
  reach shared = {0, w->outputWidth};
  for (int i = 0; i < count; i++) {
    sum[i] = load_lanes(accumulated + i * w->channels, width);
    const reach own = reach_of(column_offset(w, kx + i), w->strideWidth, w->inputWidth, w->outputWidth);
    if (own.first > shared.first) shared.first = own.first;
    if (own.end < shared.end) shared.end = own.end;
  }
  if (shared.end < shared.first) shared.end = shared.first;
  // Pixels that only some positions read come before and after those that all read, so each sum keeps its order.
#define ADD(I)                                                                                                  \
  sum[I] += load_lanes(input + (x * w->strideWidth + column_offset(w, kx + I)) * w->channels, width) * \
            load_lanes(gradient + x * w->channels, width)
#define ADD_OUTSIDE(FROM, TO)                                                                                    \
  for (int i = 0; i < count; i++) {                                                                              \
    const reach own = reach_of(column_offset(w, kx + i), w->strideWidth, w->inputWidth, w->outputWidth);         \
    for (ptrdiff_t x = (FROM) > own.first ? (FROM) : own.first; x < ((TO) < own.end ? (TO) : own.end); x++) ADD(i); \
  }
  ADD_OUTSIDE(0, shared.first)
  for (ptrdiff_t x = shared.first; x < shared.end; x++)
    for (int i = 0; i < count; i++) ADD(i);
  ADD_OUTSIDE(shared.end, w->outputWidth)
#undef ADD
#undef ADD_OUTSIDE
  for (int i = 0; i < count; i++) store_lanes(accumulated + i * w->channels, sum[i], width);
}

INLINED void gather_places(const vk_window *w, const float *input, const float *gradient, float *accumulated, int width) {
  ptrdiff_t kx = 0;
  for (; kx + 3 <= w->windowWidth; kx += 3) gather_row(w, input, gradient, accumulated + kx * w->channels, kx, 3, width);
  for (; kx < w->windowWidth; kx++) gather_row(w, input, gradient, accumulated + kx * w->channels, kx, 1, width);
}

DISPATCHED(vk_depthwise_weights,
           (const vk_window *window, const float *restrict input, const float *restrict gradient, float *restrict
            accumulated, ptrdiff_t images),
           (window, input, gradient, accumulated, images)) {
  const vk_window w = *window;
  const ptrdiff_t channels = w.channels, whole = channels / LANES * LANES, pitch = w.inputWidth * channels;
  for (ptrdiff_t n = 0; n < images; n++, input += w.inputHeight * pitch)
    for (ptrdiff_t y = 0; y < w.outputHeight; y++, gradient += w.outputWidth * channels)
      for (ptrdiff_t ky = 0; ky < w.windowHeight; ky++) {
        const ptrdiff_t row = y * w.strideHeight + row_offset(&w, ky);
        if (row < 0 || row >= w.inputHeight) continue;
        const float *from = input + row * pitch;
        float *places = accumulated + ky * w.windowWidth * channels;
        for (ptrdiff_t c = 0; c < whole; c += LANES) gather_places(&w, from + c, gradient + c, places + c, LANES);
        if (whole < channels)
          gather_places(&w, from + whole, gradient + whole, places + whole, (int)(channels - whole));
      }
}
