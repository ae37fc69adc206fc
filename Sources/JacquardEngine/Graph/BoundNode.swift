internal import Samples

/// A run of floats in a shard's memory: `perImage` floats for each image.
struct Region: Sendable {
  let offset: Int
  let perImage: Int

  func range(images: Int) -> Range<Int> { offset..<offset + perImage * images }
}

/// A node with its offsets in a shard's memory, for a given capacity of images.
final class BoundNode: Sendable {
  let node: Node
  let inputs: [Region]
  let outputs: [Region]
  let inputGradients: [Region?]
  let outputGradients: [Region?]
  let saved: Region
  let copiesInput: Bool

  init(_ node: Node, index: Int, plan: MemoryPlan, capacity: Int) {
    func activation(_ value: Value) -> Region {
      Region(offset: plan.activations[value.id] * capacity, perImage: value.shape.count)
    }
    func gradient(_ value: Value) -> Region? {
      plan.gradients[value.id].map { Region(offset: $0 * capacity, perImage: value.shape.count) }
    }
    self.node = node
    inputs = node.inputs.map(activation)
    outputs = node.outputs.map(activation)
    inputGradients = node.needsInputGradient ? node.inputs.map(gradient) : node.inputs.map { _ in nil }
    outputGradients = node.outputs.map(gradient)
    saved = Region(offset: plan.saved[index] * capacity, perImage: node.computation.savedBytesPerImage)
    copiesInput = plan.copiesInput[index]
  }

  /// A node that runs alone in inference: its inputs and then its outputs follow each other in memory for `capacity` images.
  ///
  /// - Parameter elements: The elements of each value; nil for those of its shape.
  init(alone node: Node, capacity: Int, elements: Int? = nil) {
    var offset = 0
    func next(_ value: Value) -> Region {
      let region = Region(offset: offset, perImage: elements ?? value.shape.count)
      offset += (region.perImage * capacity + 15) / 16 * 16
      return region
    }
    self.node = node
    inputs = node.inputs.map(next)
    outputs = node.outputs.map(next)
    inputGradients = node.inputs.map { _ in nil }
    outputGradients = node.outputs.map { _ in nil }
    saved = Region(offset: 0, perImage: node.computation.savedBytesPerImage)
    copiesInput = node.computation.isInPlace
  }

  /// Whether the node has anything to compute on the backward pass.
  var hasBackward: Bool { node.needsInputGradient || node.isTrained }

  /// Runs the operator forward on one shard.
  func forward(_ pass: borrowing ForwardPass) {
    if copiesInput {
      var output = pass.output()
      Kernels.copy(pass.input(), to: &output)
    }
    node.computation.forward(pass)
  }

  /// Runs the operator as in inference.
  func infer(images: Int, _ memory: PassMemory) {
    forward(
      ForwardPass(
        bound: self, memory: memory, layout: ShardLayout(images: images, shards: 1), isTraining: false,
        movesStates: false, statisticsShare: nil, seed: 0, epoch: 0, shard: 0, phase: 0))
  }
}

/// The memory of one pass over one shard.
struct PassMemory {
  let parameters: Storage<Float>
  let states: Storage<Float>
  let prepared: Storage<Float>
  let exchange: Storage<Float>
  let shared: Storage<Float>
  let floats: Storage<Float>
  let saved: Storage<UInt8>
  let scratch: Storage<Float>
  let samples: Storage<Int32>
  let labels: Storage<Int32>
}

/// How a batch is cut into shards: evenly, with one image more in the first shards if it does not divide.
struct ShardLayout: Sendable {
  let images: Int
  let shards: Int

  func count(_ shard: Int) -> Int { images / shards + (shard < images % shards ? 1 : 0) }

  func first(_ shard: Int) -> Int { images / shards * shard + min(shard, images % shards) }

  func range(_ shard: Int) -> Range<Int> { first(shard)..<first(shard) + count(shard) }
}
