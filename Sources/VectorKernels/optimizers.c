#include "VectorKernels.h"
#include "dispatch.h"

// Adds the shards of one block pairwise, neighbors first, until one is left: the same tree for any number of threads.
enum { BLOCK = 256, MOST_SHARDS = 64 };

DISPATCHED(vk_sum_shards,
           (const float *restrict gradients, ptrdiff_t stride, ptrdiff_t shards, float *restrict output, ptrdiff_t
            count),
           (gradients, stride, shards, output, count)) {
  float sums[(MOST_SHARDS + 1) / 2][BLOCK];
  for (ptrdiff_t start = 0; start < count; start += BLOCK) {
    ptrdiff_t length = count - start < BLOCK ? count - start : BLOCK;
    const float *block = gradients + start;
    if (shards == 1) {
      for (ptrdiff_t i = 0; i < length; i++) output[start + i] = block[i];
      continue;
    }
    ptrdiff_t left = (shards + 1) / 2;
    for (ptrdiff_t s = 0; s < left; s++) {
      const float *a = block + 2 * s * stride;
      if (2 * s + 1 < shards)
        for (ptrdiff_t i = 0; i < length; i++) sums[s][i] = a[i] + a[stride + i];
      else
        for (ptrdiff_t i = 0; i < length; i++) sums[s][i] = a[i];
    }
    while (left > 1) {
      ptrdiff_t pairs = left / 2;
      for (ptrdiff_t s = 0; s < pairs; s++)
        for (ptrdiff_t i = 0; i < length; i++) sums[s][i] = sums[2 * s][i] + sums[2 * s + 1][i];
      if (left % 2)
        for (ptrdiff_t i = 0; i < length; i++) sums[pairs][i] = sums[left - 1][i];
      left = pairs + left % 2;
    }
    for (ptrdiff_t i = 0; i < length; i++) output[start + i] = sums[0][i];
  }
}

double vk_sum_of_squares(const float *values, ptrdiff_t count) {
  double sums[8] = {0};
  ptrdiff_t i = 0;
  for (; i + 8 <= count; i += 8)
    for (ptrdiff_t lane = 0; lane < 8; lane++) sums[lane] += (double)values[i + lane] * values[i + lane];
  for (; i < count; i++) sums[0] += (double)values[i] * values[i];
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

DISPATCHED(vk_sgd_update,
           (vk_sgd s, float gradientScale, const float *restrict gradient, float *restrict velocity, float *restrict
            parameters, ptrdiff_t count),
           (s, gradientScale, gradient, velocity, parameters, count)) {
  if (s.momentum == 0) {
    for (ptrdiff_t i = 0; i < count; i++)
      parameters[i] -= s.learningRate * (gradient[i] * gradientScale + s.decay * parameters[i]);
    return;
  }
  float kept = s.hasVelocity ? s.momentum : 0.0f;
  for (ptrdiff_t i = 0; i < count; i++) {
    float g = gradient[i] * gradientScale + s.decay * parameters[i];
    float v = kept * velocity[i] + g;
    velocity[i] = v;
    parameters[i] -= s.learningRate * (s.nesterov ? g + s.momentum * v : v);
  }
}

DISPATCHED(vk_adam_update,
           (vk_adam s, float gradientScale, const float *restrict gradient, float *restrict first, float *restrict
            second, float *restrict parameters, ptrdiff_t count),
           (s, gradientScale, gradient, first, second, parameters, count)) {
  float shrink = 1.0f - s.learningRate * s.decoupledDecay;
  float step = s.learningRate / s.correction1;
  float inverseRoot2 = 1.0f / __builtin_elementwise_sqrt(s.correction2);
  for (ptrdiff_t i = 0; i < count; i++) {
    float p = parameters[i] * shrink;
    float g = gradient[i] * gradientScale + s.decay * parameters[i];
    float m = s.beta1 * first[i] + (1.0f - s.beta1) * g;
    float v = s.beta2 * second[i] + (1.0f - s.beta2) * (g * g);
    first[i] = m;
    second[i] = v;
    parameters[i] = p - step * m / (__builtin_elementwise_sqrt(v) * inverseRoot2 + s.epsilon);
  }
}
