/// The text of a page, built from tags whose contents are escaped.
struct HTML {
  /// What has been written.
  private(set) var text = ""

  /// A text, escaped for use between tags and in attributes.
  static func escaped(_ text: String) -> String { SVGWriter.escaped(text) }

  /// Writes a text.
  mutating func write(_ text: String) { self.text += Self.escaped(text) }

  /// Writes markup unchanged.
  mutating func raw(_ markup: String) { text += markup }

  /// Writes an element with a text in it.
  mutating func element(_ name: String, _ content: String) { element(name, [], content) }

  /// Writes an element with a text in it.
  mutating func element(_ name: String, _ attributes: [(String, String)], _ content: String) {
    element(name, attributes) { $0.write(content) }
  }

  /// Writes an element with the output of `content` inside.
  mutating func element<Failure: Error>(
    _ name: String, _ attributes: [(String, String)] = [], _ content: (inout HTML) throws(Failure) -> Void
  ) throws(Failure) {
    open(name, attributes)
    try content(&self)
    text += "</\(name)>"
    if Self.blocks.contains(name) { text += "\n" }
  }

  /// Writes the start tag of an element; an empty element has no other tag.
  mutating func open(_ name: String, _ attributes: [(String, String)] = []) {
    text += "<\(name)"
    for (key, value) in attributes { text += value.isEmpty ? " \(key)" : " \(key)=\"\(Self.escaped(value))\"" }
    text += ">"
  }

  /// Elements that end a line in the file.
  private static let blocks: Set<String> = [
    "section", "table", "thead", "tbody", "tr", "p", "h1", "h2", "h3", "figure", "div", "nav", "header", "dl", "footer",
    "li", "ul",
  ]
}
