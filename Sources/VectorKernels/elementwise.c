#include "VectorKernels.h"
#include "dispatch.h"

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

uint64_t vk_flush_denormals_to_zero(void) {
#if defined(__SSE__)
  // Bit 15 flushes results, bit 6 reads denormal operands as zero.
  unsigned mode = _mm_getcsr();
  _mm_setcsr(mode | 0x8040);
  return mode;
#elif defined(__aarch64__)
  uint64_t mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  __asm__ volatile("msr fpcr, %0" : : "r"(mode | (1ull << 24)));
  return mode;
#else
  return 0;
#endif
}

void vk_restore_floating_point_mode(uint64_t mode) {
#if defined(__SSE__)
  _mm_setcsr((unsigned)mode);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(mode));
#else
  (void)mode;
#endif
}

void vk_pause(void) {
#if defined(__SSE__)
  _mm_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

DISPATCHED void vk_fill(float *values, float value, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) values[i] = value;
}

DISPATCHED void vk_add(const float *restrict input, float *restrict accumulated, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) accumulated[i] += input[i];
}

DISPATCHED void vk_add_bias(const float *restrict bias, float *restrict values, ptrdiff_t rows, ptrdiff_t columns,
                            ptrdiff_t stride) {
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t column = 0; column < columns; column++) values[row * stride + column] += bias[column];
}

DISPATCHED void vk_sum_rows(const float *restrict values, float *restrict output, ptrdiff_t rows, ptrdiff_t columns) {
  for (ptrdiff_t column = 0; column < columns; column++) output[column] = 0;
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t column = 0; column < columns; column++) output[column] += values[row * columns + column];
}
