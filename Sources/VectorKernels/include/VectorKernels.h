// The memory-bound loops of the engine. They are in C because Swift vectorizes portably only for baseline x86-64.
//
// Conventions of every function:
//   - float arrays are dense and row-major; activations are [image][row][column][channel] (NHWC);
//   - no function allocates, keeps state or checks its arguments: the Swift wrappers in Jacquard/Kernels do;
//   - "output" arrays are overwritten, "accumulated" ones are added to;
//   - an output may be the same array as an input only where the comment says so.
#ifndef VECTOR_KERNELS_H
#define VECTOR_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// The geometry of a sliding window over one image: a convolution's kernel or a pool's window.
typedef struct {
  ptrdiff_t inputHeight, inputWidth, channels;
  ptrdiff_t windowHeight, windowWidth;
  ptrdiff_t strideHeight, strideWidth;
  ptrdiff_t paddingTop, paddingLeft;
  ptrdiff_t dilationHeight, dilationWidth;
  ptrdiff_t outputHeight, outputWidth;
} vk_window;

// The operation on each output value: adds `bias` by channel unless it is null, then multiplies a value that is not above zero by `slope` (1 for
// none, 0 for ReLU).
typedef struct {
  const float *bias;
  float slope;
} vk_epilogue;

// Instructions (dispatch.c) -------------------------------------------------------------------------------------------

/// The vector instructions that all functions here use: 4 for AVX-512, 3 for AVX2 with fused multiply-add, 0 for those that every processor of the
/// architecture has. Decided once, when the library is loaded: the best that the processor has, but no more than the environment variable
/// JACQUARD_VECTORS allows (`avx512`, `avx2`, `plain`).
int vk_vector_level(void);

// Matrix products (products.c) ----------------------------------------------------------------------------------------

// C [m][n] ← A [m][k] · B [k][n]. Elements of A are `rowStepA` and `termStepA` floats apart, one of which is 1; those of B
// `termStepB` and `columnStepB`; rows of C `rowStepC`. All sizes are positive.
typedef struct {
  ptrdiff_t m, n, k;
  const float *a;
  ptrdiff_t rowStepA, termStepA;
  const float *b;
  ptrdiff_t termStepB, columnStepB;
  float *c;
  ptrdiff_t rowStepC;
  int accumulates;  // whether sums start with the values of C instead of 0
  int isPacked;     // whether `vk_pack` wrote `b`; its steps are then ignored
} vk_product;

/// C ← epilogue(A · B), or epilogue(C + A · B); a null epilogue does nothing. Every sum is one chain of fused multiply-adds over the terms in
/// ascending order, so it depends neither on m, n nor `level`, which selects the instructions from those of this processor.
void vk_multiply(int level, const vk_product *product, const vk_epilogue *epilogue, float *scratch);
/// C [m / 4][n] ← a max pool of epilogue(A · B) over rows 4i … 4i + 3, and the position of each maximum among its four values in `choices`, laid out
/// as C. The first of equal values wins; NaN is propagated. For products that need no scratch memory and do not accumulate, with a multiple of four
/// rows.
void vk_multiply_and_pool(int level, const vk_product *product, const vk_epilogue *epilogue, uint8_t *choices);
/// Floats of scratch memory that a product needs: none with at most 96 rows, fewer than 128 terms or rows of B less than 256 floats apart, unless the
/// columns of B are not adjacent.
ptrdiff_t vk_product_scratch(const vk_product *product);
/// Floats that `vk_pack` writes for a B of n columns and k terms.
ptrdiff_t vk_packed_count(int level, ptrdiff_t n, ptrdiff_t k);
/// packed ← B in the order in which products read it: panel by panel, term by term. For a B that is multiplied often.
void vk_pack(int level, const vk_product *product, float *packed);

// The thread --------------------------------------------------------------------------------------------------------

/// Makes this thread treat denormal results and operands as zero; returns the thread's previous mode.
uint64_t vk_flush_denormals_to_zero(void);
/// Restores the mode that `vk_flush_denormals_to_zero` returned.
void vk_restore_floating_point_mode(uint64_t mode);
/// Signals the core that this thread is waiting briefly.
void vk_pause(void);

// Lowering (lowering.c) ---------------------------------------------------------------------------------------------

/// Writes one row [windowHeight][windowWidth][groupChannels] for each output pixel `first ..< first + count`. Pixels are numbered across images in
/// row-major order. Reads channels `firstChannel ..< firstChannel + groupChannels` of each input pixel.
void vk_lower_patches(const vk_window *window, const float *input, float *columns, ptrdiff_t first, ptrdiff_t count,
                      ptrdiff_t firstChannel, ptrdiff_t groupChannels);

/// Writes the rows of the four pixels of each 2 × 2 window `first ..< first + count` of output pixels, window by window. Windows do not overlap and
/// are numbered across images in row-major order; a last odd row or column belongs to no window.
void vk_lower_windows(const vk_window *window, const float *input, float *columns, ptrdiff_t first, ptrdiff_t count,
                      ptrdiff_t firstChannel, ptrdiff_t groupChannels);

/// The adjoint of `vk_lower_patches`: adds each element of `columns` to the input pixel that it was read from.
void vk_scatter_patches(const vk_window *window, const float *columns, float *accumulated, ptrdiff_t first,
                        ptrdiff_t count, ptrdiff_t firstChannel, ptrdiff_t groupChannels);

/// padded [height][width][channels] ← each image with the window's padding around it
void vk_pad_images(const vk_window *window, const float *input, float *padded, ptrdiff_t height, ptrdiff_t width,
                   ptrdiff_t images);
/// output ← each image without that padding
void vk_crop_images(const vk_window *window, const float *padded, float *output, ptrdiff_t height, ptrdiff_t width,
                    ptrdiff_t images);

/// output[column][row] = input[row][column]
void vk_transpose(const float *input, float *output, ptrdiff_t rows, ptrdiff_t columns);

// Convolutions without lowering (direct.c) ---------------------------------------------------------------------------

// A convolution of stride 1 over padded images [height][width][channels]. Outputs, their gradients and the weights have `stride` floats per pixel or
// tap: 8, or a multiple of 16; floats beyond the layer's channels are 0.
typedef struct {
  ptrdiff_t height, width, channels;
  ptrdiff_t windowHeight, windowWidth;
  ptrdiff_t outputHeight, outputWidth;
  ptrdiff_t stride;
} vk_direct;

/// output ← epilogue(input ∗ weights); `weights` and the epilogue's bias are as wide as `stride`
void vk_direct_forward(const vk_direct *direct, const float *input, const float *weights, const vk_epilogue *epilogue,
                       float *output, ptrdiff_t images);
/// accumulated [taps][stride] += the gradient of the weights
void vk_direct_weights(const vk_direct *direct, const float *input, const float *gradient, float *accumulated,
                       ptrdiff_t images);
/// accumulated += the gradient of the padded input. `weights` is [outputs][windowHeight][runs · 16], each window row [windowWidth][channels] filled
/// with zeros to a multiple of 16; zeros are added to the 15 floats after the images.
void vk_direct_data(const vk_direct *direct, const float *gradient, const float *weights, float *accumulated,
                    ptrdiff_t outputs, ptrdiff_t images);

// Depthwise convolutions (depthwise.c) ---------------------------------------------------------------------------------

// Each channel is filtered separately; weights are [windowHeight][windowWidth][channels], and outputs have the input's channels.

/// output ← some rows of epilogue(input ∗ weights): from `first` on, before `end`, numbered across the images; `output` begins with the first
void vk_depthwise_forward(const vk_window *window, const float *input, const float *weights,
                          const vk_epilogue *epilogue, float *output, ptrdiff_t first, ptrdiff_t end);
/// accumulated += the gradient of the input
void vk_depthwise_data(const vk_window *window, const float *gradient, const float *weights, float *accumulated,
                       ptrdiff_t images);
/// accumulated += the gradient of the weights
void vk_depthwise_weights(const vk_window *window, const float *input, const float *gradient, float *accumulated,
                          ptrdiff_t images);

// Winograd's convolution (winograd.c) ---------------------------------------------------------------------------------

// Images cut into tiles: `rows` × `columns` per image, tile (0, 0) at pixel (firstRow, firstColumn), which may lie
// outside. A transformed tile is one row of `channels` floats in each of (m + 2)² planes, `plane` floats apart; rows are
// numbered across images.
typedef struct {
  ptrdiff_t height, width, channels;
  ptrdiff_t stride;  // floats from pixel to pixel
  ptrdiff_t firstRow, firstColumn;
  ptrdiff_t rows, columns;
  ptrdiff_t plane;
} vk_tiles;

/// planes ← G w Gᵀ for `count` kernels of 3 × 3 taps, `[9][count]`, element by element; `m` is 2 or 4 here and below.
void vk_winograd_weights(int m, const float *weights, float *planes, ptrdiff_t count, ptrdiff_t plane);
/// weights ← Gᵀ u G, the adjoint, for `count` of the kernels, whose taps are `tap` floats apart
void vk_winograd_weights_adjoint(int m, const float *planes, float *weights, ptrdiff_t count, ptrdiff_t tap,
                                 ptrdiff_t plane);
/// planes ← Bᵀ x B of each tile of m + 2 pixels a side, m apart; pixels outside the image count as zeros
void vk_winograd_input(int m, const vk_tiles *tiles, const float *input, float *planes, ptrdiff_t images);
/// accumulated += B v Bᵀ, the adjoint; values outside the image are dropped
void vk_winograd_input_adjoint(int m, const vk_tiles *tiles, const float *planes, float *accumulated, ptrdiff_t images);
/// output ← epilogue(Aᵀ p A), tiles of m pixels a side; values outside the image are dropped
void vk_winograd_output(int m, const vk_tiles *tiles, const float *planes, const vk_epilogue *epilogue, float *output,
                        ptrdiff_t images);
/// planes ← A g Aᵀ, the adjoint; pixels outside the image count as zeros
void vk_winograd_output_adjoint(int m, const vk_tiles *tiles, const float *gradient, float *planes, ptrdiff_t images);

// Elementwise (elementwise.c) ---------------------------------------------------------------------------------------

/// values[i] = value
void vk_fill(float *values, float value, ptrdiff_t count);
/// accumulated[i] += input[i]
void vk_add(const float *input, float *accumulated, ptrdiff_t count);
/// values[row][column] ← epilogue(values[row][column]), with `stride` floats from row to row
void vk_finish_rows(const vk_epilogue *epilogue, float *values, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride);
/// output[row][column] = input[row][column]; the rest of an output row becomes 0
void vk_copy_rows(const float *input, ptrdiff_t inputStride, float *output, ptrdiff_t outputStride, ptrdiff_t rows,
                  ptrdiff_t columns);
/// output[row][column] = input[row][column], with separate strides; other floats of an output row keep their values
void vk_copy_columns(const float *input, ptrdiff_t inputStride, float *output, ptrdiff_t outputStride, ptrdiff_t rows,
                     ptrdiff_t columns);
/// accumulated[column] += Σ_row values[row][column]
void vk_sum_rows(const float *values, float *accumulated, ptrdiff_t rows, ptrdiff_t columns);

// Activations (activations.c) ---------------------------------------------------------------------------------------

/// values[i] = max(values[i], slope · values[i]); slope 0 is ReLU
void vk_leaky_relu(float *values, float slope, ptrdiff_t count);
/// gradient[i] *= output[i] > 0 ? 1 : slope
void vk_leaky_relu_backward(const float *output, float *gradient, float slope, ptrdiff_t count);
/// output[i] = x Φ(x), with the exact normal distribution function Φ
void vk_gelu(const float *input, float *output, ptrdiff_t count);
/// gradient[i] *= Φ(x) + x φ(x)
void vk_gelu_backward(const float *input, float *gradient, ptrdiff_t count);
/// output[i] = x σ(x)
void vk_silu(const float *input, float *output, ptrdiff_t count);
/// gradient[i] *= σ(x) (1 + x (1 − σ(x)))
void vk_silu_backward(const float *input, float *gradient, ptrdiff_t count);

/// output[i] = e^(input[i] − offset); output may be input
void vk_exponentials(const float *input, float offset, float *output, ptrdiff_t count);

// Functions of one number (functions.c) -----------------------------------------------------------------------------

// A function of x, with up to two parameters; σ is the logistic function.
enum {
  VK_CLIP = 0,          // x, but at least a and at most b
  VK_TANH = 1,          // tanh x
  VK_SIGMOID = 2,       // σ(x)
  VK_HARD_SIGMOID = 3,  // a · x + b, but at least 0 and at most 1
  VK_HARD_SWISH = 4,    // x · min(max(x + 3, 0), 6) / 6
  VK_ELU = 5,           // b · x where x > 0, b · a · (eˣ − 1) elsewhere
  VK_SOFTPLUS = 6,      // ln(1 + eˣ)
  VK_MISH = 7,          // x · tanh(ln(1 + eˣ))
  VK_GELU_TANH = 8,     // x · (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2
  VK_SWISH = 9,         // x · σ(a · x)
  VK_SOFTSIGN = 10,     // x / (1 + |x|)
};
typedef struct {
  int32_t kind;
  float a, b;
} vk_function;
/// output[i] = function(input[i])
void vk_apply(const vk_function *function, const float *input, float *output, ptrdiff_t count);
/// gradient[i] *= function'(input[i])
void vk_apply_backward(const vk_function *function, const float *input, float *gradient, ptrdiff_t count);

// Pooling (pooling.c) -----------------------------------------------------------------------------------------------

/// The maximum of each window; `choices` holds its position in the window, row-major, the first of equals. Padding never wins. Windows have at most
/// 256 positions.
void vk_max_pool(const vk_window *window, const float *input, float *output, uint8_t *choices, ptrdiff_t images);
/// Overwrites inputGradient: sends each output gradient to the chosen position.
void vk_max_pool_backward(const vk_window *window, const float *outputGradient, const uint8_t *choices,
                          float *inputGradient, ptrdiff_t images);
// Images whose pixels are `stride` floats apart; the first `channels` floats are the layer's.
typedef struct {
  ptrdiff_t height, width, channels, stride;
} vk_pixels;
/// `vk_max_pool` with windows of 2 × 2 that do not overlap; outputs and choices are dense.
void vk_max_pool_2x2(const vk_pixels *pixels, const float *input, float *output, uint8_t *choices, ptrdiff_t images);
/// Overwrites the whole input gradient, with zeros where nothing was chosen and beyond the layer's channels; `stride` is `channels`, or 8 for fewer
/// than 8 channels, or the next multiple of 16.
void vk_max_pool_2x2_backward(const vk_pixels *pixels, const float *outputGradient, const uint8_t *choices,
                              float *inputGradient, ptrdiff_t images);
/// The mean of each window; the divisor is the window's size, or the number of its positions that are not padding.
void vk_average_pool(const vk_window *window, int countsPadding, const float *input, float *output, ptrdiff_t images);
void vk_average_pool_backward(const vk_window *window, int countsPadding, const float *outputGradient,
                              float *inputGradient, ptrdiff_t images);
/// output[image][channel] = mean over `pixels` of input[image][pixel][channel]
void vk_global_average(const float *input, float *output, ptrdiff_t images, ptrdiff_t pixels, ptrdiff_t channels);
void vk_global_average_backward(const float *outputGradient, float *inputGradient, ptrdiff_t images, ptrdiff_t pixels,
                                ptrdiff_t channels);
/// The largest value of each channel.
void vk_global_max(const float *input, float *output, ptrdiff_t images, ptrdiff_t pixels, ptrdiff_t channels);
/// Sends each channel's gradient to the first pixel whose input is the output.
void vk_global_max_backward(const float *input, const float *output, const float *outputGradient, float *inputGradient,
                            ptrdiff_t images, ptrdiff_t pixels, ptrdiff_t channels);

// Batch normalization (normalization.c) -----------------------------------------------------------------------------

/// mean[c] and squares[c] = Σ (x − mean)² over the rows of one shard (two passes; rows ≥ 1).
void vk_channel_moments(const float *input, float *mean, float *squares, ptrdiff_t rows, ptrdiff_t channels);
/// x = (input − mean[c]) · scale[c] + offset[c]; output = x where x > 0, slope · x elsewhere; output must not be input
void vk_channel_normalize(const float *input, const float *mean, const float *scale, const float *offset, float slope,
                          float *output, ptrdiff_t rows, ptrdiff_t channels);
/// gradientSum[c] += Σ g, productSum[c] += Σ g (x − mean[c])
void vk_channel_gradient_sums(const float *input, const float *gradient, const float *mean, float *gradientSum,
                              float *productSum, ptrdiff_t rows, ptrdiff_t channels);
/// gradient = scale[c] · inverseDeviation[c] · (gradient − meanGradient[c] − (x − mean[c]) inverseDeviation[c]
/// meanProduct[c]), in place
void vk_channel_normalization_backward(const float *input, float *gradient, const float *scale, const float *mean,
                                       const float *inverseDeviation, const float *meanGradient,
                                       const float *meanProduct, ptrdiff_t rows, ptrdiff_t channels);

// Optimizers (optimizers.c): one call updates `count` parameters ----------------------------------------------------

/// output[i] = the sum over `shards` of gradients[shard · stride + i], by one balanced tree for every i
void vk_sum_shards(const float *gradients, ptrdiff_t stride, ptrdiff_t shards, float *output, ptrdiff_t count);
/// Σ values², in double precision and a fixed order
double vk_sum_of_squares(const float *values, ptrdiff_t count);

typedef struct {
  float learningRate, momentum, decay;
  int nesterov, hasVelocity;
} vk_sgd;
/// g += decay · p; v = momentum · v + g (v = g while hasVelocity is 0); p −= learningRate · (nesterov ? g + momentum · v : v).
/// `velocity` may be null when momentum is 0. The gradient is scaled by `gradientScale` first.
void vk_sgd_update(vk_sgd settings, float gradientScale, const float *gradient, float *velocity, float *parameters,
                   ptrdiff_t count);

typedef struct {
  float learningRate, beta1, beta2, epsilon;
  float correction1, correction2;  // 1 − beta1ᵗ and 1 − beta2ᵗ
  float decay;                     // L2: added to the gradient
  float decoupledDecay;            // AdamW: parameters shrink by learningRate · decoupledDecay
} vk_adam;
/// Adam and AdamW (Kingma and Ba 2015; Loshchilov and Hutter 2019), epsilon outside the root as in PyTorch.
void vk_adam_update(vk_adam settings, float gradientScale, const float *gradient, float *first, float *second,
                    float *parameters, ptrdiff_t count);

// Eight-bit inference (bytes_products.c, bytes_layers.c) ---------------------------------------------------------------

// Activations are bytes q that stand for scale · (q − zeroPoint); weights are signed bytes from −127 to 127. Sums of their products are exact in 32
// bits if a sum has at most VK_BYTES_MOST_TERMS terms, so the order of a sum does not matter, and every form gives the same integers. A sum becomes a
// byte by `q = round(clamp(sum · multiplier)) + zeroPoint` in single precision, with halves rounded to the even neighbor.
//
// Some functions read up to VK_BYTES_SLACK bytes after an input and multiply them by zero: the memory must exist.
enum { VK_BYTES_MOST_TERMS = 28000, VK_BYTES_SLACK = 64 };

// The instructions that multiply bytes, in ascending order of their speed.
enum { VK_BYTES_PLAIN = 0, VK_BYTES_AVX2 = 1, VK_BYTES_AVX_VNNI = 2, VK_BYTES_AVX512_VNNI = 3 };
/// The fastest form that the processor and JACQUARD_VECTORS allow.
int vk_bytes_form(void);
/// Whether the processor and JACQUARD_VECTORS allow a form.
int vk_bytes_allows(int form);

// How sums become outputs, for `columns` channels. `start` and `multipliers` have whole panels of 16 numbers; those beyond the channels are 0.
typedef struct {
  const int32_t *start;      // what each sum starts with: the bias, and minus the zero point of the input times the sum of the weights
  const float *multipliers;  // scale of the input · scale of the channel's weights / scale of the output
  int32_t zeroPoint;
} vk_bytes_finish;

// output [rows][columns] ← finish(A · B). Row i of A consists of `segments` runs of 4 · `quads` bytes, at input + starts[i] + segmentStarts[j]; the
// weights of bytes that belong to no term are 0. Rows of the output are `outputStride` elements apart.
typedef struct {
  ptrdiff_t rows, columns, segments, quads, outputStride;
  const int32_t *starts, *segmentStarts;
} vk_bytes_product;
/// Signed bytes that packed weights take.
ptrdiff_t vk_bytes_packed_count(ptrdiff_t columns, ptrdiff_t segments, ptrdiff_t quads);
/// packed ← the weights [segments][terms][columns] in the order in which products read them, with zeros up to whole quads and panels
void vk_bytes_pack(const int8_t *weights, ptrdiff_t segments, ptrdiff_t terms, ptrdiff_t columns, int8_t *packed);
/// Writes bytes to `output`; if it is null, writes the floats sum · multiplier to `floats`.
void vk_bytes_multiply(int form, const vk_bytes_product *product, const uint8_t *input, const int8_t *packed,
                       const vk_bytes_finish *finish, uint8_t *output, float *floats);

/// padded ← one image with the window's padding around it, whose bytes are `value`
void vk_bytes_pad(const vk_window *window, const uint8_t *input, uint8_t value, uint8_t *padded, ptrdiff_t height,
                  ptrdiff_t width);
/// Filters each channel of one padded image of `width` columns. Weights are [windowHeight][windowWidth][stride], with the channels rounded up to
/// `stride`, a multiple of 32; so are the numbers of `finish`.
void vk_bytes_depthwise(const vk_window *window, const uint8_t *padded, ptrdiff_t width, const int16_t *weights,
                        ptrdiff_t stride, const vk_bytes_finish *finish, uint8_t *output);
/// The maximum of each window; padding never wins.
void vk_bytes_max_pool(const vk_window *window, const uint8_t *input, uint8_t *output, ptrdiff_t images);
/// output[image][channel] ← round(clamp(Σ (q − inputZeroPoint) · multiplier)) + zeroPoint over `pixels`; `sums` has `channels` numbers.
void vk_bytes_global_average(const uint8_t *input, int32_t inputZeroPoint, float multiplier, int32_t zeroPoint,
                             int32_t *sums, uint8_t *output, ptrdiff_t images, ptrdiff_t pixels, ptrdiff_t channels);
/// output[i] ← round(clamp((a[i] − zeroA) · factorA + (b[i] − zeroB) · factorB)) + zeroPoint
void vk_bytes_add(const uint8_t *a, int32_t zeroA, float factorA, const uint8_t *b, int32_t zeroB, float factorB,
                  int32_t zeroPoint, uint8_t *output, ptrdiff_t count);
/// output[row][column] ← table[input[row][column]], a table of 256 bytes; rows of the output are `outputStride` bytes apart.
void vk_bytes_look_up(const uint8_t *table, const uint8_t *input, uint8_t *output, ptrdiff_t rows, ptrdiff_t columns,
                      ptrdiff_t outputStride);
/// output[i] ← round(clamp(input[i] / scale)) + zeroPoint
void vk_bytes_quantize(const float *input, float scale, int32_t zeroPoint, uint8_t *output, ptrdiff_t count);
/// output[i] ← (input[i] − zeroPoint) · scale
void vk_bytes_dequantize(const uint8_t *input, float scale, int32_t zeroPoint, float *output, ptrdiff_t count);

#endif
