package import Support

extension ReproductionResult {
  /// The result for programs.
  package var json: JSONValue {
    [
      "schema": 1,
      "run": .string(run),
      "model": .string(model),
      "same": .bool(isSame),
      "compared": .string(compared.rawValue),
      "file": .string(file),
      "epochs": ["first": .integer(epochs.lowerBound), "last": .integer(epochs.upperBound)],
      "steps": ["first": .integer(steps.lowerBound), "last": .integer(steps.upperBound)],
      "from_state": start.map(JSONValue.string) ?? .null,
      "gemm": .string(gemm),
      "threads": .integer(threads),
      "weights_sha256": Self.json(weightsSHA256),
      "tensors_sha256": Self.json(tensorsSHA256),
      "tensors": tensors?.json ?? .null,
      "metrics": [
        "epochs": .integer(rows.count), "first_difference": rows.firstDifference.map(JSONValue.integer) ?? .null,
      ],
      "differences": .array(
        differences.map { ["what": .string($0.name), "recorded": $0.recorded, "now": $0.now] }),
      "notes": .array(notes.map(JSONValue.string)),
      "out": out.map(JSONValue.string) ?? .null,
      "seconds": .rounded(seconds, decimals: 3),
    ]
  }

  private static func json(_ hashes: (recorded: String, now: String)?) -> JSONValue {
    guard let hashes else { return .null }
    return ["recorded": .string(hashes.recorded), "now": .string(hashes.now)]
  }
}

extension TensorComparison {
  fileprivate var json: JSONValue {
    [
      "count": .integer(tensorCount),
      "values": .integer(valueCount),
      "different": .integer(differentTensors),
      "different_values": .integer(differentValues),
      "first_different": firstTensor.map(JSONValue.string) ?? .null,
      "largest_difference": .significant(largestDifference),
      "largest_difference_in": largestTensor.map(JSONValue.string) ?? .null,
    ]
  }
}
