// Sixteen floats at once: one AVX-512 register, two of AVX2, four of SSE or NEON.
#ifndef VECTOR_KERNELS_LANES_H
#define VECTOR_KERNELS_LANES_H

#include <string.h>

#include "VectorKernels.h"
#include "dispatch.h"

// Every function here is inlined, so no vector is ever passed by a calling convention.
#pragma clang diagnostic ignored "-Wpsabi"

enum { LANES = 16 };
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef int lanes_mask __attribute__((vector_size(LANES * sizeof(float))));
// Eight lanes, for layers with at most eight channels.
typedef float half_lanes __attribute__((vector_size(LANES / 2 * sizeof(float))));
typedef int half_mask __attribute__((vector_size(LANES / 2 * sizeof(float))));

typedef uint8_t bytes __attribute__((vector_size(LANES)));

INLINED lanes no_lanes(void) { return (lanes){0}; }

// The first `width` floats of `source`, the other lanes 0.
INLINED lanes load_lanes(const float *source, int width) {
  lanes value = {0};
  if (width == LANES)
    memcpy(&value, source, sizeof value);
  else if (width == LANES / 2)
    memcpy(&value, source, sizeof value / 2);
  else
    for (int i = 0; i < width; i++) value[i] = source[i];
  return value;
}

INLINED void store_lanes(float *target, lanes value, int width) {
  if (width == LANES)
    memcpy(target, &value, sizeof value);
  else if (width == LANES / 2)
    memcpy(target, &value, sizeof value / 2);
  else
    for (int i = 0; i < width; i++) target[i] = value[i];
}

INLINED bytes load_bytes(const uint8_t *source, int width) {
  bytes value = {0};
  if (width == LANES)
    memcpy(&value, source, sizeof value);
  else if (width == LANES / 2)
    memcpy(&value, source, sizeof value / 2);
  else
    for (int i = 0; i < width; i++) value[i] = source[i];
  return value;
}

INLINED void store_bytes(uint8_t *target, bytes value, int width) {
  if (width == LANES)
    memcpy(target, &value, sizeof value);
  else if (width == LANES / 2)
    memcpy(target, &value, sizeof value / 2);
  else
    for (int i = 0; i < width; i++) target[i] = value[i];
}

INLINED lanes select_lanes(lanes_mask mask, lanes a, lanes b) {
  return (lanes)(((lanes_mask)a & mask) | ((lanes_mask)b & ~mask));
}

// x where it is above zero, slope · x elsewhere: slope 1 leaves x unchanged, 0 is ReLU; NaN is propagated.
INLINED lanes activate(lanes x, float slope) { return select_lanes((lanes_mask)(x > 0.0f), x, slope * x); }

INLINED half_lanes activate_half(half_lanes x, float slope) {
  half_mask mask = (half_mask)(x > 0.0f);
  return (half_lanes)(((half_mask)x & mask) | ((half_mask)(slope * x) & ~mask));
}

INLINED vk_epilogue epilogue_from(vk_epilogue e, ptrdiff_t channel) {
  if (e.bias) e.bias += channel;
  return e;
}

#endif
