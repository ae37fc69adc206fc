internal import Interchange

/// How the tensors of a training that was done again differ from the recorded ones.
package struct TensorComparison {
  /// The recorded tensors.
  package let tensorCount: Int
  /// Their numbers.
  let valueCount: Int
  /// The tensors that are not the same to the last bit.
  private(set) var differentTensors = 0
  /// The numbers that are not the same to the last bit.
  private(set) var differentValues = 0
  /// The first tensor that differs, in the order of the network.
  private(set) var firstTensor: String?
  /// The largest difference of two numbers.
  private(set) var largestDifference = 0.0
  /// The tensor that it is in.
  private(set) var largestTensor: String?

  /// Compares bit by bit. A tensor that is not there, or has another shape, differs in all of its numbers.
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
