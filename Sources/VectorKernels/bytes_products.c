// Products of unsigned bytes by signed bytes, with 32-bit sums: convolutions and dense layers of eight-bit inference.
//
// Weights are packed in panels of 16 columns; four terms of a column lie next to each other, as the instructions for neural networks read them. A
// convolution needs no lowering: a row of its patches is a few runs of a padded image, at the same distances from the first for every row.
#include <string.h>

#include "VectorKernels.h"
#include "bytes.h"
#include "dispatch.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Every function that uses vectors is inlined, so no vector is passed by a calling convention.
#pragma clang diagnostic ignored "-Wpsabi"

#define UNROLLED _Pragma("clang loop unroll(full)")

enum { PANEL = 16, MOST_TILE_ROWS = 12, MOST_TILE_PANELS = 4 };

#if defined(__x86_64__)

int vk_bytes_allows(int form) {
  switch (form) {
    case VK_BYTES_PLAIN: return 1;
    case VK_BYTES_AVX2: return vk_level >= AVX2_FMA;
    case VK_BYTES_AVX_VNNI: return vk_level >= AVX2_FMA && __builtin_cpu_supports("avxvnni");
    case VK_BYTES_AVX512_VNNI: return vk_level >= AVX_512 && __builtin_cpu_supports("avx512vnni");
    default: return 0;
  }
}

#else

int vk_bytes_allows(int form) { return form == VK_BYTES_PLAIN; }

#endif

int vk_bytes_form(void) {
  int form = VK_BYTES_AVX512_VNNI;
  while (!vk_bytes_allows(form)) form--;
  return form;
}

INLINED ptrdiff_t panels_of(ptrdiff_t columns) { return (columns + PANEL - 1) / PANEL; }

ptrdiff_t vk_bytes_packed_count(ptrdiff_t columns, ptrdiff_t segments, ptrdiff_t quads) {
  return panels_of(columns) * segments * quads * 4 * PANEL;
}

void vk_bytes_pack(const int8_t *weights, ptrdiff_t segments, ptrdiff_t terms, ptrdiff_t columns, int8_t *packed) {
  const ptrdiff_t quads = (terms + 3) / 4;
  memset(packed, 0, (size_t)vk_bytes_packed_count(columns, segments, quads));
  for (ptrdiff_t segment = 0; segment < segments; segment++)
    for (ptrdiff_t term = 0; term < terms; term++, weights += columns)
      for (ptrdiff_t column = 0; column < columns; column++) {
        const ptrdiff_t quad = ((column / PANEL) * segments + segment) * quads + term / 4;
        packed[(quad * PANEL + column % PANEL) * 4 + term % 4] = weights[column];
      }
}

// A tile's part of the work: `rows` pointers to rows of A, and the panels from `packed` on, `panelStep` bytes apart. Its sums are
// [row][panel][column].
typedef struct {
  const uint8_t *rows[MOST_TILE_ROWS];
  const int8_t *packed;
  ptrdiff_t panelStep, segments, quads;
  const int32_t *segmentStarts, *start;
} tile;

INLINED void store_sums(const int32_t *sums, int rows, ptrdiff_t columns, ptrdiff_t width, const float *multipliers,
                        int32_t zeroPoint, ptrdiff_t stride, uint8_t *output, float *floats) {
  for (int row = 0; row < rows; row++, sums += width) {
    if (output) {
      uint8_t *to = output + row * stride;
      for (ptrdiff_t c = 0; c < columns; c++) {
        const float value = (float)sums[c] * multipliers[c];
        to[c] = byte_of(value, zeroPoint);
      }
    } else {
      float *to = floats + row * stride;
      for (ptrdiff_t c = 0; c < columns; c++) to[c] = (float)sums[c] * multipliers[c];
    }
  }
}

// Whole panels of bytes: the number of columns is a constant, so the compiler needs no loops for the rest of a vector.
INLINED void store_tile(const int32_t *sums, int rows, int panels, ptrdiff_t columns, const float *multipliers,
                        int32_t zeroPoint, ptrdiff_t stride, uint8_t *output, float *floats) {
  if (output && columns == panels * PANEL)
    store_sums(sums, rows, panels * PANEL, panels * PANEL, multipliers, zeroPoint, stride, output, floats);
  else
    store_sums(sums, rows, columns, panels * PANEL, multipliers, zeroPoint, stride, output, floats);
}

// Runs tiles of as many rows as the registers allow, then of fewer. PASS(R, P) is a function that computes the sums of a tile.
#define MULTIPLY(NAME, TARGET, PANELS, ROWS_OF)                                                                      \
  static TARGET void NAME(const vk_bytes_product *p, const uint8_t *input, const int8_t *packed,                     \
                          const vk_bytes_finish *finish, uint8_t *output, float *floats) {                           \
    const ptrdiff_t panels = panels_of(p->columns), panelStep = p->segments * p->quads * 4 * PANEL;                  \
    for (ptrdiff_t panel = 0; panel < panels;) {                                                                     \
      const int width = (int)(panels - panel < PANELS ? panels - panel : PANELS);                                    \
      const ptrdiff_t column = panel * PANEL;                                                                        \
      const ptrdiff_t columns = p->columns - column < width * PANEL ? p->columns - column : width * PANEL;           \
      tile t = {.packed = packed + panel * panelStep, .panelStep = panelStep, .segments = p->segments,               \
                .quads = p->quads, .segmentStarts = p->segmentStarts, .start = finish->start + column};              \
      for (ptrdiff_t row = 0; row < p->rows;) {                                                                      \
        const int most = ROWS_OF(width);                                                                             \
        const int count = p->rows - row >= most ? most : p->rows - row >= 3 ? 3 : 1;                                 \
        for (int i = 0; i < count; i++) t.rows[i] = input + p->starts[row + i];                                      \
        _Alignas(64) int32_t sums[MOST_TILE_ROWS * MOST_TILE_PANELS * PANEL];                                        \
        NAME##_tile(&t, count, width, sums);                                                                         \
        store_tile(sums, count, width, columns, finish->multipliers + column, finish->zeroPoint, p->outputStride,    \
                   output ? output + row * p->outputStride + column : 0,                                             \
                   output ? 0 : floats + row * p->outputStride + column);                                            \
        row += count;                                                                                                \
      }                                                                                                              \
      panel += width;                                                                                                \
    }                                                                                                                \
  }

// Plain C ----------------------------------------------------------------------------------------------------------

INLINED void multiply_plain_tile(const tile *t, int rows, int panels, int32_t *sums) {
  (void)panels;
  for (int row = 0; row < rows; row++) {
    int32_t *to = sums + row * PANEL;
    for (int c = 0; c < PANEL; c++) to[c] = t->start[c];
    const int8_t *b = t->packed;
    for (ptrdiff_t segment = 0; segment < t->segments; segment++) {
      const uint8_t *a = t->rows[row] + t->segmentStarts[segment];
      for (ptrdiff_t quad = 0; quad < t->quads; quad++, a += 4, b += 4 * PANEL)
        for (int c = 0; c < PANEL; c++)
          to[c] += a[0] * b[4 * c] + a[1] * b[4 * c + 1] + a[2] * b[4 * c + 2] + a[3] * b[4 * c + 3];
    }
  }
}

#define PLAIN_ROWS(panels) 3
#define NO_TARGET __attribute__((noinline))
MULTIPLY(multiply_plain, NO_TARGET, 1, PLAIN_ROWS)

#if defined(__x86_64__)

INLINED int32_t quad_at(const uint8_t *bytes) {
  int32_t quad;
  memcpy(&quad, bytes, sizeof quad);
  return quad;
}

#define TILE_CASE(NAME, R, P) \
  case (P) * 100 + (R): return NAME(t, R, P, sums);

// AVX2 -------------------------------------------------------------------------------------------------------------

// `vpmaddubsw` would saturate, so bytes are widened to 16 bits: `vpmaddwd` adds two products to an exact sum of 32 bits. A vector holds the terms of
// four columns, and each column has two sums until the end.
#pragma clang attribute push(__attribute__((target(V3_INSTRUCTIONS))), apply_to = function)

INLINED void tile_avx2(const tile *t, const int rows, const int panels, int32_t *sums) {
  (void)panels;
  __m256i acc[3][4];
  UNROLLED for (int r = 0; r < rows; r++)
    UNROLLED for (int v = 0; v < 4; v++) acc[r][v] = _mm256_setzero_si256();
  const int8_t *b = t->packed;
  for (ptrdiff_t segment = 0; segment < t->segments; segment++) {
    ptrdiff_t offset = t->segmentStarts[segment];
    for (ptrdiff_t quad = 0; quad < t->quads; quad++, offset += 4, b += 4 * PANEL) {
      __m256i a[3];
      UNROLLED for (int r = 0; r < rows; r++)
        a[r] = _mm256_cvtepu8_epi16(_mm_set1_epi32(quad_at(t->rows[r] + offset)));
      UNROLLED for (int v = 0; v < 4; v++) {
        const __m256i w = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(b + 16 * v)));
        UNROLLED for (int r = 0; r < rows; r++)
          acc[r][v] = _mm256_add_epi32(acc[r][v], _mm256_madd_epi16(a[r], w));
      }
    }
  }
  UNROLLED for (int r = 0; r < rows; r++)
    UNROLLED for (int v = 0; v < 4; v += 2) {
      // Columns 0, 1, 4, 5, 2, 3, 6, 7 of eight.
      const __m256i pairs = _mm256_hadd_epi32(acc[r][v], acc[r][v + 1]);
      const __m256i ordered = _mm256_permute4x64_epi64(pairs, 0xD8);
      const __m256i start = _mm256_loadu_si256((const __m256i *)(t->start + 4 * v));
      _mm256_store_si256((__m256i *)(sums + r * PANEL + 4 * v), _mm256_add_epi32(ordered, start));
    }
}

INLINED void multiply_avx2_tile(const tile *t, int rows, int panels, int32_t *sums) {
  switch (panels * 100 + rows) {
    TILE_CASE(tile_avx2, 1, 1)
    TILE_CASE(tile_avx2, 3, 1)
  }
}

#define AVX2_ROWS(panels) 3
MULTIPLY(multiply_avx2, NO_TARGET, 1, AVX2_ROWS)

#pragma clang attribute pop

// AVX-VNNI ---------------------------------------------------------------------------------------------------------

#pragma clang attribute push(__attribute__((target("avxvnni," V3_INSTRUCTIONS))), apply_to = function)

INLINED void tile_avx_vnni(const tile *t, const int rows, const int panels, int32_t *sums) {
  (void)panels;
  __m256i acc[6][2];
  UNROLLED for (int r = 0; r < rows; r++)
    UNROLLED for (int v = 0; v < 2; v++) acc[r][v] = _mm256_loadu_si256((const __m256i *)(t->start + 8 * v));
  const int8_t *b = t->packed;
  for (ptrdiff_t segment = 0; segment < t->segments; segment++) {
    ptrdiff_t offset = t->segmentStarts[segment];
    for (ptrdiff_t quad = 0; quad < t->quads; quad++, offset += 4, b += 4 * PANEL) {
      const __m256i low = _mm256_loadu_si256((const __m256i *)b), high = _mm256_loadu_si256((const __m256i *)(b + 32));
      UNROLLED for (int r = 0; r < rows; r++) {
        const __m256i a = _mm256_set1_epi32(quad_at(t->rows[r] + offset));
        acc[r][0] = _mm256_dpbusd_avx_epi32(acc[r][0], a, low);
        acc[r][1] = _mm256_dpbusd_avx_epi32(acc[r][1], a, high);
      }
    }
  }
  UNROLLED for (int r = 0; r < rows; r++)
    UNROLLED for (int v = 0; v < 2; v++) _mm256_store_si256((__m256i *)(sums + r * PANEL + 8 * v), acc[r][v]);
}

INLINED void multiply_avx_vnni_tile(const tile *t, int rows, int panels, int32_t *sums) {
  switch (panels * 100 + rows) {
    TILE_CASE(tile_avx_vnni, 1, 1)
    TILE_CASE(tile_avx_vnni, 3, 1)
    TILE_CASE(tile_avx_vnni, 6, 1)
  }
}

#define AVX_VNNI_ROWS(panels) 6
MULTIPLY(multiply_avx_vnni, NO_TARGET, 1, AVX_VNNI_ROWS)

#pragma clang attribute pop

// AVX-512 VNNI -----------------------------------------------------------------------------------------------------

#pragma clang attribute push(__attribute__((target("avx512vnni," V4_INSTRUCTIONS))), apply_to = function)

INLINED void tile_avx512_vnni(const tile *t, const int rows, const int panels, int32_t *sums) {
  __m512i acc[MOST_TILE_ROWS][MOST_TILE_PANELS];
  UNROLLED for (int r = 0; r < rows; r++)
    UNROLLED for (int v = 0; v < panels; v++) acc[r][v] = _mm512_loadu_si512(t->start + PANEL * v);
  const int8_t *b = t->packed;
  for (ptrdiff_t segment = 0; segment < t->segments; segment++) {
    ptrdiff_t offset = t->segmentStarts[segment];
    for (ptrdiff_t quad = 0; quad < t->quads; quad++, offset += 4, b += 4 * PANEL) {
      __m512i w[MOST_TILE_PANELS];
      UNROLLED for (int v = 0; v < panels; v++) w[v] = _mm512_loadu_si512(b + v * t->panelStep);
      UNROLLED for (int r = 0; r < rows; r++) {
        const __m512i a = _mm512_set1_epi32(quad_at(t->rows[r] + offset));
        UNROLLED for (int v = 0; v < panels; v++) acc[r][v] = _mm512_dpbusd_epi32(acc[r][v], a, w[v]);
      }
    }
  }
  UNROLLED for (int r = 0; r < rows; r++)
    UNROLLED for (int v = 0; v < panels; v++) _mm512_store_si512(sums + (r * panels + v) * PANEL, acc[r][v]);
}

INLINED void multiply_avx512_vnni_tile(const tile *t, int rows, int panels, int32_t *sums) {
  switch (panels * 100 + rows) {
    TILE_CASE(tile_avx512_vnni, 1, 1)
    TILE_CASE(tile_avx512_vnni, 3, 1)
    TILE_CASE(tile_avx512_vnni, 12, 1)
    TILE_CASE(tile_avx512_vnni, 1, 2)
    TILE_CASE(tile_avx512_vnni, 3, 2)
    TILE_CASE(tile_avx512_vnni, 10, 2)
    TILE_CASE(tile_avx512_vnni, 1, 3)
    TILE_CASE(tile_avx512_vnni, 3, 3)
    TILE_CASE(tile_avx512_vnni, 8, 3)
    TILE_CASE(tile_avx512_vnni, 1, 4)
    TILE_CASE(tile_avx512_vnni, 3, 4)
    TILE_CASE(tile_avx512_vnni, 6, 4)
  }
}

// 32 registers: the sums, one vector of each panel, and the terms of a row.
#define AVX512_ROWS(panels) ((panels) == 1 ? 12 : (panels) == 2 ? 10 : (panels) == 3 ? 8 : 6)
MULTIPLY(multiply_avx512_vnni, NO_TARGET, 4, AVX512_ROWS)

#pragma clang attribute pop

#endif

void vk_bytes_multiply(int form, const vk_bytes_product *product, const uint8_t *input, const int8_t *packed,
                       const vk_bytes_finish *finish, uint8_t *output, float *floats) {
#if defined(__x86_64__)
  if (form == VK_BYTES_AVX512_VNNI) return multiply_avx512_vnni(product, input, packed, finish, output, floats);
  if (form == VK_BYTES_AVX_VNNI) return multiply_avx_vnni(product, input, packed, finish, output, floats);
  if (form == VK_BYTES_AVX2) return multiply_avx2(product, input, packed, finish, output, floats);
#endif
  (void)form;
  multiply_plain(product, input, packed, finish, output, floats);
}
