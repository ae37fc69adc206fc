/// A constant of a graph: weights, or sizes and axes.
struct ONNXConstant {
  /// The elements, in row-major order.
  enum Elements {
    /// Numbers of any floating point type, as `Float`.
    case floats([Float])
    /// Whole numbers of any type.
    case integers([Int])
  }

  /// The dimensions; empty for a single number.
  let shape: [Int]
  /// The elements, as many as the shape has.
  let elements: Elements
  /// The smallest value of the element type, for whole numbers as stored in a file.
  var lowest: Int?

  /// The number of elements.
  var count: Int { shape.reduce(1, *) }

  /// The elements as floating point numbers.
  var floats: [Float] {
    switch elements {
    case .floats(let values): values
    case .integers(let values): values.map { Float($0) }
    }
  }

  /// The elements as whole numbers; nil for floating point ones.
  var integers: [Int]? {
    switch elements {
    case .floats: nil
    case .integers(let values): values
    }
  }

  /// The same elements in another shape of equal size.
  func reshaped(_ shape: [Int]) -> ONNXConstant { ONNXConstant(shape: shape, elements: elements) }

  /// The elements as floating point numbers, for arithmetic.
  var asFloats: ONNXConstant { ONNXConstant(shape: shape, elements: .floats(floats)) }

  /// The elements as floating point numbers, each changed by a function.
  func mapped(_ change: (Float) -> Float) -> ONNXConstant {
    ONNXConstant(shape: shape, elements: .floats(floats.map(change)))
  }

  /// The dimensions in another order: dimension `i` of the result is dimension `permutation[i]` of this.
  func transposed(_ permutation: [Int]) -> ONNXConstant {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.reversed().dropFirst() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    let target = permutation.map { shape[$0] }
    let steps = permutation.map { strides[$0] }
    var indices: [Int] = []
    indices.reserveCapacity(count)
    var position = [Int](repeating: 0, count: target.count)
    var source = 0
    for _ in 0..<count {
      indices.append(source)
      for axis in target.indices.reversed() {
        position[axis] += 1
        source += steps[axis]
        if position[axis] < target[axis] { break }
        source -= steps[axis] * target[axis]
        position[axis] = 0
      }
    }
    switch elements {
    case .floats(let values): return ONNXConstant(shape: target, elements: .floats(indices.map { values[$0] }))
    case .integers(let values): return ONNXConstant(shape: target, elements: .integers(indices.map { values[$0] }))
    }
  }
}
