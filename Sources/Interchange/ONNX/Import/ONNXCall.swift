internal import Support
internal import FoundationEssentials
internal import ONNXSchema

/// A node: its operator, inputs, outputs and attributes. Every attribute must be read.
struct ONNXCall {
  /// The name in error messages: the node's name, or its first output.
  let name: String
  /// The operator, prefixed with its domain if that is not the standard one.
  let type: String
  /// Names of values; empty for an omitted one.
  let inputs: [String]
  let outputs: [String]
  private var attributes: [String: ONNXAttribute] = [:]

  init(_ node: ONNXNode) throws(ONNXImportError.Problem) {
    name = node.name.isEmpty ? node.output.first ?? "" : node.name
    type = node.domain.isEmpty || node.domain == "ai.onnx" ? node.opType : "\(node.domain).\(node.opType)"
    inputs = Array(node.input)
    outputs = Array(node.output)
    for attribute in node.attribute {
      guard attributes.updateValue(attribute, forKey: attribute.name) == nil else {
        throw refusal("has the attribute \(ForeignText.quoted(attribute.name)) twice")
      }
    }
  }

  /// An error for this node.
  func refusal(_ reason: String) -> ONNXImportError.Problem {
    ONNXImportError.Problem(node: name, operatorType: type, reason)
  }

  /// Whether the input at this index exists.
  func has(_ input: Int) -> Bool { input < inputs.count && !inputs[input].isEmpty }

  /// Whether an attribute exists.
  func hasAttribute(_ name: String) -> Bool { attributes[name] != nil }

  /// Whole numbers, without marking them as read; nil if they are missing.
  func listed(_ name: String) -> [Int]? { attributes[name].map { $0.ints.map { Int($0) } } }

  /// A whole number; nil if it is missing.
  mutating func integer(_ name: String) throws(ONNXImportError.Problem) -> Int? {
    try take(name, .int).map { Int($0.i) }
  }

  /// Whole numbers; nil if they are missing.
  mutating func integers(_ name: String) throws(ONNXImportError.Problem) -> [Int]? {
    try take(name, .ints).map { $0.ints.map { Int($0) } }
  }

  /// A number; nil if it is missing.
  mutating func float(_ name: String) throws(ONNXImportError.Problem) -> Float? { try take(name, .float).map(\.f) }

  /// Numbers; nil if they are missing.
  mutating func floats(_ name: String) throws(ONNXImportError.Problem) -> [Float]? {
    try take(name, .floats).map(\.floats)
  }

  /// A text; nil if it is missing.
  mutating func string(_ name: String) throws(ONNXImportError.Problem) -> String? {
    try take(name, .string).map { String(decoding: $0.s, as: UTF8.self) }
  }

  /// A tensor; nil if it is missing.
  mutating func tensor(_ name: String) throws(ONNXImportError.Problem) -> ONNXConstant? {
    guard let attribute = try take(name, .tensor) else { return nil }
    do throws(ONNXImportError.Problem) {
      return try ONNXConstant(attribute.t)
    } catch {
      throw refusal("holds a tensor that cannot be read: \(error.reason)")
    }
  }

  /// Checks that a whole number, if present, has this value.
  mutating func require(_ name: String, _ value: Int, _ reason: String) throws(ONNXImportError.Problem) {
    if let found = try integer(name), found != value { throw refusal("has \(name) = \(found): \(reason)") }
  }

  /// Throws if an attribute was not read: ignoring one could change the meaning of the node.
  func finish() throws(ONNXImportError.Problem) {
    if let name = attributes.keys.sorted().first {
      throw refusal("has the attribute \(ForeignText.quoted(name)), which is not supported")
    }
  }

  private mutating func take(
    _ name: String, _ kind: ONNXAttribute.Kind
  ) throws(ONNXImportError.Problem) -> ONNXAttribute? {
    guard let attribute = attributes.removeValue(forKey: name) else { return nil }
    guard attribute.type == kind else {
      throw refusal("has the attribute \(ForeignText.quoted(name)) of the wrong type")
    }
    return attribute
  }
}
