internal import LinearAlgebra

/// The inputs of one call of a convolution: some images of a shard, the weights, and values derived from them.
///
/// A pass reads what it needs: forward the input, backward-data the gradient of the output, backward-weights both. The caller passes the outputs
/// separately.
struct ConvolutionCall: ~Escapable {
  /// The number of images.
  let images: Int
  /// Whether these are the first images of the shard.
  let isFirst: Bool
  /// Whether these are the last images of the shard.
  let isLast: Bool
  /// `[images][height][width][inputChannels]`
  let input: Span<Float>
  /// The gradient of the output, with `geometry.outputStride` floats per pixel; empty on the way forward.
  let outputGradient: Span<Float>
  /// `[kernelHeight][kernelWidth][inputChannels / groups][outputChannels]`
  let weights: Span<Float>
  /// The values that `prepare` derived from the weights.
  let prepared: Span<Float>

  /// A call for the range `images` of a shard of `count` images.
  @_lifetime(copy input, copy outputGradient, copy weights, copy prepared)
  init(
    images: Range<Int>, of count: Int, input: Span<Float>, outputGradient: Span<Float>,
    weights: Span<Float>, prepared: Span<Float>
  ) {
    self.init(
      images: images.count, isFirst: images.lowerBound == 0, isLast: images.upperBound == count, input: input,
      outputGradient: outputGradient, weights: weights, prepared: prepared)
  }

  @_lifetime(copy input, copy outputGradient, copy weights, copy prepared)
  private init(
    images: Int, isFirst: Bool, isLast: Bool, input: Span<Float>, outputGradient: Span<Float>, weights: Span<Float>,
    prepared: Span<Float>
  ) {
    self.images = images
    self.isFirst = isFirst
    self.isLast = isLast
    self.input = input
    self.outputGradient = outputGradient
    self.weights = weights
    self.prepared = prepared
  }

  /// The same call, with the part of the prepared memory that belongs to one method.
  @_lifetime(copy self)
  func with(prepared part: Range<Int>) -> ConvolutionCall {
    ConvolutionCall(
      images: images, isFirst: isFirst, isLast: isLast, input: input, outputGradient: outputGradient, weights: weights,
      prepared: prepared.extracting(part))
  }
}
