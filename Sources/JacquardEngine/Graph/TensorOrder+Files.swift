internal import Support

/// Converts between the order of memory and that of files (PyTorch's).
extension TensorOrder {
  /// The three sizes that define both orders: `[positions][inputs][outputs]` in memory, `[outputs][inputs][positions]` in files.
  private var sizes: (positions: Int, inputs: Int, outputs: Int) {
    switch self {
    case .vector(let count): return (1, count, 1)
    case .convolution(let kernel, let inputs, let outputs): return (kernel.height * kernel.width, inputs, outputs)
    case .dense(let inputs, let outputs):
      // The channels of a flattened image correspond to the inputs of a convolution.
      let channels = inputs.flattenedFrom?[2] ?? inputs.count
      return (inputs.count / channels, channels, outputs)
    }
  }

  /// For each element in file order, its index in memory.
  public var indicesInFileOrder: [Int] {
    var indices = [Int](repeating: 0, count: count)
    forEachElement { file, memory in indices[file] = memory }
    return indices
  }

  /// The elements in the order of files.
  ///
  /// - Precondition: `values` has as many elements as the tensor, in the order of memory.
  package func inFileOrder(_ values: Span<Float>) -> [Float] {
    require(values.count == count, "TensorOrder: needs \(count) values, found \(values.count)")
    var result = [Float](repeating: 0, count: count)
    var target = result.mutableSpan
    forEachElement { file, memory in target[file] = values[memory] }
    return result
  }

  /// Copies elements from the order of files to the order of memory.
  ///
  /// - Precondition: Both have as many elements as the tensor.
  package func copy(fileOrder values: Span<Float>, to target: inout MutableSpan<Float>) {
    require(
      values.count == count && target.count == count,
      "TensorOrder: needs \(count) values, found \(values.count) for \(target.count)")
    forEachElement { file, memory in target[memory] = values[file] }
  }

  /// Outputs that are processed together: as many floats as a cache line holds.
  private static let block = 16

  /// Calls `body` with the index of each element in files and in memory, block by block, so that both sides stay in the cache.
  @inline(__always)
  private func forEachElement(_ body: (_ file: Int, _ memory: Int) -> Void) {
    let (positions, inputs, outputs) = sizes
    for first in stride(from: 0, to: outputs, by: Self.block) {
      let last = min(first + Self.block, outputs)
      for input in 0..<inputs {
        for position in 0..<positions {
          let memory = (position * inputs + input) * outputs
          var file = (first * inputs + input) * positions + position
          for output in first..<last {
            body(file, memory + output)
            file += inputs * positions
          }
        }
      }
    }
  }
}
