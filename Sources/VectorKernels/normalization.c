#include "VectorKernels.h"
#include "dispatch.h"

enum { BLOCK = 32 };

// The moments of `width` neighboring channels, at most BLOCK: local sums stay in registers.
//
// A mean summed in Float accumulates many rounding errors of n times its size. The second pass sums the differences from that first guess, which are
// small, and corrects both results.
INLINED void block_moments(const float *restrict input, float *restrict mean, float *restrict squares, ptrdiff_t rows,
                           ptrdiff_t channels, ptrdiff_t width) {
  float weight = 1.0f / (float)rows;
  float guess[BLOCK] = {0}, rest[BLOCK] = {0}, square[BLOCK] = {0};
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t c = 0; c < width; c++) guess[c] += input[row * channels + c];
  for (ptrdiff_t c = 0; c < width; c++) guess[c] *= weight;
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t c = 0; c < width; c++) {
      float centred = input[row * channels + c] - guess[c];
      rest[c] += centred;
      square[c] += centred * centred;
    }
  for (ptrdiff_t c = 0; c < width; c++) {
    float correction = rest[c] * weight;
    float corrected = square[c] - rest[c] * correction;
    mean[c] = guess[c] + correction;
    squares[c] = corrected > 0 ? corrected : 0.0f;
  }
}

DISPATCHED(vk_channel_moments,
           (const float *restrict input, float *restrict mean, float *restrict squares, ptrdiff_t rows, ptrdiff_t
            channels),
           (input, mean, squares, rows, channels)) {
  ptrdiff_t c = 0;
  for (; c + BLOCK <= channels; c += BLOCK) block_moments(input + c, mean + c, squares + c, rows, channels, BLOCK);
  if (c < channels) block_moments(input + c, mean + c, squares + c, rows, channels, channels - c);
}

// Subtract the mean first: within the offset, a mean much larger than the deviation would cancel after rounding.
DISPATCHED(vk_channel_normalize,
           (const float *restrict input, const float *restrict mean, const float *restrict scale, const float *restrict
            offset, float slope, float *restrict output, ptrdiff_t rows, ptrdiff_t channels),
           (input, mean, scale, offset, slope, output, rows, channels)) {
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t c = 0; c < channels; c++) {
      float x = (input[row * channels + c] - mean[c]) * scale[c] + offset[c];
      output[row * channels + c] = x > 0 ? x : slope * x;
    }
}

INLINED void block_gradient_sums(const float *restrict input, const float *restrict gradient,
                                 const float *restrict mean, float *restrict gradientSum, float *restrict productSum,
                                 ptrdiff_t rows, ptrdiff_t channels, ptrdiff_t width) {
  float sum[BLOCK] = {0}, product[BLOCK] = {0}, center[BLOCK] = {0};
  for (ptrdiff_t c = 0; c < width; c++) center[c] = mean[c];
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t c = 0; c < width; c++) {
      float g = gradient[row * channels + c];
      sum[c] += g;
      product[c] += g * (input[row * channels + c] - center[c]);
    }
  for (ptrdiff_t c = 0; c < width; c++) {
    gradientSum[c] += sum[c];
    productSum[c] += product[c];
  }
}

DISPATCHED(vk_channel_gradient_sums,
           (const float *restrict input, const float *restrict gradient, const float *restrict mean, float *restrict
            gradientSum, float *restrict productSum, ptrdiff_t rows, ptrdiff_t channels),
           (input, gradient, mean, gradientSum, productSum, rows, channels)) {
  ptrdiff_t c = 0;
  for (; c + BLOCK <= channels; c += BLOCK)
    block_gradient_sums(input + c, gradient + c, mean + c, gradientSum + c, productSum + c, rows, channels, BLOCK);
  if (c < channels)
    block_gradient_sums(input + c, gradient + c, mean + c, gradientSum + c, productSum + c, rows, channels,
                        channels - c);
}

DISPATCHED(vk_channel_normalization_backward,
           (const float *restrict input, float *restrict gradient, const float *restrict scale, const float *restrict
            mean, const float *restrict inverseDeviation, const float *restrict meanGradient, const float *restrict
            meanProduct, ptrdiff_t rows, ptrdiff_t channels),
           (input, gradient, scale, mean, inverseDeviation, meanGradient, meanProduct, rows, channels)) {
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t c = 0; c < channels; c++) {
      float normalized = (input[row * channels + c] - mean[c]) * inverseDeviation[c];
      float *g = gradient + row * channels + c;
      *g = scale[c] * inverseDeviation[c] * (*g - meanGradient[c] - normalized * meanProduct[c]);
    }
}
