internal import Support

extension Augmentation: CustomStringConvertible, Codable {
  /// Reads "flip,shift=2,erase": parts in any order, each at most once, or "none".
  ///
  /// - Throws: `SettingError` with the part that was rejected.
  public init(parsing text: String) throws(SettingError) {
    guard Self.trimmed(text[...]) != "none" else {
      self = .none
      return
    }
    var flips = false
    var shift = 0
    var erases = false
    var seen: Set<String> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let part = Self.trimmed(part)
      let pieces = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
        String(Self.trimmed($0))
      }
      let (name, value) = (pieces[0], pieces.count == 2 ? pieces[1] : nil)
      guard seen.insert(name).inserted || !Self.names.contains(name) else {
        throw Self.refusal(of: part, because: "expected each change at most once")
      }
      switch name {
      case "flip" where value == nil:
        flips = true
      case "erase" where value == nil:
        erases = true
      case "shift":
        guard let pixels = value.flatMap({ Int($0) }), pixels > 0 else {
          throw Self.refusal(of: part, because: "expected shift=N with N pixels, from 1 on")
        }
        shift = pixels
      case "flip", "erase":
        throw Self.refusal(of: part, because: "expected \(name) without a value")
      case "none":
        throw Self.refusal(of: part, because: "expected \"none\" without other changes")
      default:
        throw Self.refusal(
          of: part, because: "expected flip, shift=N or erase, or none",
          suggestion: Suggestion.closest(to: name, among: Self.names))
      }
    }
    self.init(flips: flips, shift: shift, erases: erases)
  }

  /// The text of this value, in the order in which the changes are made; parsing it gives the same value.
  public var description: String {
    var parts: [String] = []
    if flips { parts.append("flip") }
    if shift > 0 { parts.append("shift=\(shift)") }
    if erases { parts.append("erase") }
    return parts.isEmpty ? "none" : parts.joined(separator: ",")
  }

  /// Decodes the text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      try self.init(parsing: container.decode(String.self))
    } catch let error as SettingError {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  /// Encodes the text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  private static let names = ["flip", "shift", "erase", "none"]

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }

  private static func refusal(
    of part: Substring, because reason: String, suggestion: String? = nil
  ) -> SettingError {
    SettingError(setting: setting, part: String(part), reason: reason, suggestion: suggestion)
  }
}
