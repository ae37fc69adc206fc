internal import Interchange

/// How the tensors of a repeated training differ from the recorded ones.
package struct TensorComparison {
  /// The number of recorded tensors.
  package let tensorCount: Int
  /// The number of values in them.
  let valueCount: Int
  /// The number of tensors that are not identical.
  private(set) var differentTensors = 0
  /// The number of values that are not identical.
  private(set) var differentValues = 0
  /// The first tensor that differs, in the order of the network.
  private(set) var firstTensor: String?
  /// The largest difference between two values.
  private(set) var largestDifference = 0.0
  /// The tensor with that difference.
  private(set) var largestTensor: String?

  /// Compares bit by bit. If a tensor is missing or has another shape, all of its values differ.
  init(recorded: [NamedTensor], found: [NamedTensor]) {
    tensorCount = recorded.count
    valueCount = recorded.reduce(0) { $0 + $1.values.count }
    let others = Dictionary(found.map { ($0.name, $0) }) { first, _ in first }
    for tensor in recorded { add(tensor, others[tensor.name]) }
  }

  /// Whether every bit is the same.
  var isEqual: Bool { differentTensors == 0 }

  private mutating func add(_ tensor: NamedTensor, _ other: NamedTensor?) {
    guard let other, other.shape == tensor.shape else {
      differentValues += tensor.values.count
      return note(tensor.name)
    }
    var isDifferent = false
    for (value, again) in zip(tensor.values, other.values) where value.bitPattern != again.bitPattern {
      isDifferent = true
      differentValues += 1
      let difference = abs(Double(value) - Double(again))
      // NaN is infinitely far from everything.
      let distance = difference.isFinite ? difference : .infinity
      if largestTensor == nil || distance > largestDifference {
        (largestDifference, largestTensor) = (distance, tensor.name)
      }
    }
    if isDifferent { note(tensor.name) }
  }

  private mutating func note(_ name: String) {
    differentTensors += 1
    firstTensor = firstTensor ?? name
  }
}
