internal import Support

/// Finds the dictionary of tensors in a checkpoint.
struct PyTorchWeights {
  /// The keys that lead to it.
  let keys: [String]
  /// Its tensors by their names.
  let tensors: [(name: String, index: Int)]
  /// The keys beside it, at any level.
  let leftOut: [String]

  /// The deepest level that is searched: `{"model": {"state_dict": …}}`.
  private static let largestDepth = 3
  /// The usual names of the weights, for checkpoints with several dictionaries of tensors; the first match wins.
  private static let usualNames = ["state_dict", "model_state_dict", "model", "net", "network", "weights", "params"]

  /// Finds the dictionary: the content of the file itself, the only dictionary of tensors inside it, or the one with a usual name.
  static func find(in reader: PickleReader, _ root: PickleValue) throws(PyTorchError.Problem) -> PyTorchWeights {
    guard case .dictionary(let index) = root else { throw .noWeights(Self.word(for: root)) }
    var seen: Set<Int> = []
    var found: [PyTorchWeights] = []
    search(reader, index, keys: [], leftOut: [], &seen, &found)
    guard found.count > 1 else {
      guard let only = found.first else { throw .noWeights("a dictionary without tensors") }
      return only
    }
    for name in usualNames {
      let named = found.filter { $0.keys == [name] }
      if named.count == 1 { return named[0] }
    }
    throw .several(found.map { $0.keys.isEmpty ? "the outermost" : $0.keys.joined(separator: ".") })
  }

  private static func search(
    _ reader: PickleReader, _ index: Int, keys: [String], leftOut: [String], _ seen: inout Set<Int>,
    _ found: inout [PyTorchWeights]
  ) {
    // A dictionary may contain itself.
    guard seen.insert(index).inserted else { return }
    let dictionary = reader.dictionaries[index]
    var tensors: [(String, Int)] = []
    var others: [String] = []
    var inner: [(name: String, index: Int)] = []
    for (key, value) in zip(dictionary.keys, dictionary.values) {
      guard let name = key.text else {
        others.append("an entry without a name")
        continue
      }
      switch value {
      case .tensor(let tensor): tensors.append((name, tensor))
      case .dictionary(let dictionary):
        inner.append((name, dictionary))
        others.append(name)
      default: others.append(name)
      }
    }
    // A checkpoint may store a number as a tensor beside its state dictionary, so the search continues.
    if !tensors.isEmpty { found.append(PyTorchWeights(keys: keys, tensors: tensors, leftOut: leftOut + others)) }
    guard keys.count < largestDepth else { return }
    for next in inner {
      let beside = tensors.map(\.0) + others.filter { $0 != next.name }
      search(reader, next.index, keys: keys + [next.name], leftOut: leftOut + beside, &seen, &found)
    }
  }

  private static func word(for value: PickleValue) -> String {
    switch value {
    case .tensor: "a single tensor"
    case .sequence: "a list"
    default: "no dictionary"
    }
  }
}
