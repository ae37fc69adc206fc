#include "VectorKernels.h"
#include "dispatch.h"
#include "lanes.h"

// The most common pool: 2 × 2 windows that do not overlap. The pixels of its input may be wider than the layer's channels, as the direct convolution
// writes them.

// Sixteen channels of one window: `stored` of them exist in the input, `kept` are written to the output. If fewer than `kept` belong to the layer,
// the next window's channels overwrite the rest.
INLINED void pool_window(const float *input, ptrdiff_t rowStride, ptrdiff_t stride, float *output, uint8_t *choices,
                         int kept, int stored) {
  lanes best = load_lanes(input, stored);
  lanes_mask choice = {0};
  for (int place = 1; place < 4; place++) {
    lanes x = load_lanes(input + place / 2 * rowStride + place % 2 * stride, stored);
    // NaN must be propagated: the caller reports it, and the pool must not hide it.
    lanes_mask wins = (lanes_mask)(x > best) | (lanes_mask)(x != x);
    best = select_lanes(wins, x, best);
    choice = (choice & ~wins) | (wins & place);
  }
  store_lanes(output, best, kept);
  store_bytes(choices, __builtin_convertvector(choice, bytes), kept);
}

// The backward pass: `kept` gradients can be read, the first `width` of them are the layer's.
INLINED void unpool_window(const float *gradient, const uint8_t *choices, float *input, ptrdiff_t rowStride,
                           ptrdiff_t stride, int width, int kept, int stored) {
  const lanes_mask lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  lanes g = load_lanes(gradient, kept);
  lanes_mask choice = __builtin_convertvector(load_bytes(choices, kept), lanes_mask);
  for (int place = 0; place < 4; place++)
    store_lanes(input + place / 2 * rowStride + place % 2 * stride,
                select_lanes((lanes_mask)(choice == place) & (lane < width), g, no_lanes()), stored);
}

// Calls BODY(width, kept, stored) for each window and 16 channels, with constants wherever that is faster.
#define FOR_EACH_WINDOW(BODY)                                                        \
  ptrdiff_t rowStride = p.width * p.stride;                                          \
  ptrdiff_t count = images * (p.height / 2) * (p.width / 2) * p.channels;            \
  for (ptrdiff_t n = 0, first = 0; n < images; n++)                                  \
    for (ptrdiff_t y = 0; y < p.height / 2; y++)                                     \
      for (ptrdiff_t x = 0; x < p.width / 2; x++, first += p.channels) {             \
        ptrdiff_t pixel = ((n * p.height + 2 * y) * p.width + 2 * x) * p.stride;     \
        ptrdiff_t c = 0;                                                             \
        for (; c + LANES <= p.channels; c += LANES) BODY(LANES, LANES, LANES);       \
        if (c == p.channels) continue;                                               \
        int rest = (int)(p.channels - c);                                            \
        ptrdiff_t there = p.stride - c, room = count - first - c;                    \
        if (there >= LANES && room >= LANES)                                         \
          BODY(rest, LANES, LANES);                                                  \
        else if (there >= LANES)                                                     \
          BODY(rest, rest, LANES);                                                   \
        else if (there == LANES / 2 && room >= LANES / 2)                            \
          BODY(rest, LANES / 2, LANES / 2);                                          \
        else                                                                         \
          BODY(rest, rest, (int)there);                                              \
      }

#define POOL(width, kept, stored) \
  pool_window(input + pixel + c, rowStride, p.stride, output + first + c, choices + first + c, kept, stored)
DISPATCHED(vk_max_pool_2x2,
           (const vk_pixels *pixels, const float *restrict input, float *restrict output, uint8_t *restrict choices,
            ptrdiff_t images),
           (pixels, input, output, choices, images)) {
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

#define UNPOOL(width, kept, stored)                                                                                 \
  unpool_window(gradient + first + c, choices + first + c, input + pixel + c, rowStride, p.stride, width, kept, stored)
DISPATCHED(vk_max_pool_2x2_backward,
           (const vk_pixels *pixels, const float *restrict gradient, const uint8_t *restrict choices, float *restrict
            input, ptrdiff_t images),
           (pixels, gradient, choices, input, images)) {
  const vk_pixels p = *pixels;
  clear_rest(p, input, images);
  FOR_EACH_WINDOW(UNPOOL)
}
