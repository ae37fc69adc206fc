#include <string.h>

#include "VectorKernels.h"
#include "dispatch.h"

// Most runs are short (three floats for one input channel), and a library call would cost more than the copy.
INLINED void copy_run(const float *restrict source, float *restrict target, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) target[i] = source[i];
}

INLINED void add_run(const float *restrict source, float *restrict target, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) target[i] += source[i];
}

INLINED void clear_run(float *target, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) target[i] = 0;
}

INLINED ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
INLINED ptrdiff_t most(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }

// The position of one output pixel's window in its image.
typedef struct {
  ptrdiff_t image, row, column;
} position;

INLINED position window_origin(const vk_window *w, ptrdiff_t pixel) {
  ptrdiff_t perImage = w->outputHeight * w->outputWidth;
  ptrdiff_t within = pixel % perImage;
  position origin = {pixel / perImage, within / w->outputWidth * w->strideHeight - w->paddingTop,
                     within % w->outputWidth * w->strideWidth - w->paddingLeft};
  return origin;
}

// A row of a window that is partly or wholly outside the image: zeros, the part inside, zeros.
INLINED void lower_clipped_row(const vk_window *w, const float *image, float *out, ptrdiff_t y, ptrdiff_t column,
                               ptrdiff_t groupChannels, int isRun) {
  ptrdiff_t channels = w->channels, width = w->inputWidth, rowSize = w->windowWidth * groupChannels;
  if (y < 0 || y >= w->inputHeight) {
    clear_run(out, rowSize);
  } else if (isRun) {
    ptrdiff_t from = least(most(-column, 0), w->windowWidth);
    ptrdiff_t to = most(least(width - column, w->windowWidth), from);
    clear_run(out, from * channels);
    copy_run(image + (y * width + column + from) * channels, out + from * channels, (to - from) * channels);
    clear_run(out + to * channels, (w->windowWidth - to) * channels);
  } else {
    for (ptrdiff_t kx = 0; kx < w->windowWidth; kx++) {
      ptrdiff_t x = column + kx * w->dilationWidth;
      if (x < 0 || x >= width)
        clear_run(out + kx * groupChannels, groupChannels);
      else
        copy_run(image + (y * width + x) * channels, out + kx * groupChannels, groupChannels);
    }
  }
}

// The patch of one pixel. `run` is the length of a window row if it is contiguous (dense and ungrouped), or 0; a constant `run` turns the copy of an
// inner patch into a few plain moves.
INLINED float *lower_patch(const vk_window *w, const float *image, float *out, position origin, ptrdiff_t groupChannels,
                           ptrdiff_t run, int isRun) {
  ptrdiff_t rowSize = w->windowWidth * groupChannels, pitch = w->inputWidth * w->channels;
  ptrdiff_t reach = (w->windowHeight - 1) * w->dilationHeight;
  int isInside = isRun && origin.row >= 0 && origin.row + reach < w->inputHeight && origin.column >= 0 &&
                 origin.column + w->windowWidth <= w->inputWidth;
  if (isInside) {
    const float *source = image + origin.row * pitch + origin.column * w->channels;
    for (ptrdiff_t ky = 0; ky < w->windowHeight; ky++, out += rowSize, source += w->dilationHeight * pitch) {
      if (run > 0)
#pragma clang loop vectorize(disable) unroll(full)
        for (ptrdiff_t i = 0; i < run; i++) out[i] = source[i];
      else
        copy_run(source, out, rowSize);
    }
    return out;
  }
  for (ptrdiff_t ky = 0; ky < w->windowHeight; ky++, out += rowSize)
    lower_clipped_row(w, image, out, origin.row + ky * w->dilationHeight, origin.column, groupChannels, isRun);
  return out;
}

INLINED void lower_pixels(const vk_window *w, const float *input, float *out, ptrdiff_t first, ptrdiff_t count,
                          ptrdiff_t groupChannels, ptrdiff_t run) {
  ptrdiff_t imageSize = w->inputHeight * w->inputWidth * w->channels;
  int isRun = groupChannels == w->channels && w->dilationWidth == 1;
  position origin = window_origin(w, first);
  ptrdiff_t lastColumn = w->outputWidth * w->strideWidth - w->paddingLeft;
  ptrdiff_t lastRow = w->outputHeight * w->strideHeight - w->paddingTop;
  for (ptrdiff_t pixel = 0; pixel < count; pixel++) {
    out = lower_patch(w, input + origin.image * imageSize, out, origin, groupChannels, run, isRun);
    // Moves to the next pixel, without a division.
    origin.column += w->strideWidth;
    if (origin.column < lastColumn) continue;
    origin.column = -w->paddingLeft;
    origin.row += w->strideHeight;
    if (origin.row < lastRow) continue;
    origin.row = -w->paddingTop;
    origin.image += 1;
  }
}

INLINED void lower_windows(const vk_window *w, const float *input, float *out, ptrdiff_t first, ptrdiff_t count,
                           ptrdiff_t groupChannels, ptrdiff_t run) {
  ptrdiff_t imageSize = w->inputHeight * w->inputWidth * w->channels;
  int isRun = groupChannels == w->channels && w->dilationWidth == 1;
  ptrdiff_t rows = w->outputHeight / 2, columns = w->outputWidth / 2;
  const float *image = input + first / (rows * columns) * imageSize;
  ptrdiff_t row = first / columns % rows, column = first % columns;
  for (ptrdiff_t index = 0; index < count; index++) {
    position corner = {0, 2 * row * w->strideHeight - w->paddingTop, 2 * column * w->strideWidth - w->paddingLeft};
    for (int place = 0; place < 4; place++) {
      position origin = {0, corner.row + place / 2 * w->strideHeight, corner.column + place % 2 * w->strideWidth};
      out = lower_patch(w, image, out, origin, groupChannels, run, isRun);
    }
    // Moves to the next window, without a division.
    if (++column < columns) continue;
    column = 0;
    if (++row < rows) continue;
    row = 0;
    image += imageSize;
  }
}

// The first layer's rows are three or five floats long: too short for a loop of variable length.
#define LOWER(FUNCTION)                                                                                       \
  const vk_window window = *w; /* a copy that the stores below cannot change */                               \
  int isRun = groupChannels == window.channels && window.dilationWidth == 1;                                  \
  switch (isRun ? window.windowWidth * groupChannels : 0) {                                                   \
    case 3: FUNCTION(&window, input + firstChannel, columns, first, count, groupChannels, 3); break;          \
    case 5: FUNCTION(&window, input + firstChannel, columns, first, count, groupChannels, 5); break;          \
    default: FUNCTION(&window, input + firstChannel, columns, first, count, groupChannels, 0); break;         \
  }

DISPATCHED(vk_lower_patches,
           (const vk_window *w, const float *input, float *columns, ptrdiff_t first, ptrdiff_t count, ptrdiff_t
            firstChannel, ptrdiff_t groupChannels),
           (w, input, columns, first, count, firstChannel, groupChannels)) {
  LOWER(lower_pixels)
}

DISPATCHED(vk_lower_windows,
           (const vk_window *w, const float *input, float *columns, ptrdiff_t first, ptrdiff_t count, ptrdiff_t
            firstChannel, ptrdiff_t groupChannels),
           (w, input, columns, first, count, firstChannel, groupChannels)) {
  LOWER(lower_windows)
}

DISPATCHED(vk_scatter_patches,
           (const vk_window *w, const float *columns, float *accumulated, ptrdiff_t first, ptrdiff_t count, ptrdiff_t
            firstChannel, ptrdiff_t groupChannels),
           (w, columns, accumulated, first, count, firstChannel, groupChannels)) {
  ptrdiff_t channels = w->channels, height = w->inputHeight, width = w->inputWidth;
  ptrdiff_t imageSize = height * width * channels;
  ptrdiff_t rowSize = w->windowWidth * groupChannels;
  int isRun = groupChannels == channels && w->dilationWidth == 1;
  const float *in = columns;
  for (ptrdiff_t pixel = first; pixel < first + count; pixel++) {
    position origin = window_origin(w, pixel);
    float *image = accumulated + origin.image * imageSize + firstChannel;
    for (ptrdiff_t ky = 0; ky < w->windowHeight; ky++, in += rowSize) {
      ptrdiff_t y = origin.row + ky * w->dilationHeight;
      if (y < 0 || y >= height) continue;
      if (isRun) {
        ptrdiff_t from = least(most(-origin.column, 0), w->windowWidth);
        ptrdiff_t to = most(least(width - origin.column, w->windowWidth), from);
        add_run(in + from * channels, image + (y * width + origin.column + from) * channels, (to - from) * channels);
      } else {
        for (ptrdiff_t kx = 0; kx < w->windowWidth; kx++) {
          ptrdiff_t x = origin.column + kx * w->dilationWidth;
          if (x >= 0 && x < width)
            add_run(in + kx * groupChannels, image + (y * width + x) * channels, groupChannels);
        }
      }
    }
  }
}

DISPATCHED(vk_transpose,
           (const float *restrict input, float *restrict output, ptrdiff_t rows, ptrdiff_t columns),
           (input, output, rows, columns)) {
  // Blocks of 16 keep both sides within a few cache lines.
  for (ptrdiff_t r0 = 0; r0 < rows; r0 += 16)
    for (ptrdiff_t c0 = 0; c0 < columns; c0 += 16)
      for (ptrdiff_t c = c0; c < least(c0 + 16, columns); c++)
        for (ptrdiff_t r = r0; r < least(r0 + 16, rows); r++) output[c * rows + r] = input[r * columns + c];
}

DISPATCHED(vk_pad_images,
           (const vk_window *w, const float *restrict input, float *restrict padded, ptrdiff_t height, ptrdiff_t width,
            ptrdiff_t images),
           (w, input, padded, height, width, images)) {
  ptrdiff_t run = w->inputWidth * w->channels, left = w->paddingLeft * w->channels, all = width * w->channels;
  for (ptrdiff_t n = 0; n < images; n++)
    for (ptrdiff_t row = 0; row < height; row++, padded += all) {
      ptrdiff_t y = row - w->paddingTop;
      if (y < 0 || y >= w->inputHeight) {
        clear_run(padded, all);
        continue;
      }
      clear_run(padded, left);
      copy_run(input + (n * w->inputHeight + y) * run, padded + left, run);
      clear_run(padded + left + run, all - left - run);
    }
}

DISPATCHED(vk_crop_images,
           (const vk_window *w, const float *restrict padded, float *restrict output, ptrdiff_t height, ptrdiff_t width,
            ptrdiff_t images),
           (w, padded, output, height, width, images)) {
  ptrdiff_t run = w->inputWidth * w->channels;
  for (ptrdiff_t n = 0; n < images; n++)
    for (ptrdiff_t y = 0; y < w->inputHeight; y++)
      copy_run(padded + ((n * height + y + w->paddingTop) * width + w->paddingLeft) * w->channels,
               output + (n * w->inputHeight + y) * run, run);
}
