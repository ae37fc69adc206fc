#include "VectorKernels.h"
#include "dispatch.h"
#include "lanes.h"

// Convolutions without lowering, for few output channels: accumulators stay in registers, 8 or 16 channels in each.
// The images are padded, so every tap is inside; only stride 1 is supported.

INLINED half_lanes load_half(const float *source) {
  half_lanes value;
  memcpy(&value, source, sizeof value);
  return value;
}
INLINED void store_half(float *target, half_lanes value) { memcpy(target, &value, sizeof value); }
INLINED lanes load_full(const float *source) { return load_lanes(source, LANES); }
INLINED void store_full(float *target, lanes value) { store_lanes(target, value, LANES); }

// `count` neighboring output pixels of one row, one vector of channels.
#define DEFINE_FORWARD(NAME, VECTOR, LOAD, STORE, ACTIVATE)                                                         \
  INLINED void NAME##_run(const vk_direct *d, const float *input, const float *weights, vk_epilogue e, float *output, \
                          int count) {                                                                              \
    VECTOR sum[14];                                                                                                 \
    VECTOR bias = e.bias ? LOAD(e.bias) : (VECTOR){0};                                                              \
    for (int p = 0; p < count; p++) sum[p] = bias;                                                                  \
    ptrdiff_t run = d->windowWidth * d->channels;                                                                   \
    for (ptrdiff_t row = 0; row < d->windowHeight; row++, input += d->width * d->channels)                          \
      for (ptrdiff_t i = 0; i < run; i++, weights += d->stride) {                                                   \
        VECTOR w = LOAD(weights);                                                                                   \
        for (int p = 0; p < count; p++) sum[p] += input[p * d->channels + i] * w;                                   \
      }                                                                                                             \
    for (int p = 0; p < count; p++) STORE(output + p * d->stride, ACTIVATE(sum[p], e.slope));                       \
  }                                                                                                                 \
  INLINED void NAME##_rows(const vk_direct *d, const float *input, const float *weights, vk_epilogue e,             \
                           float *output, ptrdiff_t images, int count) {                                            \
    for (ptrdiff_t n = 0; n < images; n++)                                                                          \
      for (ptrdiff_t y = 0; y < d->outputHeight; y++)                                                               \
        for (ptrdiff_t x = 0; x < d->outputWidth; x += count) {                                                     \
          /* The last run of a row begins early enough to be whole. */                                              \
          ptrdiff_t first = x + count <= d->outputWidth ? x : d->outputWidth - count;                               \
          ptrdiff_t from = ((n * d->height + y) * d->width + first) * d->channels;                                  \
          ptrdiff_t to = ((n * d->outputHeight + y) * d->outputWidth + first) * d->stride;                          \
          NAME##_run(d, input + from, weights, e, output + to, count);                                              \
        }                                                                                                           \
  }                                                                                                                 \
  INLINED void NAME(const vk_direct *d, const float *input, const float *weights, vk_epilogue e, float *output,     \
                    ptrdiff_t images) {                                                                             \
    switch (run_length(d->outputWidth)) {                                                                           \
      case 14: NAME##_rows(d, input, weights, e, output, images, 14); break;                                        \
      case 13: NAME##_rows(d, input, weights, e, output, images, 13); break;                                        \
      case 12: NAME##_rows(d, input, weights, e, output, images, 12); break;                                        \
      case 10: NAME##_rows(d, input, weights, e, output, images, 10); break;                                        \
      case 8: NAME##_rows(d, input, weights, e, output, images, 8); break;                                          \
      case 5: NAME##_rows(d, input, weights, e, output, images, 5); break;                                          \
      default: NAME##_rows(d, input, weights, e, output, images, 1); break;                                         \
    }                                                                                                               \
  }

// The compiled run length that computes the fewest excess pixels; the longest of equals.
INLINED int run_length(ptrdiff_t width) {
  static const int lengths[] = {14, 13, 12, 10, 8, 5};
  int best = 1;
  ptrdiff_t least = 1 << 30;
  for (int i = 0; i < 6; i++) {
    ptrdiff_t computed = (width + lengths[i] - 1) / lengths[i] * lengths[i];
    if (lengths[i] <= width && computed < least) {
      least = computed;
      best = lengths[i];
    }
  }
  return best;
}

DEFINE_FORWARD(forward_full, lanes, load_full, store_full, activate)
DEFINE_FORWARD(forward_half, half_lanes, load_half, store_half, activate_half)

DISPATCHED(vk_direct_forward,
           (const vk_direct *direct, const float *restrict input, const float *restrict weights, const vk_epilogue
            *epilogue, float *restrict output, ptrdiff_t images),
           (direct, input, weights, epilogue, output, images)) {
  const vk_direct d = *direct;
  const vk_epilogue e = *epilogue;
  if (d.stride == LANES / 2) {
    forward_half(&d, input, weights, e, output, images);
    return;
  }
  for (ptrdiff_t c = 0; c < d.stride; c += LANES)
    forward_full(&d, input, weights + c, epilogue_from(e, c), output + c, images);
}

// Up to ten taps at a time over all pixels, one vector of channels.
#define DEFINE_WEIGHTS(NAME, VECTOR, LOAD, STORE)                                                                   \
  INLINED void NAME##_taps(const vk_direct *d, const float *input, const float *gradient, float *weights,           \
                           ptrdiff_t images, ptrdiff_t first, int count) {                                          \
    VECTOR sum[10];                                                                                                 \
    ptrdiff_t offset[10];                                                                                           \
    ptrdiff_t run = d->windowWidth * d->channels;                                                                   \
    for (int t = 0; t < count; t++) {                                                                               \
      offset[t] = (first + t) / run * d->width * d->channels + (first + t) % run;                                   \
      sum[t] = LOAD(weights + (first + t) * d->stride);                                                             \
    }                                                                                                               \
    for (ptrdiff_t n = 0; n < images; n++)                                                                          \
      for (ptrdiff_t y = 0; y < d->outputHeight; y++) {                                                             \
        const float *from = input + (n * d->height + y) * d->width * d->channels;                                   \
        const float *g = gradient + (n * d->outputHeight + y) * d->outputWidth * d->stride;                         \
        for (ptrdiff_t x = 0; x < d->outputWidth; x++, from += d->channels, g += d->stride) {                       \
          VECTOR value = LOAD(g);                                                                                   \
          for (int t = 0; t < count; t++) sum[t] += from[offset[t]] * value;                                        \
        }                                                                                                           \
      }                                                                                                             \
    for (int t = 0; t < count; t++) STORE(weights + (first + t) * d->stride, sum[t]);                               \
  }                                                                                                                 \
  INLINED void NAME(const vk_direct *d, const float *input, const float *gradient, float *weights,                  \
                    ptrdiff_t images) {                                                                             \
    ptrdiff_t taps = d->windowHeight * d->windowWidth * d->channels;                                                \
    for (ptrdiff_t first = 0; first < taps;) {                                                                      \
      if (taps - first == 9) {                                                                                      \
        NAME##_taps(d, input, gradient, weights, images, first, 9);                                                 \
        first += 9;                                                                                                 \
      } else if (taps - first >= 10) {                                                                              \
        NAME##_taps(d, input, gradient, weights, images, first, 10);                                                \
        first += 10;                                                                                                \
      } else if (taps - first >= 5) {                                                                               \
        NAME##_taps(d, input, gradient, weights, images, first, 5);                                                 \
        first += 5;                                                                                                 \
      } else {                                                                                                      \
        NAME##_taps(d, input, gradient, weights, images, first, 1);                                                 \
        first += 1;                                                                                                 \
      }                                                                                                             \
    }                                                                                                               \
  }

DEFINE_WEIGHTS(weights_full, lanes, load_full, store_full)
DEFINE_WEIGHTS(weights_half, half_lanes, load_half, store_half)

DISPATCHED(vk_direct_weights,
           (const vk_direct *direct, const float *restrict input, const float *restrict gradient, float *restrict
            accumulated, ptrdiff_t images),
           (direct, input, gradient, accumulated, images)) {
  const vk_direct d = *direct;
  if (d.stride == LANES / 2) {
    weights_half(&d, input, gradient, accumulated, images);
    return;
  }
  for (ptrdiff_t c = 0; c < d.stride; c += LANES) weights_full(&d, input, gradient + c, accumulated + c, images);
}

// Each gradient pixel adds to the rows of its window: `runs` vectors per row, which extend past the row with weight 0. The same pixel of `count`
// images shares every load of a weight; pixels of one image overlap and would wait for each other.
INLINED void data_pixel(const vk_direct *d, const float *gradient, const float *weights, float *image, ptrdiff_t outputs,
                        ptrdiff_t runs, int count) {
  ptrdiff_t imageStride = d->height * d->width * d->channels;
  ptrdiff_t gradientStride = d->outputHeight * d->outputWidth * d->stride;
  ptrdiff_t kernelStride = d->windowHeight * runs * LANES;
  for (ptrdiff_t row = 0; row < d->windowHeight; row++, image += d->width * d->channels)
    for (ptrdiff_t run = 0; run < runs; run++, weights += LANES) {
      lanes sum[4];
      for (int n = 0; n < count; n++) sum[n] = load_full(image + n * imageStride + run * LANES);
      for (ptrdiff_t k = 0; k < outputs; k++) {
        lanes w = load_full(weights + k * kernelStride);
        for (int n = 0; n < count; n++) sum[n] += gradient[n * gradientStride + k] * w;
      }
      for (int n = 0; n < count; n++) store_full(image + n * imageStride + run * LANES, sum[n]);
    }
}

INLINED void data_images(const vk_direct *d, const float *gradient, const float *weights, float *images,
                         ptrdiff_t outputs, int count) {
  ptrdiff_t runs = (d->windowWidth * d->channels + LANES - 1) / LANES;
  for (ptrdiff_t y = 0; y < d->outputHeight; y++)
    for (ptrdiff_t x = 0; x < d->outputWidth; x++, gradient += d->stride)
      data_pixel(d, gradient, weights, images + (y * d->width + x) * d->channels, outputs, runs, count);
}

DISPATCHED(vk_direct_data,
           (const vk_direct *direct, const float *restrict gradient, const float *restrict weights, float *restrict
            accumulated, ptrdiff_t outputs, ptrdiff_t images),
           (direct, gradient, weights, accumulated, outputs, images)) {
  const vk_direct d = *direct;
  ptrdiff_t imageStride = d.height * d.width * d.channels, gradientStride = d.outputHeight * d.outputWidth * d.stride;
  ptrdiff_t runs = (d.windowWidth * d.channels + LANES - 1) / LANES;
  ptrdiff_t n = 0;
  // If images are so small that one extends into the next, process them one by one.
  for (; n + 4 <= images && imageStride >= runs * LANES; n += 4)
    data_images(&d, gradient + n * gradientStride, weights, accumulated + n * imageStride, outputs, 4);
  for (; n < images; n++)
    data_images(&d, gradient + n * gradientStride, weights, accumulated + n * imageStride, outputs, 1);
}
