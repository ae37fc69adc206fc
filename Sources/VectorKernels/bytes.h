// Rounding to bytes, which every function of eight-bit inference does in the same way.
#ifndef VECTOR_KERNELS_BYTES_H
#define VECTOR_KERNELS_BYTES_H

#include <stdint.h>

#include "dispatch.h"

// The byte of a value in steps from the zero point: the nearest one, halves to the even neighbor. Adding 1.5 · 2²³ leaves no bits for a fraction.
// The sum and the difference are separate statements, so neither is fused with the product before it. NaN becomes the lowest byte.
INLINED uint8_t byte_of(float value, int32_t zeroPoint) {
  const float low = (float)-zeroPoint, high = (float)(255 - zeroPoint);
  float steps = value > low ? value : low;
  steps = steps < high ? steps : high;
  steps = steps + 12582912.0f;
  steps = steps - 12582912.0f;
  return (uint8_t)((int32_t)steps + zeroPoint);
}

#endif
