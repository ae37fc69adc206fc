internal import JacquardEngine

/// A number that cannot be a weight of a usable network: NaN, an infinity, or a negative variance.
///
/// Other programs save such numbers without complaint. Every answer computed with one is NaN or, after a rectifier, looks valid but is wrong.
struct UnsoundNumber {
  /// The name of a batch norm's variances, which are never negative.
  private static let varianceName = "running_var"

  /// The tensor, the index in it, and the number, for the statement of a message.
  let finding: String
  /// The advice.
  let advice: String

  /// The first unsound number of a tensor; nil if there is none.
  ///
  /// - Parameters:
  ///   - tensor: The name of the tensor in the message, such as `the tensor "conv1.weight"`.
  ///   - values: Its numbers, in the row-major order of `shape`.
  ///   - isVariance: Whether negative numbers are unsound too.
  init?(in values: [Float], shape: [Int], tensor: String, isVariance: Bool) {
    guard let place = values.firstIndex(where: { !$0.isFinite || isVariance && $0 < 0 }) else { return nil }
    let value = values[place]
    let expected = isVariance && value.isFinite ? "variances of 0 or more" : "finite numbers"
    finding = "\(tensor) holds \(value) at \(Self.index(of: place, in: shape)), expected \(expected)"
    advice =
      value.isFinite
      ? "training never produces such a variance: save the weights again"
      : "the training that made it diverged: train again with a lower learning rate, or use earlier weights"
  }

  /// The first unsound number of a network's tensor, whose values are in the order of files.
  init?(in values: [Float], of tensor: NetworkTensor) {
    self.init(
      in: values, shape: tensor.specification.order.fileShape, tensor: "the tensor \"\(tensor.name)\"",
      isVariance: tensor.specification.name == Self.varianceName)
  }

  /// The first unsound number of named tensors.
  static func first(in tensors: [NamedTensor]) -> UnsoundNumber? {
    for tensor in tensors {
      let isVariance =
        tensor.name.utf8.split(separator: UInt8(ascii: ".")).last?.elementsEqual(varianceName.utf8) == true
      if let found = UnsoundNumber(
        in: tensor.values, shape: tensor.shape, tensor: "the tensor \"\(tensor.name)\"", isVariance: isVariance)
      {
        return found
      }
    }
    return nil
  }

  /// One index per dimension.
  private static func index(of place: Int, in shape: [Int]) -> [Int] {
    var rest = place
    var index: [Int] = []
    for size in shape.reversed() {
      index.append(rest % max(1, size))
      rest /= max(1, size)
    }
    return index.reversed()
  }
}
