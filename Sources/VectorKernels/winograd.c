#include "VectorKernels.h"
#include "dispatch.h"
#include "lanes.h"

// The transforms of F(m × m, 3 × 3), m = 2 or 4 (Lavin and Gray 2015), with a = m + 2:
//
//   U = G w Gᵀ    V = Bᵀ x B    y = Aᵀ (U ∘ V) A
//
// and their adjoints for the backward pass. One-dimensional transforms run along columns, then along rows, of an a × a tile of lanes: 16 channels at
// once.
enum { MOST = 6 };

// Bᵀ d
INLINED void input_transform(int m, const lanes *d, lanes *v) {
  if (m == 2) {
    v[0] = d[0] - d[2];
    v[1] = d[1] + d[2];
    v[2] = d[2] - d[1];
    v[3] = d[1] - d[3];
  } else {
    lanes even = d[4] - 4.0f * d[2], odd = d[3] - 4.0f * d[1];
    lanes outerEven = d[4] - d[2], outerOdd = 2.0f * (d[3] - d[1]);
    v[0] = 4.0f * d[0] - 5.0f * d[2] + d[4];
    v[1] = even + odd;
    v[2] = even - odd;
    v[3] = outerEven + outerOdd;
    v[4] = outerEven - outerOdd;
    v[5] = 4.0f * d[1] - 5.0f * d[3] + d[5];
  }
}

// B v, the adjoint of `input_transform`
INLINED void input_adjoint(int m, const lanes *v, lanes *d) {
  if (m == 2) {
    d[0] = v[0];
    d[1] = v[1] - v[2] + v[3];
    d[2] = v[1] + v[2] - v[0];
    d[3] = -v[3];
  } else {
    lanes inner = v[1] + v[2], innerOdd = v[1] - v[2], outer = v[3] + v[4], outerOdd = v[3] - v[4];
    d[0] = 4.0f * v[0];
    d[1] = 4.0f * v[5] - 4.0f * innerOdd - 2.0f * outerOdd;
    d[2] = -5.0f * v[0] - 4.0f * inner - outer;
    d[3] = innerOdd + 2.0f * outerOdd - 5.0f * v[5];
    d[4] = v[0] + inner + outer;
    d[5] = v[5];
  }
}

// Aᵀ p
INLINED void output_transform(int m, const lanes *p, lanes *y) {
  if (m == 2) {
    y[0] = p[0] + p[1] + p[2];
    y[1] = p[1] - p[2] - p[3];
  } else {
    lanes inner = p[1] + p[2], innerOdd = p[1] - p[2], outer = p[3] + p[4], outerOdd = p[3] - p[4];
    y[0] = p[0] + inner + outer;
    y[1] = innerOdd + 2.0f * outerOdd;
    y[2] = inner + 4.0f * outer;
    y[3] = innerOdd + 8.0f * outerOdd + p[5];
  }
}

// A y, the adjoint of `output_transform`
INLINED void output_adjoint(int m, const lanes *y, lanes *p) {
  if (m == 2) {
    p[0] = y[0];
    p[1] = y[0] + y[1];
    p[2] = y[0] - y[1];
    p[3] = -y[1];
  } else {
    lanes even = y[0] + y[2], odd = y[1] + y[3];
    lanes outerEven = y[0] + 4.0f * y[2], outerOdd = 2.0f * y[1] + 8.0f * y[3];
    p[0] = y[0];
    p[1] = even + odd;
    p[2] = even - odd;
    p[3] = outerEven + outerOdd;
    p[4] = outerEven - outerOdd;
    p[5] = y[3];
  }
}

// G w
INLINED void weight_transform(int m, const lanes *w, lanes *u) {
  if (m == 2) {
    lanes half = 0.5f * (w[0] + w[2]);
    u[0] = w[0];
    u[1] = half + 0.5f * w[1];
    u[2] = half - 0.5f * w[1];
    u[3] = w[2];
  } else {
    lanes sum = (-1.0f / 6) * (w[0] + w[2]), middle = (1.0f / 6) * w[1];
    lanes outer = (1.0f / 24) * w[0] + (1.0f / 6) * w[2], outerMiddle = (1.0f / 12) * w[1];
    u[0] = 0.25f * w[0];
    u[1] = sum - middle;
    u[2] = sum + middle;
    u[3] = outer + outerMiddle;
    u[4] = outer - outerMiddle;
    u[5] = w[2];
  }
}

// Gᵀ u, the adjoint of `weight_transform`
INLINED void weight_adjoint(int m, const lanes *u, lanes *w) {
  if (m == 2) {
    lanes half = 0.5f * (u[1] + u[2]);
    w[0] = u[0] + half;
    w[1] = 0.5f * (u[1] - u[2]);
    w[2] = half + u[3];
  } else {
    lanes inner = (-1.0f / 6) * (u[1] + u[2]), outer = u[3] + u[4];
    w[0] = 0.25f * u[0] + inner + (1.0f / 24) * outer;
    w[1] = (1.0f / 6) * (u[2] - u[1]) + (1.0f / 12) * (u[3] - u[4]);
    w[2] = inner + (1.0f / 6) * outer + u[5];
  }
}

// Weights -----------------------------------------------------------------------------------------------------------

INLINED void weights_block(int m, const float *weights, float *planes, ptrdiff_t count, ptrdiff_t plane, int width) {
  lanes middle[MOST][3];
  for (int column = 0; column < 3; column++) {
    lanes w[3], u[MOST];
    for (int row = 0; row < 3; row++) w[row] = load_lanes(weights + (row * 3 + column) * count, width);
    weight_transform(m, w, u);
    for (int row = 0; row < m + 2; row++) middle[row][column] = u[row];
  }
  for (int row = 0; row < m + 2; row++) {
    lanes u[MOST];
    weight_transform(m, middle[row], u);
    for (int column = 0; column < m + 2; column++)
      store_lanes(planes + (row * (m + 2) + column) * plane, u[column], width);
  }
}

INLINED void weights_all(int m, const float *weights, float *planes, ptrdiff_t count, ptrdiff_t plane) {
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) weights_block(m, weights + i, planes + i, count, plane, LANES);
  if (i < count) weights_block(m, weights + i, planes + i, count, plane, (int)(count - i));
}

DISPATCHED(vk_winograd_weights,
           (int m, const float *restrict weights, float *restrict planes, ptrdiff_t count, ptrdiff_t plane),
           (m, weights, planes, count, plane)) {
  if (m == 2)
    weights_all(2, weights, planes, count, plane);
  else
    weights_all(4, weights, planes, count, plane);
}

INLINED void weights_adjoint_block(int m, const float *planes, float *weights, ptrdiff_t tap, ptrdiff_t plane,
                                   int width) {
  lanes middle[3][MOST];
  for (int column = 0; column < m + 2; column++) {
    lanes u[MOST], w[3];
    for (int row = 0; row < m + 2; row++) u[row] = load_lanes(planes + (row * (m + 2) + column) * plane, width);
    weight_adjoint(m, u, w);
    for (int row = 0; row < 3; row++) middle[row][column] = w[row];
  }
  for (int row = 0; row < 3; row++) {
    lanes w[3];
    weight_adjoint(m, middle[row], w);
    for (int column = 0; column < 3; column++) store_lanes(weights + (row * 3 + column) * tap, w[column], width);
  }
}

INLINED void weights_adjoint_all(int m, const float *planes, float *weights, ptrdiff_t count, ptrdiff_t tap,
                                 ptrdiff_t plane) {
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) weights_adjoint_block(m, planes + i, weights + i, tap, plane, LANES);
  if (i < count) weights_adjoint_block(m, planes + i, weights + i, tap, plane, (int)(count - i));
}

DISPATCHED(vk_winograd_weights_adjoint,
           (int m, const float *restrict planes, float *restrict weights, ptrdiff_t count, ptrdiff_t tap,
            ptrdiff_t plane),
           (m, planes, weights, count, tap, plane)) {
  if (m == 2)
    weights_adjoint_all(2, planes, weights, count, tap, plane);
  else
    weights_adjoint_all(4, planes, weights, count, tap, plane);
}

// Tiles -------------------------------------------------------------------------------------------------------------

// The position of a tile's first pixel in its image. Below, `isWhole` means that all of its pixels are inside, and `width` is the number of lanes
// that are channels; both are constants wherever that is faster.
typedef struct {
  const vk_tiles *tiles;
  ptrdiff_t row, column;
} place;

// One comparison each: a negative position becomes a huge unsigned number.
INLINED int has_row(place p, int row) { return (size_t)(p.row + row) < (size_t)p.tiles->height; }
INLINED int has_column(place p, int column) { return (size_t)(p.column + column) < (size_t)p.tiles->width; }

INLINED ptrdiff_t pixel_offset(place p, int row, int column) {
  return ((p.row + row) * p.tiles->width + p.column + column) * p.tiles->stride;
}

INLINED void input_tile(int m, place p, const float *image, float *planes, int isWhole, int width) {
  lanes middle[MOST][MOST];
  for (int column = 0; column < m + 2; column++) {
    lanes d[MOST], v[MOST];
    int isColumn = isWhole || has_column(p, column);
    for (int row = 0; row < m + 2; row++)
      d[row] = isWhole || (isColumn && has_row(p, row)) ? load_lanes(image + pixel_offset(p, row, column), width)
                                                       : no_lanes();
    input_transform(m, d, v);
    for (int row = 0; row < m + 2; row++) middle[row][column] = v[row];
  }
  for (int row = 0; row < m + 2; row++) {
    lanes v[MOST];
    input_transform(m, middle[row], v);
    for (int column = 0; column < m + 2; column++)
      store_lanes(planes + (row * (m + 2) + column) * p.tiles->plane, v[column], width);
  }
}

INLINED void input_adjoint_tile(int m, place p, const float *planes, float *image, int isWhole, int width) {
  lanes middle[MOST][MOST];
  for (int column = 0; column < m + 2; column++) {
    lanes v[MOST], d[MOST];
    for (int row = 0; row < m + 2; row++)
      v[row] = load_lanes(planes + (row * (m + 2) + column) * p.tiles->plane, width);
    input_adjoint(m, v, d);
    for (int row = 0; row < m + 2; row++) middle[row][column] = d[row];
  }
  for (int row = 0; row < m + 2; row++) {
    if (!isWhole && !has_row(p, row)) continue;
    lanes d[MOST];
    input_adjoint(m, middle[row], d);
    for (int column = 0; column < m + 2; column++)
      if (isWhole || has_column(p, column)) {
        float *pixel = image + pixel_offset(p, row, column);
        store_lanes(pixel, load_lanes(pixel, width) + d[column], width);
      }
  }
}

INLINED void output_tile(int m, place p, const float *planes, vk_epilogue e, float *image, int isWhole, int width) {
  lanes middle[4][MOST];
  lanes bias = e.bias ? load_lanes(e.bias, width) : no_lanes();
  for (int column = 0; column < m + 2; column++) {
    lanes v[MOST], y[4];
    for (int row = 0; row < m + 2; row++)
      v[row] = load_lanes(planes + (row * (m + 2) + column) * p.tiles->plane, width);
    output_transform(m, v, y);
    for (int row = 0; row < m; row++) middle[row][column] = y[row];
  }
  for (int row = 0; row < m; row++) {
    if (!isWhole && !has_row(p, row)) continue;
    lanes y[4];
    output_transform(m, middle[row], y);
    for (int column = 0; column < m; column++)
      if (isWhole || has_column(p, column))
        store_lanes(image + pixel_offset(p, row, column), activate(y[column] + bias, e.slope), width);
  }
}

INLINED void output_adjoint_tile(int m, place p, const float *image, float *planes, int isWhole, int width) {
  lanes middle[MOST][4];
  for (int column = 0; column < m; column++) {
    lanes y[4], v[MOST];
    int isColumn = isWhole || has_column(p, column);
    for (int row = 0; row < m; row++)
      y[row] = isWhole || (isColumn && has_row(p, row)) ? load_lanes(image + pixel_offset(p, row, column), width)
                                                       : no_lanes();
    output_adjoint(m, y, v);
    for (int row = 0; row < m + 2; row++) middle[row][column] = v[row];
  }
  for (int row = 0; row < m + 2; row++) {
    lanes v[MOST];
    output_adjoint(m, middle[row], v);
    for (int column = 0; column < m + 2; column++)
      store_lanes(planes + (row * (m + 2) + column) * p.tiles->plane, v[column], width);
  }
}

// Calls BODY(m, isWhole, width) for each tile and each 16 of its channels, with the tile's `place`, the offset of its image's first pixel and the
// offset of its row in a plane.
#define FOR_EACH_TILE(m, size, BODY)                                                                        \
  for (ptrdiff_t n = 0, tile = 0; n < images; n++)                                                          \
    for (ptrdiff_t y = 0; y < tiles.rows; y++)                                                              \
      for (ptrdiff_t x = 0; x < tiles.columns; x++, tile++) {                                               \
        const place p = {&tiles, tiles.firstRow + y * (m), tiles.firstColumn + x * (m)};                    \
        int isWhole = has_row(p, 0) && has_column(p, 0) && has_row(p, (size)-1) && has_column(p, (size)-1); \
        ptrdiff_t pixels = n * tiles.height * tiles.width * tiles.stride;                                   \
        ptrdiff_t offset = tile * tiles.channels;                                                           \
        ptrdiff_t c = 0;                                                                                    \
        for (; c + LANES <= tiles.channels; c += LANES)                                                     \
          if (isWhole)                                                                                      \
            BODY(m, 1, LANES);                                                                              \
          else                                                                                              \
            BODY(m, 0, LANES);                                                                              \
        if (c < tiles.channels) BODY(m, 0, (int)(tiles.channels - c));                                      \
      }

#define INPUT(m, isWhole, width) input_tile(m, p, input + pixels + c, planes + offset + c, isWhole, width)
DISPATCHED(vk_winograd_input,
           (int m, const vk_tiles *t, const float *restrict input, float *restrict planes, ptrdiff_t images),
           (m, t, input, planes, images)) {
  const vk_tiles tiles = *t;
  if (m == 2) {
    FOR_EACH_TILE(2, 4, INPUT)
  } else {
    FOR_EACH_TILE(4, 6, INPUT)
  }
}

#define INPUT_ADJOINT(m, isWhole, width) \
  input_adjoint_tile(m, p, planes + offset + c, accumulated + pixels + c, isWhole, width)
DISPATCHED(vk_winograd_input_adjoint,
           (int m, const vk_tiles *t, const float *restrict planes, float *restrict accumulated, ptrdiff_t images),
           (m, t, planes, accumulated, images)) {
  const vk_tiles tiles = *t;
  if (m == 2) {
    FOR_EACH_TILE(2, 4, INPUT_ADJOINT)
  } else {
    FOR_EACH_TILE(4, 6, INPUT_ADJOINT)
  }
}

#define OUTPUT(m, isWhole, width) \
  output_tile(m, p, planes + offset + c, epilogue_from(e, c), output + pixels + c, isWhole, width)
DISPATCHED(vk_winograd_output,
           (int m, const vk_tiles *t, const float *restrict planes, const vk_epilogue *epilogue, float *restrict output,
            ptrdiff_t images),
           (m, t, planes, epilogue, output, images)) {
  const vk_tiles tiles = *t;
  const vk_epilogue e = *epilogue;
  if (m == 2) {
    FOR_EACH_TILE(2, 2, OUTPUT)
  } else {
    FOR_EACH_TILE(4, 4, OUTPUT)
  }
}

#define OUTPUT_ADJOINT(m, isWhole, width) \
  output_adjoint_tile(m, p, gradient + pixels + c, planes + offset + c, isWhole, width)
DISPATCHED(vk_winograd_output_adjoint,
           (int m, const vk_tiles *t, const float *restrict gradient, float *restrict planes, ptrdiff_t images),
           (m, t, gradient, planes, images)) {
  const vk_tiles tiles = *t;
  if (m == 2) {
    FOR_EACH_TILE(2, 2, OUTPUT_ADJOINT)
  } else {
    FOR_EACH_TILE(4, 4, OUTPUT_ADJOINT)
  }
}
