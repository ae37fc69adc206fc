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

DISPATCHED(vk_fill, (float *values, float value, ptrdiff_t count), (values, value, count)) {
  for (ptrdiff_t i = 0; i < count; i++) values[i] = value;
}

DISPATCHED(vk_add,
           (const float *restrict input, float *restrict accumulated, ptrdiff_t count),
           (input, accumulated, count)) {
  for (ptrdiff_t i = 0; i < count; i++) accumulated[i] += input[i];
}

DISPATCHED(vk_finish_rows,
           (const vk_epilogue *epilogue, float *restrict values, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride),
           (epilogue, values, rows, columns, stride)) {
  const vk_epilogue e = *epilogue;
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t column = 0; column < columns; column++) {
      float x = values[row * stride + column] + (e.bias ? e.bias[column] : 0.0f);
      values[row * stride + column] = x > 0 ? x : e.slope * x;
    }
}

DISPATCHED(vk_copy_rows,
           (const float *restrict input, ptrdiff_t inputStride, float *restrict output, ptrdiff_t outputStride,
            ptrdiff_t rows, ptrdiff_t columns),
           (input, inputStride, output, outputStride, rows, columns)) {
  for (ptrdiff_t row = 0; row < rows; row++) {
    for (ptrdiff_t column = 0; column < columns; column++)
      output[row * outputStride + column] = input[row * inputStride + column];
    for (ptrdiff_t column = columns; column < outputStride; column++) output[row * outputStride + column] = 0;
  }
}

DISPATCHED(vk_copy_columns,
           (const float *restrict input, ptrdiff_t inputStride, float *restrict output, ptrdiff_t outputStride,
            ptrdiff_t rows, ptrdiff_t columns),
           (input, inputStride, output, outputStride, rows, columns)) {
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t column = 0; column < columns; column++)
      output[row * outputStride + column] = input[row * inputStride + column];
}

// The sums of `width` neighboring columns, at most 32, kept in registers.
enum { BLOCK = 32 };
INLINED void sum_block(const float *restrict values, float *restrict accumulated, ptrdiff_t rows, ptrdiff_t columns,
                       ptrdiff_t width) {
  float sum[BLOCK] = {0};
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t c = 0; c < width; c++) sum[c] += values[row * columns + c];
  for (ptrdiff_t c = 0; c < width; c++) accumulated[c] += sum[c];
}

DISPATCHED(vk_sum_rows,
           (const float *restrict values, float *restrict accumulated, ptrdiff_t rows, ptrdiff_t columns),
           (values, accumulated, rows, columns)) {
  ptrdiff_t c = 0;
  for (; c + BLOCK <= columns; c += BLOCK) sum_block(values + c, accumulated + c, rows, columns, BLOCK);
  if (c < columns) sum_block(values + c, accumulated + c, rows, columns, columns - c);
}
