#include "VectorKernels.h"
#include "dispatch.h"
#include "lanes.h"

// The pool that networks use most: 2 × 2 windows that do not overlap. Its input may have wider pixels than the layer has
// channels, as the direct convolution leaves them.

// Sixteen channels of one window: `width` of them are the layer's, `stored` are there in the input.
INLINED void pool_window(const float *input, ptrdiff_t rowStride, ptrdiff_t stride, float *output, uint8_t *choices,
                         int width, int stored) {
  lanes best = load_lanes(input, stored);
  lanes_mask choice = {0};
  for (int place = 1; place < 4; place++) {
    lanes x = load_lanes(input + place / 2 * rowStride + place % 2 * stride, stored);
    // A NaN must come through: it is the caller's to report, not the pool's to hide.
    lanes_mask wins = (lanes_mask)(x > best) | (lanes_mask)(x != x);
    best = select_lanes(wins, x, best);
    choice = (choice & ~wins) | (wins & place);
  }
  store_lanes(output, best, width);
  store_bytes(choices, __builtin_convertvector(choice, bytes), width);
}

INLINED void unpool_window(const float *gradient, const uint8_t *choices, float *input, ptrdiff_t rowStride,
                           ptrdiff_t stride, int width, int stored) {
  lanes g = load_lanes(gradient, width);
  lanes_mask choice = __builtin_convertvector(load_bytes(choices, width), lanes_mask);
  for (int place = 0; place < 4; place++)
    store_lanes(input + place / 2 * rowStride + place % 2 * stride,
                select_lanes((lanes_mask)(choice == place), g, no_lanes()), stored);
}

// Calls BODY(width, stored) for each window and 16 channels, with constants wherever it pays.
#define FOR_EACH_WINDOW(BODY)                                                                        \
  ptrdiff_t rowStride = p.width * p.stride;                                                          \
  for (ptrdiff_t n = 0, window = 0; n < images; n++)                                                 \
    for (ptrdiff_t y = 0; y < p.height / 2; y++)                                                     \
      for (ptrdiff_t x = 0; x < p.width / 2; x++, window++) {                                        \
        ptrdiff_t pixel = ((n * p.height + 2 * y) * p.width + 2 * x) * p.stride;                     \
        ptrdiff_t c = 0;                                                                             \
        for (; c + LANES <= p.channels; c += LANES) BODY(LANES, LANES);                              \
        if (c == p.channels) continue;                                                               \
        int rest = (int)(p.channels - c);                                                            \
        if (p.stride - c >= LANES)                                                                   \
          BODY(rest, LANES);                                                                         \
        else if (p.stride - c == LANES / 2)                                                          \
          BODY(rest, LANES / 2);                                                                     \
        else                                                                                         \
          BODY(rest, rest);                                                                          \
      }

#define POOL(width, stored)                                                                                          \
  pool_window(input + pixel + c, rowStride, p.stride, output + window * p.channels + c, choices + window * p.channels + c, \
              width, stored)
DISPATCHED void vk_max_pool_2x2(const vk_pixels *pixels, const float *restrict input, float *restrict output,
                                uint8_t *restrict choices, ptrdiff_t images) {
  const vk_pixels p = *pixels;
  FOR_EACH_WINDOW(POOL)
}

// The last row and column of an odd image belong to no window.
INLINED void clear_rest(vk_pixels p, float *input, ptrdiff_t images) {
  if (p.height % 2 == 0 && p.width % 2 == 0) return;
  for (ptrdiff_t n = 0; n < images; n++, input += p.height * p.width * p.stride) {
    if (p.width % 2 == 1)
      for (ptrdiff_t y = 0; y < p.height; y++)
        for (ptrdiff_t c = 0; c < p.stride; c++) input[((y + 1) * p.width - 1) * p.stride + c] = 0;
    if (p.height % 2 == 1)
      for (ptrdiff_t i = (p.height - 1) * p.width * p.stride; i < p.height * p.width * p.stride; i++) input[i] = 0;
  }
}

#define UNPOOL(width, stored)                                                                               \
  unpool_window(gradient + window * p.channels + c, choices + window * p.channels + c, input + pixel + c, rowStride, \
                p.stride, width, stored)
DISPATCHED void vk_max_pool_2x2_backward(const vk_pixels *pixels, const float *restrict gradient,
                                         const uint8_t *restrict choices, float *restrict input, ptrdiff_t images) {
  const vk_pixels p = *pixels;
  clear_rest(p, input, images);
  FOR_EACH_WINDOW(UNPOOL)
}
