// Runs every kernel on separate inputs and prints a hash of its output, one line per kernel. The lines must be the same on every processor
// with fused multiply-add.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "VectorKernels.h"

enum { MOST = 1 << 16 };
static float a[MOST], b[MOST], c[MOST], d[MOST], e[MOST];
static uint8_t choices[MOST];

// Numbers from −1 to 1 that are not small enough to become denormal in any kernel.
static void fill(float *values, uint32_t seed) {
  for (int i = 0; i < MOST; i++) {
    seed = seed * 1664525u + 1013904223u;
    int number = (int)(seed >> 8) - (1 << 23);
    values[i] = (float)(number == 0 ? 1 : number) / (1 << 23);
  }
}

static void begin(void) {
  fill(a, 1);
  fill(b, 2);
  fill(c, 3);
  fill(d, 4);
  fill(e, 5);
  memset(choices, 0, sizeof choices);
}

static uint64_t hash(uint64_t hash, const void *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) hash = (hash ^ ((const uint8_t *)bytes)[i]) * 1099511628211u;
  return hash;
}

static void end(const char *name) {
  uint64_t h = 14695981039346656037u;
  h = hash(h, b, sizeof b);
  h = hash(h, c, sizeof c);
  h = hash(h, d, sizeof d);
  h = hash(h, e, sizeof e);
  h = hash(h, choices, sizeof choices);
  printf("%s %016llx\n", name, (unsigned long long)h);
}

#define RUN(NAME, ...)  \
  do {                  \
    begin();            \
    __VA_ARGS__;        \
    end(NAME);          \
  } while (0)

static void products(void) {
  static const ptrdiff_t sizes[][3] = {{1, 1, 1}, {5, 17, 9}, {13, 70, 33}, {48, 64, 100}, {29, 10, 64}, {100, 260, 130}};
  float *scratch = malloc(sizeof(float) * (1 << 16));
  for (int i = 0; i < 6; i++)
    for (int variant = 0; variant < 8; variant++) {
      const ptrdiff_t m = sizes[i][0], n = sizes[i][1], k = sizes[i][2];
      const int transposesA = variant & 1, transposesB = variant & 2, accumulates = variant & 4;
      vk_product product = {.m = m, .n = n, .k = k, .a = a, .rowStepA = transposesA ? 1 : k, .termStepA = transposesA ? m : 1,
                            .b = e, .termStepB = transposesB ? 1 : n, .columnStepB = transposesB ? k : 1, .c = c,
                            .rowStepC = n, .accumulates = accumulates != 0};
      const vk_epilogue epilogue = {d, 0.25f};
      char name[32];
      snprintf(name, sizeof name, "product-%d-%d", i, variant);
      RUN(name, vk_multiply(vk_vector_level(), &product, i % 2 ? &epilogue : 0, scratch));
      if (transposesA || vk_packed_count(vk_vector_level(), n, k) > 1 << 16) continue;
      vk_pack(vk_vector_level(), &product, scratch);
      product.b = scratch;
      product.isPacked = 1;
      snprintf(name, sizeof name, "product-packed-%d-%d", i, variant);
      RUN(name, vk_multiply(vk_vector_level(), &product, i % 2 ? &epilogue : 0, 0));
    }
  static const ptrdiff_t pooled[][3] = {{4, 1, 1}, {8, 17, 9}, {12, 70, 33}, {96, 64, 576}, {28, 10, 64}};
  for (int i = 0; i < 5; i++) {
    const ptrdiff_t m = pooled[i][0], n = pooled[i][1], k = pooled[i][2];
    vk_product product = {.m = m, .n = n, .k = k, .a = a, .rowStepA = k, .termStepA = 1, .b = e, .termStepB = n,
                          .columnStepB = 1, .c = c, .rowStepC = n + i};
    const vk_epilogue epilogue = {d, 0.0f};
    char name[32];
    snprintf(name, sizeof name, "product-pooled-%d", i);
    RUN(name, vk_multiply_and_pool(vk_vector_level(), &product, i % 2 ? &epilogue : 0, choices));
  }
  free(scratch);
}

static void convolutions(void) {
  static const ptrdiff_t channels[] = {3, 16, 20, 32};
  for (int i = 0; i < 4; i++)
    for (int m = 2; m <= 4; m += 2) {
      vk_tiles tiles = {.height = 9, .width = 11, .channels = channels[i], .stride = channels[i], .firstRow = -1,
                        .firstColumn = -1, .rows = (9 + m - 1) / m, .columns = (11 + m - 1) / m};
      tiles.plane = tiles.rows * tiles.columns * tiles.channels;
      const vk_epilogue epilogue = {d, 0.0f};
      char name[48];
#define NAMED(KERNEL) (snprintf(name, sizeof name, KERNEL "-%d-%d", (int)channels[i], m), name)
      RUN(NAMED("winograd-input"), vk_winograd_input(m, &tiles, a, b, 1));
      RUN(NAMED("winograd-input-adjoint"), vk_winograd_input_adjoint(m, &tiles, a, b, 1));
      tiles.firstRow = tiles.firstColumn = 0;
      RUN(NAMED("winograd-output"), vk_winograd_output(m, &tiles, a, &epilogue, b, 1));
      RUN(NAMED("winograd-output-adjoint"), vk_winograd_output_adjoint(m, &tiles, a, b, 1));
      RUN(NAMED("winograd-weights"), vk_winograd_weights(m, a, b, channels[i] * 7, channels[i] * 7));
      RUN(NAMED("winograd-weights-adjoint"),
          vk_winograd_weights_adjoint(m, a, b, channels[i] * 7, channels[i] * 7, channels[i] * 7));
    }
  static const ptrdiff_t strides[] = {8, 16, 32};
  for (int i = 0; i < 3; i++) {
    const vk_direct direct = {.height = 15, .width = 16, .channels = 2, .windowHeight = 3, .windowWidth = 3,
                              .outputHeight = 13, .outputWidth = 14, .stride = strides[i]};
    const vk_epilogue epilogue = {d, 0.5f};
    char name[48];
    snprintf(name, sizeof name, "direct-forward-%d", (int)strides[i]);
    RUN(name, vk_direct_forward(&direct, a, e, &epilogue, b, 5));
    snprintf(name, sizeof name, "direct-weights-%d", (int)strides[i]);
    RUN(name, vk_direct_weights(&direct, a, e, b, 5));
    snprintf(name, sizeof name, "direct-data-%d", (int)strides[i]);
    RUN(name, vk_direct_data(&direct, a, e, b, strides[i] - 1, 5));
  }
  const vk_window window = {.inputHeight = 9, .inputWidth = 8, .channels = 5, .windowHeight = 3, .windowWidth = 2,
                            .strideHeight = 2, .strideWidth = 1, .paddingTop = 1, .paddingLeft = 1, .dilationHeight = 1,
                            .dilationWidth = 2, .outputHeight = 5, .outputWidth = 8};
  static const ptrdiff_t depths[] = {5, 16, 40};
  for (int i = 0; i < 3; i++)
    for (int side = 2; side <= 5; side++) {
      const vk_window depthwise = {.inputHeight = 9, .inputWidth = 8, .channels = depths[i], .windowHeight = side,
                                   .windowWidth = side, .strideHeight = 1 + side % 2, .strideWidth = 1 + side % 2,
                                   .paddingTop = 1, .paddingLeft = 1, .dilationHeight = 1, .dilationWidth = 1,
                                   .outputHeight = 4, .outputWidth = 3};
      const vk_epilogue epilogue = {d, 0.5f};
      char name[48];
      snprintf(name, sizeof name, "depthwise-forward-%d-%d", (int)depths[i], side);
      RUN(name, vk_depthwise_forward(&depthwise, a, e, &epilogue, b, 0, 3 * depthwise.outputHeight));
      snprintf(name, sizeof name, "depthwise-data-%d-%d", (int)depths[i], side);
      RUN(name, vk_depthwise_data(&depthwise, a, e, b, 3));
      snprintf(name, sizeof name, "depthwise-weights-%d-%d", (int)depths[i], side);
      RUN(name, vk_depthwise_weights(&depthwise, a, e, b, 3));
    }
  RUN("lower", vk_lower_patches(&window, a, b, 3, 70, 1, 3));
  RUN("lower-windows", vk_lower_windows(&window, a, b, 3, 10, 1, 3));
  RUN("scatter", vk_scatter_patches(&window, a, b, 3, 70, 1, 3));
  RUN("pad", vk_pad_images(&window, a, b, 11, 9, 2));
  RUN("crop", vk_crop_images(&window, a, b, 11, 9, 2));
  RUN("max-pool", vk_max_pool(&window, a, b, choices, 2));
  RUN("max-pool-backward", vk_max_pool_backward(&window, a, choices, b, 2));
  RUN("average-pool", vk_average_pool(&window, 0, a, b, 2));
  RUN("average-pool-backward", vk_average_pool_backward(&window, 1, a, b, 2));
  const vk_pixels pixels = {.height = 8, .width = 6, .channels = 20, .stride = 32};
  RUN("max-pool-2x2", vk_max_pool_2x2(&pixels, a, b, choices, 3));
  RUN("max-pool-2x2-backward", vk_max_pool_2x2_backward(&pixels, a, choices, b, 3));
}

static void others(void) {
  const vk_epilogue epilogue = {d, 0.125f};
  RUN("transpose", vk_transpose(a, b, 37, 41));
  RUN("fill", vk_fill(b, 0.7f, 1003));
  RUN("copy-rows", vk_copy_rows(a, 21, b, 32, 30, 19));
  RUN("add", vk_add(a, b, 1003));
  RUN("finish-rows", vk_finish_rows(&epilogue, b, 17, 21, 23));
  RUN("sum-rows", vk_sum_rows(a, b, 67, 45));
  RUN("leaky-relu", vk_leaky_relu(b, 0.3f, 1003));
  RUN("leaky-relu-backward", vk_leaky_relu_backward(a, b, 0.3f, 1003));
  RUN("gelu", vk_gelu(a, b, 1003));
  RUN("gelu-backward", vk_gelu_backward(a, b, 1003));
  RUN("silu", vk_silu(a, b, 1003));
  RUN("silu-backward", vk_silu_backward(a, b, 1003));
  for (int kind = VK_CLIP; kind <= VK_SOFTSIGN; kind++) {
    const vk_function function = {kind, 0.25f, 0.75f};
    char name[32];
    snprintf(name, sizeof name, "function-%d", kind);
    RUN(name, vk_apply(&function, a, b, 1003));
    snprintf(name, sizeof name, "function-%d-backward", kind);
    RUN(name, vk_apply_backward(&function, a, b, 1003));
  }
  RUN("copy-columns", vk_copy_columns(a, 45, b + 3, 70, 67, 33));
  RUN("exponentials", vk_exponentials(a, 0.5f, b, 1003));
  RUN("global-average", vk_global_average(a, b, 3, 35, 21));
  RUN("global-average-backward", vk_global_average_backward(a, b, 3, 35, 21));
  RUN("global-max", vk_global_max(a, b, 3, 35, 21));
  RUN("global-max-backward", vk_global_max_backward(a, b, c, d, 3, 35, 21));
  RUN("moments", vk_channel_moments(a, b, c, 61, 45));
  RUN("normalize", vk_channel_normalize(a, c, d, e, 0.1f, b, 61, 45));
  RUN("gradient-sums", vk_channel_gradient_sums(a, e, d, b, c, 61, 45));
  RUN("normalization-backward", vk_channel_normalization_backward(a, b, c, d, e, e + 100, e + 200, 61, 45));
  RUN("sum-shards", vk_sum_shards(a, 2000, 7, b, 1003));
  const double squares = vk_sum_of_squares(a, 1003);
  RUN("sum-of-squares", memcpy(b, &squares, sizeof squares));
  const vk_sgd sgd = {.learningRate = 0.1f, .momentum = 0.9f, .decay = 0.01f, .nesterov = 1, .hasVelocity = 1};
  RUN("sgd", vk_sgd_update(sgd, 0.5f, a, b, c, 1003));
  const vk_adam adam = {.learningRate = 0.01f, .beta1 = 0.9f, .beta2 = 0.999f, .epsilon = 1e-8f, .decay = 0.1f,
                        .decoupledDecay = 0.01f, .correction1 = 0.1f, .correction2 = 0.001f};
  RUN("adam", for (int i = 0; i < 1003; i++) c[i] = c[i] < 0 ? -c[i] : c[i]; vk_adam_update(adam, 0.5f, a, b, c, d, 1003));
}

// Numbers with every value of a byte.
static uint8_t bytes[MOST], more[MOST];
static int8_t weights[MOST];
static void fill_bytes(void) {
  uint32_t seed = 7;
  for (int i = 0; i < MOST; i++) {
    seed = seed * 1664525u + 1013904223u;
    bytes[i] = (uint8_t)(seed >> 24);
    more[i] = (uint8_t)(seed >> 16);
    weights[i] = (int8_t)((int)(seed >> 8 & 255) - 128);
    if (weights[i] == -128) weights[i] = 127;
  }
}

// The largest magnitudes, for which pairs of products leave 16 bits.
static void fill_extremes(void) {
  memset(bytes, 255, sizeof bytes);
  for (int i = 0; i < MOST; i++) weights[i] = i / 7 % 2 ? 127 : -127;
}

// As the kernels round, in other words: the nearest integer, halves to the even one.
static uint8_t rounded(float value, int zeroPoint) {
  double steps = value < -zeroPoint ? -zeroPoint : value > 255 - zeroPoint ? 255 - zeroPoint : value;
  long below = (long)steps - (steps < (long)steps);
  const double rest = steps - below;
  if (rest > 0.5 || (rest == 0.5 && below % 2 != 0)) below++;
  return (uint8_t)(below + zeroPoint);
}

// A product in every form, against plain loops.
static void byte_product(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t segments, ptrdiff_t terms, const char *name) {
  static int32_t starts[1 << 12], segmentStarts[32], start[512];
  static float multipliers[512];
  const ptrdiff_t quads = (terms + 3) / 4, stride = columns + 3;
  for (ptrdiff_t i = 0; i < rows; i++) starts[i] = (int32_t)(i * 3);
  for (ptrdiff_t i = 0; i < segments; i++) segmentStarts[i] = (int32_t)(i * 41);
  memset(start, 0, sizeof start);
  memset(multipliers, 0, sizeof multipliers);
  for (ptrdiff_t i = 0; i < columns; i++) {
    start[i] = (int32_t)(i * 311 % 9001) - 4000;
    multipliers[i] = (float)(1 + i % 5) / (float)(1 << 12);
  }
  int8_t *packed = aligned_alloc(64, (size_t)(vk_bytes_packed_count(columns, segments, quads) + 63) / 64 * 64);
  vk_bytes_pack(weights, segments, terms, columns, packed);
  const vk_bytes_product product = {.rows = rows, .columns = columns, .segments = segments, .quads = quads,
                                    .outputStride = stride, .starts = starts, .segmentStarts = segmentStarts};
  const vk_bytes_finish finish = {.start = start, .multipliers = multipliers, .zeroPoint = 101};
  for (int form = VK_BYTES_PLAIN; form <= VK_BYTES_AVX512_VNNI; form++) {
    if (!vk_bytes_allows(form)) continue;
    begin();
    memset(choices, 0x5a, sizeof choices);
    for (int i = 0; i < MOST; i++) b[i] = (float)(0.0 / 0.0);
    vk_bytes_multiply(form, &product, bytes, packed, &finish, choices, 0);
    vk_bytes_multiply(form, &product, bytes, packed, &finish, 0, b);
    for (ptrdiff_t row = 0; row < rows; row++)
      for (ptrdiff_t column = 0; column < stride; column++) {
        const ptrdiff_t place = row * stride + column;
        int isRight;
        if (column < columns) {
          int32_t sum = start[column];
          for (ptrdiff_t segment = 0; segment < segments; segment++)
            for (ptrdiff_t term = 0; term < terms; term++)
              sum += bytes[starts[row] + segmentStarts[segment] + term] * weights[(segment * terms + term) * columns + column];
          const float value = (float)sum * multipliers[column];
          isRight = choices[place] == rounded(value, 101) && b[place] == value;
        } else {
          isRight = row == rows - 1 || (choices[place] == 0x5a && b[place] != b[place]);
        }
        if (isRight) continue;
        printf("%s: form %d is wrong at row %d, column %d\n", name, form, (int)row, (int)column);
        exit(1);
      }
  }
  // NaN has many forms.
  for (int i = 0; i < MOST; i++) b[i] = b[i] == b[i] ? b[i] : 0;
  end(name);
  free(packed);
}

static void byte_products(void) {
  static const ptrdiff_t sizes[][4] = {{1, 1, 1, 1},   {2, 10, 3, 3},   {3, 16, 1, 64},  {5, 17, 3, 9},   {7, 33, 9, 5},
                                       {13, 48, 1, 7}, {12, 64, 3, 12}, {25, 65, 3, 24}, {26, 10, 1, 100}, {50, 100, 25, 1}};
  for (int i = 0; i < 10; i++) {
    const ptrdiff_t *s = sizes[i];
    fill_bytes();
    byte_product(s[0], s[1], s[2], s[3], "bytes-product");
    fill_extremes();
    byte_product(s[0], s[1], s[2], s[3], "bytes-product-extreme");
  }
  if (!vk_bytes_allows(vk_bytes_form())) exit(1);
}

static void byte_layers(void) {
  fill_bytes();
  const vk_window windows[] = {
      {.inputHeight = 1, .inputWidth = 1, .channels = 1, .windowHeight = 1, .windowWidth = 1, .strideHeight = 1,
       .strideWidth = 1, .dilationHeight = 1, .dilationWidth = 1, .outputHeight = 1, .outputWidth = 1},
      {.inputHeight = 7, .inputWidth = 10, .channels = 10, .windowHeight = 3, .windowWidth = 2, .strideHeight = 2,
       .strideWidth = 1, .paddingTop = 1, .paddingLeft = 1, .dilationHeight = 1, .dilationWidth = 1, .outputHeight = 4,
       .outputWidth = 10},
      {.inputHeight = 9, .inputWidth = 8, .channels = 67, .windowHeight = 3, .windowWidth = 3, .strideHeight = 1,
       .strideWidth = 2, .paddingTop = 2, .paddingLeft = 1, .dilationHeight = 2, .dilationWidth = 1, .outputHeight = 9,
       .outputWidth = 4}};
  static int16_t factors[1 << 12];
  static int32_t start[128];
  static float multipliers[128];
  for (int i = 0; i < 1 << 12; i++) factors[i] = weights[i];
  for (int i = 0; i < 128; i++) {
    start[i] = i * 97 - 4000;
    multipliers[i] = (float)(1 + i % 7) / 1024;
  }
  const vk_bytes_finish finish = {.start = start, .multipliers = multipliers, .zeroPoint = 9};
  for (int i = 0; i < 3; i++) {
    const vk_window *w = &windows[i];
    const ptrdiff_t height = (w->outputHeight - 1) * w->strideHeight + (w->windowHeight - 1) * w->dilationHeight + 1;
    const ptrdiff_t width = (w->outputWidth - 1) * w->strideWidth + (w->windowWidth - 1) * w->dilationWidth + 1;
    const ptrdiff_t high = height > w->inputHeight + w->paddingTop ? height : w->inputHeight + w->paddingTop;
    const ptrdiff_t wide = width > w->inputWidth + w->paddingLeft ? width : w->inputWidth + w->paddingLeft;
    const ptrdiff_t stride = (w->channels + 31) / 32 * 32, c = w->channels;
    begin();
    vk_bytes_pad(w, bytes, 77, more, high, wide);
    vk_bytes_depthwise(w, more, wide, factors, stride, &finish, choices);
    for (ptrdiff_t y = 0; y < w->outputHeight; y++)
      for (ptrdiff_t x = 0; x < w->outputWidth; x++)
        for (ptrdiff_t channel = 0; channel < c; channel++) {
          int32_t sum = start[channel];
          for (ptrdiff_t ky = 0; ky < w->windowHeight; ky++)
            for (ptrdiff_t kx = 0; kx < w->windowWidth; kx++) {
              const ptrdiff_t iy = y * w->strideHeight + ky * w->dilationHeight - w->paddingTop;
              const ptrdiff_t ix = x * w->strideWidth + kx * w->dilationWidth - w->paddingLeft;
              const int isInside = iy >= 0 && ix >= 0 && iy < w->inputHeight && ix < w->inputWidth;
              sum += (isInside ? bytes[(iy * w->inputWidth + ix) * c + channel] : 77) *
                     factors[(ky * w->windowWidth + kx) * stride + channel];
            }
          const float value = (float)sum * multipliers[channel];
          if (choices[(y * w->outputWidth + x) * c + channel] == rounded(value, 9)) continue;
          printf("bytes-depthwise: wrong in window %d\n", i);
          exit(1);
        }
    end("bytes-depthwise");
  }
  fill_bytes();
  for (int i = 1; i < 3; i++) {
    const vk_window *w = &windows[i];
    vk_window pool = *w;
    pool.dilationHeight = pool.dilationWidth = 1;
    RUN("bytes-max-pool", vk_bytes_max_pool(&pool, bytes, choices, 2));
  }
  static int32_t sums[128];
  RUN("bytes-average", vk_bytes_global_average(bytes, 100, 0.03f, 31, sums, choices, 3, 49, 67));
  RUN("bytes-add", vk_bytes_add(bytes, 3, 0.7f, more, 128, 1.3f, 55, choices, 1003));
  RUN("bytes-look-up", vk_bytes_look_up(more, bytes, choices, 13, 10, 17));
  begin();
  // Halves and numbers beyond both ends.
  for (int i = 0; i < 2000; i++) a[i] = (float)(i - 1000) * 0.125f;
  vk_bytes_quantize(a, 0.25f, 60, choices, 2000);
  for (int i = 0; i < 2000; i++)
    if (choices[i] != rounded(a[i] / 0.25f, 60)) {
      printf("bytes-quantize: wrong at %d\n", i);
      exit(1);
    }
  end("bytes-quantize");
  RUN("bytes-dequantize", vk_bytes_dequantize(bytes, 0.037f, 99, b, 2000));
}

int main(void) {
  // As in the engine's workers.
  const uint64_t mode = vk_flush_denormals_to_zero();
  products();
  convolutions();
  others();
  byte_products();
  byte_layers();
  vk_restore_floating_point_mode(mode);
  return 0;
}
