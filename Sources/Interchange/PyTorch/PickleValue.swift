/// A value in a pickle of tensors.
///
/// Tuples, lists and dictionaries are indices of nodes that the reader stores, because they may contain themselves.
enum PickleValue: Hashable {
  /// `None`, and values that do not matter for tensors, such as a device.
  case nothing
  case truth(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  /// A global that is used only by other values, such as a storage type or a function that makes tensors.
  case global(String)
  case sequence(Int)
  case dictionary(Int)
  /// An index in the list of storages.
  case storage(Int)
  /// An index in the list of tensors.
  case tensor(Int)

  /// The whole number; nil for other values.
  var integer: Int? { if case .integer(let value) = self { value } else { nil } }

  /// The text; nil for other values.
  var text: String? { if case .text(let value) = self { value } else { nil } }
}

/// A dictionary of a pickle: keys in the order in which they were first set.
struct PickleDictionary {
  private(set) var keys: [PickleValue] = []
  private(set) var values: [PickleValue] = []
  private var places: [PickleValue: Int] = [:]

  /// Sets a key; an existing key keeps its place.
  mutating func set(_ key: PickleValue, _ value: PickleValue) {
    if let place = places[key] {
      values[place] = value
    } else {
      places[key] = keys.count
      keys.append(key)
      values.append(value)
    }
  }
}

/// A block of numbers in a file that tensors view: PyTorch's storage.
struct PyTorchStorage: Hashable {
  /// The name of the archive's member, below `data/`.
  let key: String
  let elementType: SafetensorsElementType
  /// The number of elements.
  let count: Int
}

/// A tensor as a pickle describes it: a view of a storage.
struct PyTorchView {
  /// The index of the storage.
  let storage: Int
  /// The first element, and the distance to the next one along each dimension.
  let offset: Int
  let shape: [Int]
  let strides: [Int]

  /// The number of elements; nil if it overflows.
  var count: Int? {
    var bound = 1
    for dimension in shape {
      let (product, overflow) = bound.multipliedReportingOverflow(by: max(1, dimension))
      guard !overflow else { return nil }
      bound = product
    }
    return shape.contains(0) ? 0 : bound
  }

  /// Whether the elements are contiguous in row-major order.
  var isContiguous: Bool {
    var expected = 1
    for (size, stride) in zip(shape, strides).reversed() where size != 1 {
      guard stride == expected else { return false }
      expected = expected.multipliedReportingOverflow(by: max(1, size)).partialValue
    }
    return true
  }

  /// The elements that it covers, as a range of the storage; nil if it overflows.
  var reach: Range<Int>? {
    guard let count, count > 0 else { return count == nil ? nil : 0..<0 }
    var last = offset
    for (size, stride) in zip(shape, strides) {
      let (distance, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, isTooFar) = last.addingReportingOverflow(distance)
      guard !overflow, !isTooFar, sum < Int.max else { return nil }
      last = sum
    }
    return offset..<last + 1
  }
}
