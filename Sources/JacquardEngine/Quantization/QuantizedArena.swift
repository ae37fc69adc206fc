internal import Samples

/// The place of every activation of a quantized network in a worker's memory.
struct QuantizedArena {
  private let offsets: [Int: Int]
  private let sizes: [Int: Int]
  /// Bytes for all images.
  let byteCount: Int

  /// Places the activations of `plan` for `capacity` images, each followed by the bytes that kernels may read.
  init(_ plan: QuantizationPlan, input: Shape, capacity: Int) {
    var sizes = [plan.input: input.count]
    var lives = [plan.input: 0...0]
    for (time, step) in plan.steps.enumerated() {
      for value in step.inputs {
        let first = lives[value]?.lowerBound ?? time
        lives[value] = first...time
      }
      guard step.range != .none else { continue }
      sizes[step.output] = step.outputShape.count
      lives[step.output] = time...time
    }
    let values = sizes.keys.sorted()
    let blocks = values.map { value in
      let bytes = sizes[value, default: 0] * capacity + Kernels.byteSlack
      let life = lives[value] ?? 0...0
      return MemoryBlock(count: (bytes + 63) / 64 * 64, first: life.lowerBound, last: life.upperBound)
    }
    let (places, total) = MemoryBlock.place(blocks)
    offsets = Dictionary(uniqueKeysWithValues: zip(values, places))
    self.sizes = sizes
    byteCount = total
  }

  /// The place of an activation.
  func region(_ value: Int) -> Region {
    Region(offset: offsets[value] ?? 0, perImage: sizes[value] ?? 0)
  }
}
