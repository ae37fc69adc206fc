package import Support

extension DatasetError: CustomStringConvertible {
  /// The path and the place, what is wrong, what was expected and found, and what to do.
  package var diagnostic: Diagnostic {
    var diagnostic = words
    // The reader of arrays names the file itself.
    if case .array(.unreadable) = code { return diagnostic }
    switch position {
    case .file(let offset): diagnostic.place = "\(path): byte \(offset)"
    case .unpacked(let offset): diagnostic.place = "\(path): byte \(offset) of the unpacked data"
    case nil: diagnostic.place = path
    }
    return diagnostic
  }

  /// One line: the path, the place, what is wrong, what was expected and found, and what to do.
  public var description: String { diagnostic.description }
}
