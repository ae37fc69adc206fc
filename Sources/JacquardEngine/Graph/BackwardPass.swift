internal import Support

/// An operator's view of the backward pass: everything of the forward pass, to read, and the gradients of one shard.
///
/// Gradients are those of the batch's mean loss. An operator overwrites each gradient that it computes and never adds to it.
public struct BackwardPass {
  let forward: ForwardPass
  let gradients: Storage<Float>
  let parameterCount: Int

  /// Whether this is a training step. If not, the forward pass was that of inference, in one phase: dropout passed its input on, norms used running
  /// statistics, and only the gradients of the inputs are needed.
  public var isTraining: Bool { forward.isTraining }
  /// Images of this shard; never 0.
  public var imageCount: Int { forward.imageCount }
  /// Images of all shards together.
  public var batchCount: Int { forward.batchCount }
  /// The number of shards in the batch.
  public var shardCount: Int { forward.shardCount }
  /// The number of this shard.
  public var shard: Int { forward.shard }
  /// The phase, from 0.
  public var phase: Int { forward.phase }
  /// The run's seed, part of every random number's address.
  public var seed: UInt64 { forward.seed }
  /// The epoch, part of every random number's address.
  public var epoch: Int { forward.epoch }
  /// Whether the gradient of the input is needed; it is not for the layers that take the data.
  public var needsInputGradient: Bool { forward.bound.node.needsInputGradient }
  /// The images of another shard.
  public func imageCount(ofShard shard: Int) -> Int { forward.imageCount(ofShard: shard) }

  /// Each image's number in its data set.
  public var samples: Span<Int32> { @_lifetime(borrow self) get { forward.samples } }

  /// Input number `index` of the forward pass; the operator must retain `.input`.
  @_lifetime(borrow self)
  public func input(_ index: Int = 0) -> Span<Float> { forward.input(index) }

  /// Output number `index` of the forward pass; the operator must retain `.output`.
  @_lifetime(borrow self)
  public func output(_ index: Int = 0) -> Span<Float> {
    forward.memory.floats.read(forward.bound.outputs[index].range(images: imageCount))
  }

  /// Parameter number `index` of the operator.
  @_lifetime(borrow self)
  public func parameter(_ index: Int) -> Span<Float> { forward.parameter(index) }

  /// The values that the operator prepared for this step.
  public var prepared: Span<Float> { @_lifetime(borrow self) get { forward.prepared } }

  /// The bytes that forward saved.
  public var saved: Span<UInt8> {
    @_lifetime(borrow self) get { forward.memory.saved.read(forward.bound.saved.range(images: imageCount)) }
  }

  /// A part of the scratch memory of this call; parts must not overlap.
  @_lifetime(borrow self)
  public func scratch(_ part: Range<Int>) -> MutableSpan<Float> { forward.scratch(part) }

  /// A part of the scratch memory that this call has filled, to read.
  @_lifetime(borrow self)
  public func filledScratch(_ part: Range<Int>) -> Span<Float> { forward.filledScratch(part) }

  /// A part of this shard's exchange memory, to write before a meeting; parts must not overlap.
  @_lifetime(borrow self)
  public func exchange(_ part: Range<Int>) -> MutableSpan<Float> { forward.exchange(part) }

  /// A part of any shard's exchange memory, to read after a meeting.
  @_lifetime(borrow self)
  public func exchange(_ part: Range<Int>, ofShard shard: Int) -> Span<Float> {
    forward.exchange(part, ofShard: shard)
  }

  /// The gradient of output number `index`, to read.
  @_lifetime(borrow self)
  public func outputGradient(_ index: Int = 0) -> Span<Float> {
    forward.memory.floats.read(range(of: forward.bound.outputGradients[index]))
  }

  /// The gradient of output number `index`, for operators that change it in place into the gradient of the input.
  @_lifetime(borrow self)
  public func changingOutputGradient(_ index: Int = 0) -> MutableSpan<Float> {
    forward.memory.floats.write(range(of: forward.bound.outputGradients[index]))
  }

  /// The gradient of input number `index`, to overwrite; only when `needsInputGradient`.
  @_lifetime(borrow self)
  public func inputGradient(_ index: Int = 0) -> MutableSpan<Float> {
    forward.memory.floats.write(range(of: forward.bound.inputGradients[index]))
  }

  /// This shard's gradient of parameter number `index`, to overwrite.
  @_lifetime(borrow self)
  public func parameterGradient(_ index: Int) -> MutableSpan<Float> {
    let range = forward.bound.node.parameters[index]
    let base = shard * parameterCount
    return gradients.write(base + range.lowerBound..<base + range.upperBound)
  }

  /// The whole batch's gradient of parameter number `index`, which the operator must sum; each shard overwrites different elements.
  @_lifetime(borrow self)
  func batchGradient(_ index: Int) -> MutableSpan<Float> {
    require(
      forward.bound.node.computation.sumsShards(ofParameter: index),
      "batchGradient: the operator does not sum parameter \(index)")
    return gradients.write(forward.bound.node.parameters[index])
  }

  private func range(of region: Region?) -> Range<Int> {
    guard let region else { failPrecondition("\(forward.bound.node.name): this gradient is not computed") }
    return region.range(images: imageCount)
  }
}
