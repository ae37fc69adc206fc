// The layers of eight-bit inference besides products: padding, depthwise convolutions, pools, sums, tables and roundings.
#include <string.h>

#include "VectorKernels.h"
#include "bytes.h"
#include "dispatch.h"

void vk_bytes_pad(const vk_window *w, const uint8_t *input, uint8_t value, uint8_t *padded, ptrdiff_t height,
                  ptrdiff_t width) {
  const size_t row = (size_t)(w->inputWidth * w->channels), wide = (size_t)(width * w->channels);
  const size_t left = (size_t)(w->paddingLeft * w->channels);
  for (ptrdiff_t y = 0; y < height; y++, padded += wide) {
    const ptrdiff_t source = y - w->paddingTop;
    if (source < 0 || source >= w->inputHeight) {
      memset(padded, value, wide);
      continue;
    }
    memset(padded, value, left);
    memcpy(padded + left, input + (size_t)source * row, row);
    memset(padded + left + row, value, wide - left - row);
  }
}

enum { LANES = 32 };

// The products of bytes fit into 16 bits; only their sums need 32.
DISPATCHED(vk_bytes_depthwise,
           (const vk_window *w, const uint8_t *restrict padded, ptrdiff_t width, const int16_t *restrict weights,
            ptrdiff_t stride, const vk_bytes_finish *finish, uint8_t *restrict output),
           (w, padded, width, weights, stride, finish, output)) {
  const ptrdiff_t channels = w->channels;
  for (ptrdiff_t first = 0; first < channels; first += LANES) {
    const ptrdiff_t count = channels - first < LANES ? channels - first : LANES;
    uint8_t *to = output + first;
    for (ptrdiff_t oy = 0; oy < w->outputHeight; oy++)
      for (ptrdiff_t ox = 0; ox < w->outputWidth; ox++, to += channels) {
        int32_t sums[LANES];
        for (int c = 0; c < LANES; c++) sums[c] = finish->start[first + c];
        const int16_t *factors = weights + first;
        for (ptrdiff_t ky = 0; ky < w->windowHeight; ky++) {
          const ptrdiff_t row = oy * w->strideHeight + ky * w->dilationHeight;
          const uint8_t *from = padded + (row * width + ox * w->strideWidth) * channels + first;
          for (ptrdiff_t kx = 0; kx < w->windowWidth; kx++, from += w->dilationWidth * channels, factors += stride)
            for (int c = 0; c < LANES; c++) sums[c] += (int16_t)(from[c] * factors[c]);
        }
        uint8_t bytes[LANES];
        for (int c = 0; c < LANES; c++) {
          const float value = (float)sums[c] * finish->multipliers[first + c];
          bytes[c] = byte_of(value, finish->zeroPoint);
        }
        if (count == LANES)
          memcpy(to, bytes, LANES);
        else
          memcpy(to, bytes, (size_t)count);
      }
  }
}

INLINED ptrdiff_t most(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }
INLINED ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

DISPATCHED(vk_bytes_max_pool,
           (const vk_window *w, const uint8_t *restrict input, uint8_t *restrict output, ptrdiff_t images),
           (w, input, output, images)) {
  const ptrdiff_t channels = w->channels;
  for (ptrdiff_t n = 0; n < images; n++, input += w->inputHeight * w->inputWidth * channels)
    for (ptrdiff_t oy = 0; oy < w->outputHeight; oy++)
      for (ptrdiff_t ox = 0; ox < w->outputWidth; ox++, output += channels) {
        const ptrdiff_t y = oy * w->strideHeight - w->paddingTop, x = ox * w->strideWidth - w->paddingLeft;
        const ptrdiff_t endY = least(y + w->windowHeight, w->inputHeight);
        const ptrdiff_t endX = least(x + w->windowWidth, w->inputWidth);
        for (ptrdiff_t c = 0; c < channels; c++) output[c] = 0;
        for (ptrdiff_t iy = most(y, 0); iy < endY; iy++)
          for (ptrdiff_t ix = most(x, 0); ix < endX; ix++) {
            const uint8_t *from = input + (iy * w->inputWidth + ix) * channels;
            for (ptrdiff_t c = 0; c < channels; c++) output[c] = from[c] > output[c] ? from[c] : output[c];
          }
      }
}

DISPATCHED(vk_bytes_global_average,
           (const uint8_t *restrict input, int32_t inputZeroPoint, float multiplier, int32_t zeroPoint,
            int32_t *restrict sums, uint8_t *restrict output, ptrdiff_t images, ptrdiff_t pixels, ptrdiff_t channels),
           (input, inputZeroPoint, multiplier, zeroPoint, sums, output, images, pixels, channels)) {
  const int32_t start = -inputZeroPoint * (int32_t)pixels;
  for (ptrdiff_t n = 0; n < images; n++, output += channels) {
    for (ptrdiff_t c = 0; c < channels; c++) sums[c] = start;
    for (ptrdiff_t pixel = 0; pixel < pixels; pixel++, input += channels)
      for (ptrdiff_t c = 0; c < channels; c++) sums[c] += input[c];
    for (ptrdiff_t c = 0; c < channels; c++) {
      const float value = (float)sums[c] * multiplier;
      output[c] = byte_of(value, zeroPoint);
    }
  }
}

DISPATCHED(vk_bytes_add,
           (const uint8_t *restrict a, int32_t zeroA, float factorA, const uint8_t *restrict b, int32_t zeroB,
            float factorB, int32_t zeroPoint, uint8_t *restrict output, ptrdiff_t count),
           (a, zeroA, factorA, b, zeroB, factorB, zeroPoint, output, count)) {
  for (ptrdiff_t i = 0; i < count; i++) {
    const float first = (float)(a[i] - zeroA) * factorA;
    const float second = (float)(b[i] - zeroB) * factorB;
    const float sum = first + second;
    output[i] = byte_of(sum, zeroPoint);
  }
}

void vk_bytes_look_up(const uint8_t *table, const uint8_t *input, uint8_t *output, ptrdiff_t rows, ptrdiff_t columns,
                      ptrdiff_t outputStride) {
  for (ptrdiff_t row = 0; row < rows; row++, input += columns, output += outputStride)
    for (ptrdiff_t column = 0; column < columns; column++) output[column] = table[input[column]];
}

DISPATCHED(vk_bytes_quantize,
           (const float *restrict input, float scale, int32_t zeroPoint, uint8_t *restrict output, ptrdiff_t count),
           (input, scale, zeroPoint, output, count)) {
  for (ptrdiff_t i = 0; i < count; i++) {
    const float steps = input[i] / scale;
    output[i] = byte_of(steps, zeroPoint);
  }
}

DISPATCHED(vk_bytes_dequantize,
           (const uint8_t *restrict input, float scale, int32_t zeroPoint, float *restrict output, ptrdiff_t count),
           (input, scale, zeroPoint, output, count)) {
  for (ptrdiff_t i = 0; i < count; i++) output[i] = (float)(input[i] - zeroPoint) * scale;
}
