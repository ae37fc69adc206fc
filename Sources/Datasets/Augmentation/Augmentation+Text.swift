internal import Support

extension Augmentation: CustomStringConvertible, Codable {
  /// Reads "flip,shift=2,erase=0.5:0.4": parts in any order, each at most once, or "none".
  ///
  /// - Throws: `SettingError` with the part that was rejected.
  public init(parsing text: String) throws(SettingError) {
    self.init()
    guard Self.trimmed(text[...]) != "none" else { return }
    var seen: Set<String> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let part = Self.trimmed(part)
      let pieces = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
        String(Self.trimmed($0))
      }
      let name = pieces[0]
      guard let known = AugmentationPart.all.first(where: { $0.name == name }) else {
        throw Self.refusal(ofUnknown: part, named: name)
      }
      guard seen.insert(name).inserted else {
        throw Self.refusal(of: part, because: "expected each change at most once")
      }
      let values = pieces.count == 1 ? [] : pieces[1].split(separator: ":", omittingEmptySubsequences: false)
      guard known.read(&self, values.map { String(Self.trimmed($0)) }) else {
        throw Self.refusal(of: part, because: "expected \(known.form)")
      }
    }
  }

  /// The text of this value, in the order in which the changes are made; parsing it gives the same value.
  public var description: String {
    let parts = AugmentationPart.all.compactMap { part in part.write(self).map { part.name + $0 } }
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

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }

  private static func refusal(ofUnknown part: Substring, named name: String) -> SettingError {
    switch name {
    case "none": return refusal(of: part, because: "expected \"none\" without other changes")
    case "crop": return refusal(of: part, because: "expected shift=N, which pads by N zeros and crops at random")
    default:
      let names = AugmentationPart.all.map(\.name)
      return refusal(
        of: part, because: "expected a list of \(names.joined(separator: ", ")), or none",
        suggestion: Suggestion.closest(to: name, among: names + ["none"]))
    }
  }

  private static func refusal(
    of part: Substring, because reason: String, suggestion: String? = nil
  ) -> SettingError {
    SettingError(setting: setting, part: String(part), reason: reason, suggestion: suggestion)
  }
}
