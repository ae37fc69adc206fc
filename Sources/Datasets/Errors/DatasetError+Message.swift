extension DatasetError: CustomStringConvertible {
  /// One line: the path, the place, what is wrong, what was expected and found, and what to do.
  public var description: String {
    let place =
      switch position {
      case .file(let offset): "byte \(offset): "
      case .unpacked(let offset): "byte \(offset) of the unpacked data: "
      case nil: ""
      }
    let words = explanation
    switch code {
    // The reader's message names the file itself.
    case .array(.unreadable): return words.problem
    case .picture(.unreadable): return "\(path): \(words.problem)"
    default: break
    }
    return "\(path): \(place)\(words.problem): expected \(words.expected), found \(words.found); \(words.advice)"
  }
}
