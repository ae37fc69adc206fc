internal import Support

/// A step of a quantized network: reads and writes activations in bytes.
protocol QuantizedOperator: Sendable {
  /// Bytes of scratch memory.
  var scratchBytes: Int { get }
  /// 32-bit integers of scratch memory.
  var scratchSums: Int { get }
  /// Computes the output of some images.
  func forward(_ pass: borrowing QuantizedPass)
}

extension QuantizedOperator {
  var scratchBytes: Int { 0 }
  var scratchSums: Int { 0 }
}

/// The memory of one worker of a quantized network.
struct QuantizedMemory: Sendable {
  /// The network's inputs as numbers.
  let inputs: Storage<Float>
  let activations: Storage<UInt8>
  let scratch: Storage<UInt8>
  let sums: Storage<Int32>
  let logits: Storage<Float>
  /// The memory of operators that compute in floating point.
  let float: PassMemory
}

/// A step's view of its images.
struct QuantizedPass {
  let images: Int
  let memory: QuantizedMemory
  let inputs: [Region]
  /// The place of the output; nil for the logits.
  let outputPlace: Region?
  let classes: Int

  /// Input number `index`, and the bytes that kernels may read after it.
  @_lifetime(borrow self)
  func input(_ index: Int = 0) -> Span<UInt8> {
    let range = inputs[index].range(images: images)
    return memory.activations.read(range.lowerBound..<range.upperBound + Kernels.byteSlack)
  }

  /// Input number `index`, without what follows it.
  @_lifetime(borrow self)
  func values(_ index: Int = 0) -> Span<UInt8> { memory.activations.read(inputs[index].range(images: images)) }

  /// The output.
  @_lifetime(borrow self)
  func output() -> MutableSpan<UInt8> {
    guard let outputPlace else { failPrecondition("QuantizedPass: the last step writes floats") }
    return memory.activations.write(outputPlace.range(images: images))
  }

  /// The logits, if this is the last step.
  @_lifetime(borrow self)
  func logits() -> MutableSpan<Float> { memory.logits.write(0..<images * classes) }
}
