internal import Support

/// An INPUT of `predict`: an IDX or `.npy` file of images, or some of its items.
struct InputReference: Equatable, Sendable {
  /// The file's path.
  let path: String
  /// The items, from the first to the last; nil for all.
  let items: ClosedRange<Int>?

  /// Reads `file`, `file:7` or `file:0..9`, including both ends. If the text after the last colon is not such a number, it belongs to the
  /// file's name.
  init(_ text: String) {
    if let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")),
      let items = Self.items(text[text.utf8.index(after: colon)...])
    {
      path = String(text[..<colon])
      self.items = items
    } else {
      path = text
      items = nil
    }
  }

  private static func items(_ text: Substring) -> ClosedRange<Int>? {
    guard text.allSatisfy({ $0.isASCII && $0.isNumber || $0 == "." }) else { return nil }
    if let item = Int(text) { return item...item }
    let bounds = text.split(separator: "..", omittingEmptySubsequences: false)
    guard bounds.count == 2, let first = Int(bounds[0]), let last = Int(bounds[1]), first <= last else { return nil }
    return first...last
  }

  /// The name of one of the items in results.
  func name(of item: Int) -> String { "\(path):\(item)" }
}
