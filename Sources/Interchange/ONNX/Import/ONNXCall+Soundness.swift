internal import ONNXSchema
internal import Support

extension ONNXCall {
  /// Operators that may have infinite constants: an infinity means that there is no bound, or a value that never wins a maximum.
  private static let bounding: Set<String> = ["Clip", "Max", "Min", "Pad", "Where"]

  /// Rejects numbers that make every answer NaN: NaN itself, infinite weights, and negative variances.
  ///
  /// - Parameter values: The outputs of earlier nodes, and the constants of the graph.
  func checkNumbers(_ values: [String: ONNXValue]) throws(ONNXImportError.Problem) {
    for (place, name) in inputs.enumerated() {
      guard case .constant(let constant) = values[name], case .floats(let numbers) = constant.elements,
        let found = UnsoundNumber(
          in: numbers, shape: constant.shape, tensor: ForeignText.quoted(name),
          isVariance: type == "BatchNormalization" && place == 4)
      else { continue }
      if Self.bounding.contains(type), !numbers.contains(where: \.isNaN) { continue }
      throw refusal("takes numbers that cannot be used: \(found.finding); \(found.advice)")
    }
  }
}

extension ONNXTensor {
  /// The fields that hold numbers of this tensor. A valid tensor uses at most one; readers differ in which of several they use.
  var filledFields: [String] {
    [
      ("raw_data", rawData.isEmpty), ("float_data", floatData.isEmpty), ("double_data", doubleData.isEmpty),
      ("int32_data", int32Data.isEmpty), ("int64_data", int64Data.isEmpty),
      ("external_data", dataLocation == 0 && externalData.isEmpty),
    ].filter { !$1 }.map(\.0)
  }
}
