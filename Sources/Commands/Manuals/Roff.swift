/// Text with the macros of man(7), as groff and mandoc read it.
struct Roff {
  /// The text so far.
  private(set) var text = ""

  /// Begins a page of section 1.
  mutating func header(name: String, date: String, source: String) {
    line(".TH \(Self.quoted(name.uppercased())) 1 \"\(date)\" \(Self.quoted(source)) \"User Commands\"")
  }

  /// Begins a section.
  mutating func section(_ title: String) { line(".SH \(Self.quoted(title))") }

  /// Begins a subsection.
  mutating func subsection(_ title: String) { line(".SS \(Self.quoted(title))") }

  /// Adds a line of roff.
  mutating func line(_ line: String) { text += line + "\n" }

  /// Adds plain text, in which empty lines separate paragraphs.
  mutating func paragraphs(_ plain: String) {
    let paragraphs = plain.split(separator: "\n\n").map { $0.split(separator: "\n").joined(separator: " ") }
    for (index, paragraph) in paragraphs.enumerated() {
      if index > 0 { line(".PP") }
      line(Self.escaped(paragraph))
    }
  }

  /// Adds a term, as roff, and its meaning, as plain text.
  mutating func item(_ term: String, _ meaning: String) {
    line(".TP")
    line(term)
    line(Self.escaped(meaning.isEmpty ? "The opposite." : meaning))
  }

  /// Adds lines verbatim, in a font for programs.
  mutating func example(_ lines: [String]) {
    line(".nf")
    for example in lines { line(Self.escaped(example)) }
    line(".fi")
  }

  /// A term in bold, with the dashes of options.
  static func bold(_ plain: String) -> String { "\\fB\(escaped(plain))\\fR" }

  /// A placeholder, in italics.
  static func italic(_ plain: String) -> String { "\\fI\(escaped(plain))\\fR" }

  /// Plain text in one line, with everything escaped that roff would interpret.
  static func escaped(_ plain: String) -> String {
    var result = ""
    for scalar in plain.unicodeScalars {
      switch scalar {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "\n": result += " "
      case _ where scalar.isASCII: result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
      }
    }
    // At the beginning of a line, these start a request.
    return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&" + result : result
  }

  private static func quoted(_ plain: String) -> String {
    "\"" + escaped(plain).split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\(dq") + "\""
  }
}
