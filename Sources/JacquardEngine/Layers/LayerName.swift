internal import Support

/// The rules for a layer's own name, such as `layer1.0.conv1`.
///
/// A layer is called by where it stands: `residual1.body.conv1` is the first convolution in the body of the first residual block. One
/// that has a name is called by that alone, wherever it stands, and its tensors are `NAME.weight`, `NAME.bias` and so on: so a model
/// can have the names of another program's network, and the weights of both are the same files. Layers in a block with a name begin
/// with it, unless they have names too. No two tensors of a model may have one name.
package enum LayerName {
  /// The most bytes of a name.
  package static let longest = 200

  /// What is wrong with a name; nil if it is valid or missing.
  package static func problem(_ name: String?) -> String? {
    guard let name else { return nil }
    let isWord =
      name.utf8.count <= longest
      && name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty && part.allSatisfy(isAllowed)
      }
    return isWord
      ? nil : "must be words of letters, digits, \"_\" and \"-\" with points between them, at most \(longest) bytes"
  }

  /// Stops the process unless `name` is nil or good.
  static func require(_ name: String?, of layer: String) {
    let problem = problem(name)
    Support.require(problem == nil, "\(layer): the name \"\(name ?? "")\" \(problem ?? "")")
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

extension KeyedDecodingContainer {
  /// A layer's own name, if there is one.
  func decodeName(_ key: Key) throws -> String? {
    let name = try decodeIfPresent(String.self, forKey: key)
    let problem = LayerName.problem(name)
    try require(problem == nil, key, problem ?? "")
    return name
  }
}
