// The portable product for one set of instructions. `products.c` includes this file once for each set, with
//
//   NAMED(name)          the name with the set's suffix
//   WIDTH                floats of a vector
//   MOST_VECTORS         vectors in a row of the widest tile
//   LONGEST_SUM          terms of a sum that are added before the next tile
//   ROWS                 rows of the highest tile of 1, 2, … vectors
//   FOR_EACH_TILE(TILE)  TILE(vectors, rows) for every size of tile
//   LOAD_FIRST(source, count), STORE_FIRST(target, vector, count)   the first `count` floats of a vector
//
// A tile is a block of C that stays in registers during its sums: for each term, a row of B is loaded and multiplied by one element of A for each row
// of the tile.

typedef float NAMED(vector) __attribute__((ext_vector_type(WIDTH)));

INLINED NAMED(vector) NAMED(load)(const float *source) {
  NAMED(vector) value;
  memcpy(&value, source, sizeof value);
  return value;
}

INLINED void NAMED(store)(float *target, NAMED(vector) value) { memcpy(target, &value, sizeof value); }

// All floats of a vector, or the first `count` of a partial vector (`isPart`); a constant wherever these are inlined.
INLINED NAMED(vector) NAMED(load_some)(const float *source, int isPart, int count) {
  return isPart ? LOAD_FIRST(source, count) : NAMED(load)(source);
}

INLINED void NAMED(store_some)(float *target, NAMED(vector) value, int isPart, int count) {
  if (isPart)
    STORE_FIRST(target, value, count);
  else
    NAMED(store)(target, value);
}

// A max pool of four values: the maximum, and its position among them. The first of equal values wins, and NaN is propagated, as in the pools of
// `max_pool_2x2.c`.
INLINED void NAMED(store_greatest)(NAMED(vector) first, NAMED(vector) second, NAMED(vector) third, NAMED(vector) fourth,
                                   float *target, uint8_t *choices, int isPart, int count) {
  typedef int32_t mask __attribute__((ext_vector_type(WIDTH)));
  typedef uint8_t bytes __attribute__((ext_vector_type(WIDTH)));
  const NAMED(vector) others[] = {second, third, fourth};
  NAMED(vector) best = first;
  mask choice = 0;
  UNROLLED for (int i = 0; i < 3; i++) {
    const mask wins = (mask)(others[i] > best) | (mask)(others[i] != others[i]);
    best = wins ? others[i] : best;
    choice = wins ? (mask)(i + 1) : choice;
  }
  NAMED(store_some)(target, best, isPart, count);
  const bytes narrow = __builtin_convertvector(choice, bytes);
  if (isPart)
    store_first_bytes(choices, (const uint8_t *)&narrow, count);
  else
    memcpy(choices, &narrow, sizeof narrow);
}

// One term of all sums. The empty assembly keeps each load in place: otherwise the compiler would collect the loads of several rows and terms, run
// out of registers, and spill the sums.
#define ADD_TERM(ELEMENT)                                                                                       \
  {                                                                                                             \
    __asm__ volatile("" : "+r"(a), "+r"(a4), "+r"(a8), "+r"(a12) : : "memory");                                 \
    NAMED(vector) right[MOST_VECTORS];                                                                          \
    UNROLLED for (int v = 0; v < vectors; v++) right[v] =                                                       \
        NAMED(load_some)(b + v * WIDTH, isCut && v == vectors - 1, last);                                        \
    UNROLLED for (int row = 0; row < rows; row++) {                                                             \
      NAMED(vector) left = (NAMED(vector))(ELEMENT);                                                            \
      UNROLLED for (int v = 0; v < vectors; v++) sum[row][v] =                                                  \
          __builtin_elementwise_fma(left, right[v], sum[row][v]);                                               \
      __asm__ volatile("" : : : "memory");                                                                      \
    }                                                                                                           \
    b += stepB;                                                                                                 \
  }

// Element `term` of the row of A. Four rows share one pointer, so that all addresses fit into registers.
#define ELEMENT_OF_ROW(term) \
  (row < 4 ? a : row < 8 ? a4 : row < 12 ? a8 : a12)[(row % 4 == 3 ? threeSteps : row % 4 * step) + (term)]

// `vectors`, `rows`, `isCut` (the last vector has only `t->last` columns) and `isTransposed` (the elements of A for one term are adjacent) are
// constants wherever this is inlined.
INLINED void NAMED(tile)(const tile *t, int vectors, int rows, int isCut, int isTransposed) {
  NAMED(vector) sum[MOST_ROWS][MOST_VECTORS];
  const int last = t->last;
  const ptrdiff_t stepB = t->stepB;
  UNROLLED for (int row = 0; row < rows; row++)
    UNROLLED for (int v = 0; v < vectors; v++) {
      const float *c = t->c + row * t->rowStepC + v * WIDTH;
      sum[row][v] = t->accumulates ? NAMED(load_some)(c, isCut && v == vectors - 1, last) : (NAMED(vector))(0.0f);
    }
  if (t->isLarge)
    UNROLLED for (int row = 0; row < rows; row++)
      UNROLLED for (int v = 0; v < vectors; v++)
        __builtin_prefetch(t->c + (rows + row) * t->rowStepC + v * WIDTH, 1, 3);

  const float *a = t->a, *b = t->b;
  const ptrdiff_t step = t->stepA;
  const float *a4 = rows > 4 && !isTransposed ? a + 4 * step : a, *a8 = rows > 8 && !isTransposed ? a + 8 * step : a;
  const float *a12 = rows > 12 && !isTransposed ? a + 12 * step : a;
  ptrdiff_t left = t->terms;
  if (isTransposed) {
    for (; left > 0; left--, a += step) ADD_TERM(a[row])
  } else {
    ptrdiff_t threeSteps = 3 * step;
    __asm__("" : "+r"(threeSteps));
    for (; left >= 4; left -= 4, a += 4, a4 += 4, a8 += 4, a12 += 4) {
      ADD_TERM(ELEMENT_OF_ROW(0))
      ADD_TERM(ELEMENT_OF_ROW(1))
      ADD_TERM(ELEMENT_OF_ROW(2))
      ADD_TERM(ELEMENT_OF_ROW(3))
    }
    for (; left > 0; left--, a++, a4++, a8++, a12++) ADD_TERM(ELEMENT_OF_ROW(0))
  }

  UNROLLED for (int v = 0; v < vectors; v++) {
    const int isPart = isCut && v == vectors - 1;
    NAMED(vector) bias = 0.0f;
    if (t->epilogue && t->epilogue->bias) bias = NAMED(load_some)(t->epilogue->bias + t->column + v * WIDTH, isPart, last);
    if (t->epilogue)
      UNROLLED for (int row = 0; row < rows; row++) {
        NAMED(vector) value = sum[row][v] + bias;
        sum[row][v] = value > 0.0f ? value : t->epilogue->slope * value;
      }
    if (rows % 4 == 0 && t->choices) {
      UNROLLED for (int row = 0; row < rows; row += 4) {
        const ptrdiff_t place = row / 4 * t->rowStepC + v * WIDTH;
        NAMED(store_greatest)(sum[row][v], sum[row + 1][v], sum[row + 2][v], sum[row + 3][v], t->c + place,
                              t->choices + place, isPart, last);
      }
    } else {
      UNROLLED for (int row = 0; row < rows; row++)
        NAMED(store_some)(t->c + row * t->rowStepC + v * WIDTH, sum[row][v], isPart, last);
    }
  }
}

// A function for each size: in one function of all sizes, the compiler takes twice as long to assign registers.
#define TILE_NAME(VECTORS, ROWS_OF_TILE) NAMED(tile_##VECTORS##_by_##ROWS_OF_TILE)
#define TILE(VECTORS, ROWS_OF_TILE)                                                                              \
  static __attribute__((noinline)) void TILE_NAME(VECTORS, ROWS_OF_TILE)(const tile *t, int isCut,                \
                                                                         int isTransposed) {                      \
    if (isCut)                                                                                                    \
      isTransposed ? NAMED(tile)(t, VECTORS, ROWS_OF_TILE, 1, 1) : NAMED(tile)(t, VECTORS, ROWS_OF_TILE, 1, 0);   \
    else                                                                                                          \
      isTransposed ? NAMED(tile)(t, VECTORS, ROWS_OF_TILE, 0, 1) : NAMED(tile)(t, VECTORS, ROWS_OF_TILE, 0, 0);   \
  }
FOR_EACH_TILE(TILE)
#undef TILE

#define TILE(VECTORS, ROWS_OF_TILE) \
  case VECTORS * 16 + ROWS_OF_TILE: return TILE_NAME(VECTORS, ROWS_OF_TILE)(t, isCut, isTransposed);

INLINED void NAMED(compute)(const tile *t, int vectors, int rows, int isCut, int isTransposed) {
  switch (vectors * 16 + rows) { FOR_EACH_TILE(TILE) }
}

// The number of vectors in the next panel if `left` remain: two panels of about the same width rather than a wide and a narrow one.
INLINED int NAMED(panel)(ptrdiff_t left) {
  if (left >= 2 * MOST_VECTORS) return MOST_VECTORS;
  return left > MOST_VECTORS ? (int)(left + 1) / 2 : (int)left;
}

// Copies a panel of B to `packed`, `width` floats per term. Missing floats at the end of a row are left uninitialized and never stored.
static void NAMED(pack)(const vk_product *p, ptrdiff_t firstTerm, ptrdiff_t terms, ptrdiff_t firstColumn,
                        ptrdiff_t columns, ptrdiff_t width, float *packed) {
  const float *b = p->b + firstTerm * p->termStepB + firstColumn * p->columnStepB;
  for (ptrdiff_t term = 0; term < terms; term++, b += p->termStepB, packed += width) {
    if (columns == width && p->columnStepB == 1)
      for (ptrdiff_t column = 0; column < width; column += WIDTH)
        NAMED(store)(packed + column, NAMED(load)(b + column));
    else
      for (ptrdiff_t column = 0; column < columns; column++) packed[column] = b[column * p->columnStepB];
  }
}

// The columns of all panels of B, in whole vectors.
static ptrdiff_t NAMED(packed_columns)(ptrdiff_t n) {
  ptrdiff_t columns = 0;
  for (ptrdiff_t left = n; left > 0;) {
    const int vectors = NAMED(panel)((left + WIDTH - 1) / WIDTH);
    columns += vectors * WIDTH;
    left -= vectors * WIDTH;
  }
  return columns;
}

// Copies all panels of B, one after the other.
static void NAMED(pack_all)(const vk_product *p, float *packed) {
  for (ptrdiff_t column = 0; column < p->n;) {
    const ptrdiff_t width = NAMED(panel)((p->n - column + WIDTH - 1) / WIDTH) * WIDTH;
    NAMED(pack)(p, 0, p->k, column, least(width, p->n - column), width, packed);
    packed += width * p->k;
    column += width;
  }
}

// `choices` is null for a product without a pool. A pool turns four rows into one row of C. It computes all terms at once, because C has no place for
// partial sums.
static void NAMED(multiply)(const vk_product *p, const vk_epilogue *epilogue, uint8_t *choices, float *scratch) {
  static const int highest[] = ROWS;
  const int isTransposed = p->termStepA != 1, packs = packs_panels(p), group = choices ? 4 : 1;
  const ptrdiff_t longest = choices ? p->k : LONGEST_SUM;
  for (ptrdiff_t term = 0; term < p->k; term += longest) {
    const ptrdiff_t terms = least(longest, p->k - term);
    for (ptrdiff_t column = 0, columns; column < p->n; column += columns) {
      const int vectors = NAMED(panel)((p->n - column + WIDTH - 1) / WIDTH);
      columns = least(vectors * WIDTH, p->n - column);
      const int isCut = columns < vectors * WIDTH;
      tile t = {.a = p->a + term * p->termStepA,
                .stepA = isTransposed ? p->termStepA : p->rowStepA,
                .b = p->b + term * p->termStepB + column,
                .stepB = p->termStepB,
                .c = p->c + column,
                .choices = choices ? choices + column : 0,
                .rowStepC = p->rowStepC,
                .terms = terms,
                .last = (int)(columns - (vectors - 1) * WIDTH),
                .accumulates = p->accumulates || term > 0,
                .isLarge = packs,
                .epilogue = term + terms == p->k ? epilogue : 0,
                .column = column};
      if (packs) {
        NAMED(pack)(p, term, terms, column, columns, vectors * WIDTH, scratch);
        t.b = scratch;
        t.stepB = vectors * WIDTH;
      } else if (p->isPacked) {
        // All earlier panels are whole vectors wide.
        t.b = p->b + column * p->k + term * vectors * WIDTH;
        t.stepB = vectors * WIDTH;
      }
      // Tiles of about the same height, for the same reason as panels.
      const ptrdiff_t groups = p->m / group, most = highest[vectors - 1] / group, tiles = (groups + most - 1) / most;
      for (ptrdiff_t i = 0; i < tiles; i++) {
        const int count = (int)(groups / tiles + (i < groups % tiles)), rows = count * group;
        NAMED(compute)(&t, vectors, rows, isCut, isTransposed);
        t.a += rows * p->rowStepA;
        t.c += (choices ? count : rows) * p->rowStepC;
        if (choices) t.choices += count * p->rowStepC;
      }
    }
  }
}

#undef ADD_TERM
#undef ELEMENT_OF_ROW
#undef TILE
#undef NAMED
#undef WIDTH
#undef MOST_VECTORS
#undef LONGEST_SUM
#undef ROWS
#undef FOR_EACH_TILE
#undef LOAD_FIRST
#undef STORE_FIRST
