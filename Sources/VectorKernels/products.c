// Matrix products that give the same bits on every processor with fused multiply-add.
//
// An element of C is one chain of fused multiply-adds over the terms, in order, that starts with 0 or with the value of C. Vectors run along the
// columns of C, so their width does not affect the result. On a processor without the instruction the C library computes it, slowly but with the same
// bits.
#include <string.h>

#include "VectorKernels.h"
#include "dispatch.h"

// Every function that uses vectors is inlined, so no vector is passed by a calling convention.
#pragma clang diagnostic ignored "-Wpsabi"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { MOST_ROWS = 14 };

// What a tile needs to know besides its size. `stepA` leads to the next row of A, or if A is transposed to the next term; `last` is the number of
// columns in the last vector; `column` is the index of the first.
typedef struct {
  const float *a, *b;
  float *c;
  uint8_t *choices;  // null without a pool
  ptrdiff_t stepA, stepB, rowStepC, terms, column;
  int last, accumulates, isLarge;
  const vk_epilogue *epilogue;  // null until the last terms
} tile;

#define UNROLLED _Pragma("clang loop unroll(full)")

INLINED ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

// Stores up to 15 bytes in few moves.
INLINED void store_first_bytes(uint8_t *target, const uint8_t *source, int count) {
  UNROLLED for (int size = 8; size > 0; size /= 2) {
    if (!(count & size)) continue;
    memcpy(target, source, size);
    target += size;
    source += size;
  }
}

// Whether panels of B are first copied to scratch memory: if columns are not adjacent, or if rows are so far apart that they would evict each other
// from the cache, and enough rows of A share the cost.
static int packs_panels(const vk_product *p) {
  if (p->isPacked) return 0;
  return p->columnStepB != 1 || (p->termStepB >= 256 && p->m > 96 && p->k >= 128);
}

#define ROWS_TO_4(T, V) T(V, 1) T(V, 2) T(V, 3) T(V, 4)
#define ROWS_TO_6(T, V) ROWS_TO_4(T, V) T(V, 5) T(V, 6)
#define ROWS_TO_8(T, V) ROWS_TO_6(T, V) T(V, 7) T(V, 8)
#define ROWS_TO_12(T, V) ROWS_TO_8(T, V) T(V, 9) T(V, 10) T(V, 11) T(V, 12)
#define ROWS_TO_14(T, V) ROWS_TO_12(T, V) T(V, 13) T(V, 14)

// The tile sizes leave registers for a row of B and an element of A: 32 registers, or 16 with AVX2.

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target(V4_INSTRUCTIONS))), apply_to = function)
#define NAMED(name) name##_v4
#define WIDTH 16
#define MOST_VECTORS 4
#define LONGEST_SUM 512
#define ROWS {14, 12, 8, 6}
#define FOR_EACH_TILE(T) ROWS_TO_14(T, 1) ROWS_TO_12(T, 2) ROWS_TO_8(T, 3) ROWS_TO_6(T, 4)
#define FIRST(count) ((__mmask16)((1u << (count)) - 1))
#define LOAD_FIRST(source, count) ((vector_v4)_mm512_maskz_loadu_ps(FIRST(count), source))
#define STORE_FIRST(target, value, count) _mm512_mask_storeu_ps(target, FIRST(count), (__m512)(value))
#include "products_tile.h"
#undef FIRST
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target(V3_INSTRUCTIONS))), apply_to = function)
INLINED __m256i first_lanes(int count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
#define NAMED(name) name##_v3
#define WIDTH 8
#define MOST_VECTORS 3
#define LONGEST_SUM 512
#define ROWS {12, 6, 4}
#define FOR_EACH_TILE(T) ROWS_TO_12(T, 1) ROWS_TO_6(T, 2) ROWS_TO_4(T, 3)
#define LOAD_FIRST(source, count) ((vector_v3)_mm256_maskload_ps(source, first_lanes(count)))
#define STORE_FIRST(target, value, count) _mm256_maskstore_ps(target, first_lanes(count), (__m256)(value))
#include "products_tile.h"
#pragma clang attribute pop

#endif

// For all other processors: four floats, one register of NEON.
INLINED void copy_first(float *target, const float *source, int count) {
  for (int i = 0; i < count; i++) target[i] = source[i];
}
typedef float four __attribute__((ext_vector_type(4)));
INLINED four load_first_four(const float *source, int count) {
  float values[4] = {0};
  copy_first(values, source, count);
  four value;
  memcpy(&value, values, sizeof value);
  return value;
}
INLINED void store_first_four(float *target, four value, int count) {
  float values[4];
  memcpy(values, &value, sizeof values);
  copy_first(target, values, count);
}
#define NAMED(name) name##_plain
#define WIDTH 4
#define LONGEST_SUM 512
#if defined(__aarch64__)
#define MOST_VECTORS 4
#define ROWS {14, 12, 8, 6}
#define FOR_EACH_TILE(T) ROWS_TO_14(T, 1) ROWS_TO_12(T, 2) ROWS_TO_8(T, 3) ROWS_TO_6(T, 4)
#else
#define MOST_VECTORS 1
#define ROWS {4}
#define FOR_EACH_TILE(T) ROWS_TO_4(T, 1)
#endif
#define LOAD_FIRST(source, count) load_first_four(source, count)
#define STORE_FIRST(target, value, count) store_first_four(target, value, count)
#include "products_tile.h"

// The widest panel of all levels, and a cache line to align it.
enum { SCRATCH_COUNT = 512 * 64 + 16 };

ptrdiff_t vk_product_scratch(const vk_product *product) { return packs_panels(product) ? SCRATCH_COUNT : 0; }

static void multiply(int level, const vk_product *product, const vk_epilogue *epilogue, uint8_t *choices,
                     float *scratch) {
  // Vectors of the panels are read repeatedly, so they must not straddle cache lines.
  float *aligned = (float *)(((uintptr_t)scratch + 63) / 64 * 64);
#if defined(__x86_64__)
  if (level == AVX_512) return multiply_v4(product, epilogue, choices, aligned);
  if (level == AVX2_FMA) return multiply_v3(product, epilogue, choices, aligned);
#endif
  (void)level;
  multiply_plain(product, epilogue, choices, aligned);
}

ptrdiff_t vk_packed_count(int level, ptrdiff_t n, ptrdiff_t k) {
  (void)level;
#if defined(__x86_64__)
  if (level == AVX_512) return packed_columns_v4(n) * k;
  if (level == AVX2_FMA) return packed_columns_v3(n) * k;
#endif
  return packed_columns_plain(n) * k;
}

void vk_pack(int level, const vk_product *product, float *packed) {
  (void)level;
#if defined(__x86_64__)
  if (level == AVX_512) return pack_all_v4(product, packed);
  if (level == AVX2_FMA) return pack_all_v3(product, packed);
#endif
  pack_all_plain(product, packed);
}

void vk_multiply(int level, const vk_product *product, const vk_epilogue *epilogue, float *scratch) {
  multiply(level, product, epilogue, 0, scratch);
}

void vk_multiply_and_pool(int level, const vk_product *product, const vk_epilogue *epilogue, uint8_t *choices) {
  multiply(level, product, epilogue, choices, 0);
}
