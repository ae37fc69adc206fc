#include "VectorKernels.h"
#include "dispatch.h"
#include "exponential.h"

// eˣ − 1 for x ≤ 0, with full relative precision near 0: 2ⁿ (eʳ − 1) + (2ⁿ − 1), with the series of `exponential`.
INLINED float exponential_less_one(float x) {
  const float magic = 12582912.0f;
  x = x < -87.0f ? -87.0f : x;
  float shifted = x * 1.44269504088896341f + magic;
  float n = shifted - magic;
  float r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  float series = 0x1.6a1a72p-10f;
  series = series * r + 0x1.123fc6p-7f;
  series = series * r + 0x1.555916p-5f;
  series = series * r + 0x1.55548ap-3f;
  series = series * r + 0x1.fffffcp-2f;
  float value = series * (r * r) + r;
  int whole, magicBits;
  memcpy(&whole, &shifted, sizeof whole);
  memcpy(&magicBits, &magic, sizeof magicBits);
  unsigned bits = ((unsigned)whole - (unsigned)magicBits + 127u) << 23;
  float power;
  memcpy(&power, &bits, sizeof power);
  return value * power + (power - 1.0f);
}

// ln(1 + x) for 0 ≤ x ≤ 1: 2 (s + s³/3 + s⁵/5 + …) with s = x / (2 + x) ≤ 1/3; the relative error of the truncated series is below 2·10⁻⁹.
INLINED float logarithm_of_one_and(float x) {
  float s = x / (2.0f + x), square = s * s;
  float series = 1.0f / 15;
  series = series * square + 1.0f / 13;
  series = series * square + 1.0f / 11;
  series = series * square + 1.0f / 9;
  series = series * square + 1.0f / 7;
  series = series * square + 1.0f / 5;
  series = series * square + 1.0f / 3;
  return 2.0f * s * (series * square + 1.0f);
}

INLINED float clipped(float x, float low, float high) { return x < low ? low : x > high ? high : x; }

INLINED float hyperbolic_tangent(float x) {
  float e = exponential_less_one(x < 0 ? 2.0f * x : -2.0f * x);
  float value = -e / (2.0f + e);
  return x < 0 ? -value : value;
}

INLINED float softplus(float x) {
  return (x < 0 ? 0.0f : x) + logarithm_of_one_and(exponential(x < 0 ? x : -x));
}

// tanh(ln(1 + eˣ)) = n / (n + 2) with w = eˣ and n = w (w + 2); from x = 20 on it is 1.
INLINED float mish_gate(float x) {
  float w = exponential(x > 20.0f ? 20.0f : x), n = w * (w + 2.0f);
  return n / (n + 2.0f);
}

INLINED float mish_slope(float x) {
  x = x > 20.0f ? 20.0f : x;
  float w = exponential(x), n = w * (w + 2.0f), d = n + 2.0f;
  return n / d + x * (4.0f * w * (1.0f + w) / (d * d));
}

// The exponent of the logistic function in GELU's approximation, √(8/π) (x + 0.044715 x³); at 16 the function is 0 or 1.
INLINED float gelu_exponent(float x) { return 1.5957691216057308f * (x + 0.044715f * x * x * x); }

INLINED float gelu_slope(float x) {
  x = clipped(x, -16.0f, 16.0f);
  float s = logistic(gelu_exponent(x));
  return s + x * (s * (1.0f - s)) * (1.5957691216057308f * (1.0f + 0.134145f * x * x));
}

INLINED float magnitude(float x) { return x < 0 ? -x : x; }

#define EACH(VALUE)                           \
  for (ptrdiff_t i = 0; i < count; i++) {     \
    float x = input[i];                       \
    output[i] = (VALUE);                      \
  }                                           \
  break

DISPATCHED(vk_apply, (const vk_function *function, const float *restrict input, float *restrict output, ptrdiff_t count),
           (function, input, output, count)) {
  const float a = function->a, b = function->b;
  switch (function->kind) {
    case VK_CLIP: EACH(clipped(x, a, b));
    case VK_TANH: EACH(hyperbolic_tangent(x));
    case VK_SIGMOID: EACH(logistic(x));
    case VK_HARD_SIGMOID: EACH(clipped(a * x + b, 0.0f, 1.0f));
    case VK_HARD_SWISH: EACH(x * (clipped(x + 3.0f, 0.0f, 6.0f) * (1.0f / 6)));
    case VK_ELU: EACH(x > 0 ? b * x : b * (a * exponential_less_one(x)));
    case VK_SOFTPLUS: EACH(softplus(x));
    case VK_MISH: EACH(x * mish_gate(x));
    case VK_GELU_TANH: EACH(x * logistic(gelu_exponent(clipped(x, -16.0f, 16.0f))));
    case VK_SWISH: EACH(x * logistic(a * x));
    case VK_SOFTSIGN: EACH(x / (1.0f + magnitude(x)));
  }
}

#undef EACH
#define EACH(SLOPE)                           \
  for (ptrdiff_t i = 0; i < count; i++) {     \
    float x = input[i];                       \
    gradient[i] *= (SLOPE);                   \
  }                                           \
  break

DISPATCHED(vk_apply_backward,
           (const vk_function *function, const float *restrict input, float *restrict gradient, ptrdiff_t count),
           (function, input, gradient, count)) {
  const float a = function->a, b = function->b;
  switch (function->kind) {
    case VK_CLIP: EACH(x > a && x < b ? 1.0f : 0.0f);
    case VK_TANH: EACH((1.0f - hyperbolic_tangent(x)) * (1.0f + hyperbolic_tangent(x)));
    case VK_SIGMOID: EACH(logistic(x) * logistic(-x));
    case VK_HARD_SIGMOID: EACH(a * x + b > 0 && a * x + b < 1.0f ? a : 0.0f);
    case VK_HARD_SWISH: EACH(x <= -3.0f ? 0.0f : x >= 3.0f ? 1.0f : x * (1.0f / 3) + 0.5f);
    case VK_ELU: EACH(x > 0 ? b : b * (a * exponential(x)));
    case VK_SOFTPLUS: EACH(logistic(x));
    case VK_MISH: EACH(mish_slope(x));
    case VK_GELU_TANH: EACH(gelu_slope(x));
    case VK_SWISH: EACH(logistic(a * x) + (a * (logistic(a * x) * logistic(-a * x))) * x);
    case VK_SOFTSIGN: EACH(1.0f / ((1.0f + magnitude(x)) * (1.0f + magnitude(x))));
  }
}
