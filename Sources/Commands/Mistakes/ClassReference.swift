internal import Support

/// A class as the user names it: by its name or its number.
enum ClassReference {
  /// The class that a text names.
  ///
  /// - Parameter flag: The flag with the text, for the message.
  /// - Throws: a `Failure` that suggests the nearest name.
  static func label(_ text: String, among names: [String], flag: String) throws(Failure) -> Int {
    if let label = names.firstIndex(where: { $0.lowercased() == text.lowercased() }) { return label }
    if let label = Int(text), names.indices.contains(label) { return label }
    let hint = Suggestion.closest(to: text, among: names).map { "Did you mean '\($0)'?" }
    let advice = hint ?? "The classes are \(names.joined(separator: ", ")), or 0 to \(names.count - 1)."
    throw Failure(.usage, "\(flag): there is no class '\(text)'. \(advice)")
  }
}
