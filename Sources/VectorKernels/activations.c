#include "VectorKernels.h"
#include "dispatch.h"
#include "exponential.h"

DISPATCHED(vk_leaky_relu, (float *values, float slope, ptrdiff_t count), (values, slope, count)) {
  for (ptrdiff_t i = 0; i < count; i++) {
    float x = values[i];
    values[i] = x > 0 ? x : slope * x;
  }
}

DISPATCHED(vk_leaky_relu_backward,
           (const float *restrict output, float *restrict gradient, float slope, ptrdiff_t count),
           (output, gradient, slope, count)) {
  for (ptrdiff_t i = 0; i < count; i++) gradient[i] = output[i] > 0 ? gradient[i] : slope * gradient[i];
}

DISPATCHED(vk_gelu, (const float *restrict input, float *restrict output, ptrdiff_t count), (input, output, count)) {
  for (ptrdiff_t i = 0; i < count; i++) output[i] = input[i] * normal_distribution(input[i], gaussian(input[i]));
}

DISPATCHED(vk_gelu_backward, (const float *restrict input, float *restrict gradient, ptrdiff_t count),
           (input, gradient, count)) {
  for (ptrdiff_t i = 0; i < count; i++) {
    float x = input[i], density = gaussian(x);
    gradient[i] *= normal_distribution(x, density) + x * (0.39894228040143268f * density);
  }
}

DISPATCHED(vk_silu, (const float *restrict input, float *restrict output, ptrdiff_t count), (input, output, count)) {
  for (ptrdiff_t i = 0; i < count; i++) output[i] = input[i] * logistic(input[i]);
}

DISPATCHED(vk_silu_backward, (const float *restrict input, float *restrict gradient, ptrdiff_t count),
           (input, gradient, count)) {
  for (ptrdiff_t i = 0; i < count; i++) {
    float s = logistic(input[i]);
    gradient[i] *= s * (1.0f + input[i] * (1.0f - s));
  }
}

DISPATCHED(vk_exponentials, (const float *input, float offset, float *output, ptrdiff_t count),
           (input, offset, output, count)) {
  for (ptrdiff_t i = 0; i < count; i++) output[i] = exponential(input[i] - offset);
}
