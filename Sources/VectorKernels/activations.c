#include <math.h>

#include "VectorKernels.h"
#include "dispatch.h"

DISPATCHED void vk_leaky_relu(float *values, float slope, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) {
    float x = values[i];
    values[i] = x > 0 ? x : slope * x;
  }
}

DISPATCHED void vk_leaky_relu_backward(const float *restrict output, float *restrict gradient, float slope,
                                       ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) gradient[i] = output[i] > 0 ? gradient[i] : slope * gradient[i];
}

// Φ(x) = erfc(−x / √2) / 2 keeps its relative precision in the lower tail.
static float normal_distribution(float x) { return 0.5f * erfcf(-x * 0.70710678118654752f); }
static float normal_density(float x) { return 0.39894228040143268f * expf(-0.5f * x * x); }
static float logistic(float x) { return 1.0f / (1.0f + expf(-x)); }

void vk_gelu(const float *input, float *output, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) output[i] = input[i] * normal_distribution(input[i]);
}

void vk_gelu_backward(const float *input, float *gradient, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++)
    gradient[i] *= normal_distribution(input[i]) + input[i] * normal_density(input[i]);
}

void vk_silu(const float *input, float *output, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) output[i] = input[i] * logistic(input[i]);
}

void vk_silu_backward(const float *input, float *gradient, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) {
    float s = logistic(input[i]);
    gradient[i] *= s * (1.0f + input[i] * (1.0f - s));
  }
}
