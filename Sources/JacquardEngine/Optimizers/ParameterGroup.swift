internal import Support

/// Tensors that train with their own learning rate and decay, chosen by name.
///
/// Written as text, `bn*.bias:rate=64,decay=0.02`: a pattern in which `*` stands for any characters and `?` for one, then settings in any order. Of
/// several groups whose patterns match a tensor, the last decides.
public struct ParameterGroup: Hashable, Sendable {
  /// The names of the group's tensors, such as `conv1.weight` or `bn*.bias`.
  public var pattern: String
  /// The factor of the learning rate; with 0 the tensors keep their values.
  public var rate: Float
  /// The factor of the weight decay; nil for 1 for weights and 0 for biases and norms.
  public var decay: Float?
  /// The epochs after which the tensors keep their values; nil for never. Fractions count.
  public var epochs: Double?

  /// A group; its numbers must not be negative.
  public init(_ pattern: String, rate: Float = 1, decay: Float? = nil, epochs: Double? = nil) {
    require(
      rate >= 0 && rate.isFinite && (decay ?? 0) >= 0 && (decay ?? 0).isFinite && (epochs ?? 0) >= 0,
      "ParameterGroup: rate, decay and epochs must not be negative, found \(rate), \(decay ?? 0) and \(epochs ?? 0)")
    self.pattern = pattern
    self.rate = rate
    self.decay = decay
    self.epochs = epochs
  }

  /// Whether the group contains the tensor called `name`.
  public func contains(_ name: String) -> Bool { Self.matches(Array(pattern.utf8)[...], Array(name.utf8)[...]) }

  /// Whether the tensors keep their values after this number of epochs.
  public func isFrozen(after epochs: Double) -> Bool { rate == 0 || self.epochs.map { epochs >= $0 } ?? false }

  private static func matches(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
    // The place after the last star, and the name's rest that it was tried on: a longer star is the only choice to go back to.
    var (pattern, name) = (pattern, name)
    var star: (pattern: ArraySlice<UInt8>, name: ArraySlice<UInt8>)?
    while let byte = name.first {
      if pattern.first == UInt8(ascii: "*") {
        pattern = pattern.dropFirst()
        star = (pattern, name)
      } else if pattern.first == byte || pattern.first == UInt8(ascii: "?") {
        (pattern, name) = (pattern.dropFirst(), name.dropFirst())
      } else if let last = star {
        star = (last.pattern, last.name.dropFirst())
        (pattern, name) = (last.pattern, last.name.dropFirst())
      } else {
        return false
      }
    }
    return pattern.allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

extension ParameterGroup: CustomStringConvertible {
  /// Why a text is no group.
  public struct ParsingError: Error, Hashable {
    /// The part that was rejected.
    public let part: String
    /// What was expected instead.
    public let reason: String
  }

  /// Reads `PATTERN:SETTING=NUMBER,…` with the settings `rate`, `decay` and `epochs`, each at most once, and at least one.
  public init(parsing text: some StringProtocol) throws(ParsingError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw ParsingError(part: String(text), reason: "expected a pattern, a colon and settings, as in bn*.bias:rate=64")
    }
    var numbers: [String: Double] = [:]
    for setting in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
      let pieces = setting.split(separator: "=", omittingEmptySubsequences: false)
      guard pieces.count == 2, Self.settings.contains(String(pieces[0])), let number = Double(pieces[1]),
        Self.range.contains(number)
      else {
        throw ParsingError(
          part: String(setting), reason: "expected rate=N, decay=N or epochs=N, with a number from 0 to 1000000")
      }
      guard numbers.updateValue(number, forKey: String(pieces[0])) == nil else {
        throw ParsingError(part: String(setting), reason: "expected each setting at most once")
      }
    }
    self.init(
      String(parts[0]), rate: Float(numbers["rate"] ?? 1), decay: numbers["decay"].map { Float($0) },
      epochs: numbers["epochs"])
  }

  /// The text of this value; parsing it gives the same value.
  public var description: String {
    var parts = rate == 1 && (decay != nil || epochs != nil) ? [] : ["rate=\(Self.text(Double(rate)))"]
    if let decay { parts.append("decay=\(Self.text(Double(decay)))") }
    if let epochs { parts.append("epochs=\(Self.text(epochs))") }
    return "\(pattern):\(parts.joined(separator: ","))"
  }

  private static let settings = ["rate", "decay", "epochs"]
  private static let range = 0...1e6

  private static func text(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? Float(number).description
  }
}
