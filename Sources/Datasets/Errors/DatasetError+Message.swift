package import Support

extension DatasetError: CustomStringConvertible {
  /// The path and the position, what is wrong, what was expected and found, and what to do.
  package var diagnostic: Diagnostic {
    var diagnostic = words
    // The message of the array reader already names the file.
    if case .array(.unreadable) = code { return diagnostic }
    switch position {
    case .file(let offset): diagnostic.place = "\(path): byte \(offset)"
    case .unpacked(let offset): diagnostic.place = "\(path): byte \(offset) of the unpacked data"
    case nil: diagnostic.place = path
    }
    return diagnostic
  }

  /// One line: the path, the position, what is wrong, what was expected and found, and what to do.
  public var description: String { diagnostic.description }
}
