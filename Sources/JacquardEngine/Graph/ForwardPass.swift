internal import Support

/// An operator's view when it derives values from its parameters, once per step.
public struct PreparePass {
  let node: Node
  let source: Storage<Float>
  let states: Storage<Float>
  let target: Storage<Float>

  /// Parameter number `index` of the operator.
  @_lifetime(borrow self)
  public func parameter(_ index: Int) -> Span<Float> { source.read(node.parameters[index]) }

  /// State number `index` of the operator.
  @_lifetime(borrow self)
  public func state(_ index: Int) -> Span<Float> { states.read(node.states[index]) }

  /// The memory to fill.
  public var prepared: MutableSpan<Float> { @_lifetime(borrow self) get { target.write(node.prepared) } }

  /// A part of the memory to fill; parts must not overlap.
  @_lifetime(borrow self)
  public func prepared(_ part: Range<Int>) -> MutableSpan<Float> { target.write(place(part)) }

  /// A part that has been filled, to read.
  @_lifetime(borrow self)
  public func filledPrepared(_ part: Range<Int>) -> Span<Float> { target.read(place(part)) }

  private func place(_ part: Range<Int>) -> Range<Int> {
    require(part.upperBound <= node.prepared.count, "prepared: \(part) is outside 0..<\(node.prepared.count)")
    return node.prepared.lowerBound + part.lowerBound..<node.prepared.lowerBound + part.upperBound
  }
}

/// An operator's view of the forward pass: the memory of one shard.
public struct ForwardPass {
  let bound: BoundNode
  let memory: PassMemory
  let layout: ShardLayout
  /// Whether this is a training step: dropout is active, and norms use the batch's statistics.
  public let isTraining: Bool
  /// Whether running statistics are updated: once per step, in the forward pass of a training step.
  let movesStates: Bool
  /// How much the batch counts in running statistics, from 0 to 1, while they are computed again for other weights; nil in a training step, for the
  /// operator's own momentum.
  public let statisticsShare: Double?
  /// The run's seed, part of every random number's address.
  public let seed: UInt64
  /// The epoch, part of every random number's address.
  public let epoch: Int
  /// The number of this shard.
  public let shard: Int
  /// The phase, from 0.
  public let phase: Int

  /// Images of this shard; never 0.
  public var imageCount: Int { layout.count(shard) }
  /// Images of all shards together.
  public var batchCount: Int { layout.images }
  /// The number of shards in the batch.
  public var shardCount: Int { layout.shards }
  /// The shard's first image in the batch.
  var firstImage: Int { layout.first(shard) }
  /// The images of another shard.
  public func imageCount(ofShard shard: Int) -> Int { layout.count(shard) }

  /// Each image's number in its data set, part of every random number's address.
  public var samples: Span<Int32> { @_lifetime(borrow self) get { memory.samples.read(layout.range(shard)) } }

  /// Input number `index`, `[imageCount][shape]`.
  @_lifetime(borrow self)
  public func input(_ index: Int = 0) -> Span<Float> {
    memory.floats.read(bound.inputs[index].range(images: imageCount))
  }

  /// Output number `index`, `[imageCount][shape]`; an in-place operator finds its input here.
  @_lifetime(borrow self)
  public func output(_ index: Int = 0) -> MutableSpan<Float> {
    memory.floats.write(bound.outputs[index].range(images: imageCount))
  }

  /// Output number `index` as filled by this pass or an earlier phase, to read.
  @_lifetime(borrow self)
  public func filledOutput(_ index: Int = 0) -> Span<Float> {
    memory.floats.read(bound.outputs[index].range(images: imageCount))
  }

  /// Parameter number `index` of the operator.
  @_lifetime(borrow self)
  public func parameter(_ index: Int) -> Span<Float> { memory.parameters.read(bound.node.parameters[index]) }

  /// State number `index` of the operator, to read.
  @_lifetime(borrow self)
  public func state(_ index: Int) -> Span<Float> { memory.states.read(bound.node.states[index]) }

  /// State number `index` of the operator, to change; only shard 0 of a training step may.
  @_lifetime(borrow self)
  public func changingState(_ index: Int) -> MutableSpan<Float> {
    require(movesStates && shard == 0, "changingState: only shard 0 of a training step changes states")
    return memory.states.write(bound.node.states[index])
  }

  /// The values that the operator prepared for this step.
  public var prepared: Span<Float> { @_lifetime(borrow self) get { memory.prepared.read(bound.node.prepared) } }

  /// The bytes saved for backward.
  public var saved: MutableSpan<UInt8> {
    @_lifetime(borrow self) get { memory.saved.write(bound.saved.range(images: imageCount)) }
  }

  /// A part of the scratch memory of this call, which has `scratchCount` floats; parts must not overlap.
  @_lifetime(borrow self)
  public func scratch(_ part: Range<Int>) -> MutableSpan<Float> { memory.scratch.write(part) }

  /// A part of the scratch memory that this call has filled, to read.
  @_lifetime(borrow self)
  public func filledScratch(_ part: Range<Int>) -> Span<Float> { memory.scratch.read(part) }

  /// A part of this shard's exchange memory, to write before a meeting; parts must not overlap.
  @_lifetime(borrow self)
  public func exchange(_ part: Range<Int>) -> MutableSpan<Float> {
    memory.exchange.write(exchangeRange(part, shard))
  }

  /// A part of any shard's exchange memory, to read after a meeting.
  @_lifetime(borrow self)
  public func exchange(_ part: Range<Int>, ofShard shard: Int) -> Span<Float> {
    memory.exchange.read(exchangeRange(part, shard))
  }

  /// A part of the memory shared by all shards, to write. Use it only in a phase after the first, and write no element that another shard reads or
  /// writes in the same phase.
  @_lifetime(borrow self)
  func shared(_ part: Range<Int>) -> MutableSpan<Float> { memory.shared.write(part) }

  /// A part of the shared memory, to read.
  @_lifetime(borrow self)
  func filledShared(_ part: Range<Int>) -> Span<Float> { memory.shared.read(part) }

  private func exchangeRange(_ part: Range<Int>, _ shard: Int) -> Range<Int> {
    require(
      part.upperBound <= bound.node.exchange.count, "exchange: \(part) is outside 0..<\(bound.node.exchange.count)")
    let base = memory.exchange.count / layout.shards * shard + bound.node.exchange.lowerBound
    return base + part.lowerBound..<base + part.upperBound
  }
}
