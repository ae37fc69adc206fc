// The exponential function and the activations based on it, without the C library, whose last bits differ between processors and versions.
#ifndef VECTOR_KERNELS_EXPONENTIAL_H
#define VECTOR_KERNELS_EXPONENTIAL_H

#include <math.h>
#include <string.h>

#include "dispatch.h"

// eˣ, within 1.5 units in the last place; 0 below −86.9, next to the denormal numbers, and infinite above 88.7.
//
// With n the integer nearest to x / ln 2 and r = x − n ln 2: eˣ = 2ⁿ eʳ, where |r| < 0.35. The polynomial, a minimax fit of (eʳ − 1 − r) / r², has an
// error below 4·10⁻⁹ of eʳ.
INLINED float exponential(float x) {
  const float magic = 12582912.0f;  // 1.5 · 2²³: adding to it rounds to an integer in the last bits
  float shifted = x * 1.44269504088896341f + magic;
  float n = shifted - magic;
  // ln 2 in two parts, the first so short that its product with n is exact.
  float r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  float series = 0x1.6a1a72p-10f;
  series = series * r + 0x1.123fc6p-7f;
  series = series * r + 0x1.555916p-5f;
  series = series * r + 0x1.55548ap-3f;
  series = series * r + 0x1.fffffcp-2f;
  float value = series * (r * r) + r + 1.0f;
  // 2ⁿ in two factors, because it leaves the range of floats before eˣ does.
  int whole, magicBits;
  memcpy(&whole, &shifted, sizeof whole);
  memcpy(&magicBits, &magic, sizeof magicBits);
  unsigned exponent = (unsigned)whole - (unsigned)magicBits + 126u, bits = exponent << 23;
  float half;
  memcpy(&half, &bits, sizeof half);
  value = value * half * 2.0f;
  value = x < -86.9f ? 0.0f : value;
  return x > 88.7228317f ? INFINITY : value;
}

// e^(−x² / 2), with the relative error of the exponential: the square is computed in two parts, the first exact. The result is 0 from 13.2 on, so
// larger numbers, whose square may be infinite, need no special case.
INLINED float gaussian(float x) {
  x = x > 14.0f ? 14.0f : x < -14.0f ? -14.0f : x;
  unsigned bits;
  memcpy(&bits, &x, sizeof bits);
  bits &= 0xFFFFF000u;
  float head;
  memcpy(&head, &bits, sizeof head);
  float rest = -0.5f * (x - head) * (x + head);
  return exponential(-0.5f * head * head) * (1.0f + rest * (1.0f + rest * (0.5f + rest * (1.0f / 6))));
}

// Φ(x) from `density`, e^(−x² / 2), with full relative precision in the lower tail.
//
// With t = 1 / (1 + 0.3 |x|), Φ(−|x|) = e^(−x² / 2) t p(t), where p is a minimax fit over |x| < 14.5 with a relative error below 4·10⁻⁹; beyond that
// the density is 0.
INLINED float normal_distribution(float x, float density) {
  float magnitude = x < 0 ? -x : x;
  float t = 1.0f / (1.0f + 0.3f * magnitude);
  float series = -0.020623469725251198f;
  series = series * t + 0.11243561655282974f;
  series = series * t - 0.2282136082649231f;
  series = series * t + 0.19178453087806702f;
  series = series * t - 0.07942349463701248f;
  series = series * t + 0.09615683555603027f;
  series = series * t + 0.07838965207338333f;
  series = series * t + 0.11023542284965515f;
  series = series * t + 0.11957181245088577f;
  series = series * t + 0.11968669295310974f;
  float tail = density * t * series;
  // This order propagates NaN.
  return x < 0 ? tail : 1.0f - tail;
}

INLINED float logistic(float x) { return 1.0f / (1.0f + exponential(-x)); }

#endif
