#include "VectorKernels.h"
#include "dispatch.h"

DISPATCHED void vk_channel_moments(const float *restrict input, float *restrict mean, float *restrict squares,
                                   ptrdiff_t rows, ptrdiff_t channels) {
  float weight = 1.0f / (float)rows;
  for (ptrdiff_t c = 0; c < channels; c++) mean[c] = squares[c] = 0;
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t c = 0; c < channels; c++) mean[c] += input[row * channels + c];
  for (ptrdiff_t c = 0; c < channels; c++) mean[c] *= weight;
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t c = 0; c < channels; c++) {
      float centred = input[row * channels + c] - mean[c];
      squares[c] += centred * centred;
    }
}

DISPATCHED void vk_channel_affine(const float *input, const float *restrict scale, const float *restrict offset,
                                  float *output, ptrdiff_t rows, ptrdiff_t channels) {
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t c = 0; c < channels; c++)
      output[row * channels + c] = input[row * channels + c] * scale[c] + offset[c];
}

DISPATCHED void vk_channel_gradient_sums(const float *restrict input, const float *restrict gradient,
                                         const float *restrict mean, const float *restrict inverseDeviation,
                                         float *restrict gradientSum, float *restrict productSum, ptrdiff_t rows,
                                         ptrdiff_t channels) {
  for (ptrdiff_t c = 0; c < channels; c++) gradientSum[c] = productSum[c] = 0;
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t c = 0; c < channels; c++) {
      float g = gradient[row * channels + c];
      gradientSum[c] += g;
      productSum[c] += g * ((input[row * channels + c] - mean[c]) * inverseDeviation[c]);
    }
}

DISPATCHED void vk_channel_normalization_backward(const float *restrict input, float *restrict gradient,
                                                  const float *restrict scale, const float *restrict mean,
                                                  const float *restrict inverseDeviation,
                                                  const float *restrict meanGradient,
                                                  const float *restrict meanProduct, ptrdiff_t rows,
                                                  ptrdiff_t channels) {
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t c = 0; c < channels; c++) {
      float normalized = (input[row * channels + c] - mean[c]) * inverseDeviation[c];
      float *g = gradient + row * channels + c;
      *g = scale[c] * inverseDeviation[c] * (*g - meanGradient[c] - normalized * meanProduct[c]);
    }
}
