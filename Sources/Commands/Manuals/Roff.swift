/// Text in the macros of man(7), as groff and mandoc read it.
struct Roff {
  /// What has been written.
  private(set) var text = ""

  /// Begins a page of section 1.
  mutating func header(name: String, date: String, source: String) {
    line(".TH \(Self.quoted(name.uppercased())) 1 \"\(date)\" \(Self.quoted(source)) \"User Commands\"")
  }

  /// Begins a section.
  mutating func section(_ title: String) { line(".SH \(Self.quoted(title))") }

  /// Begins a part of a section.
  mutating func subsection(_ title: String) { line(".SS \(Self.quoted(title))") }

  /// Adds a line that is in the form of roff already.
  mutating func line(_ line: String) { text += line + "\n" }

  /// Adds plain text, whose paragraphs are apart by empty lines.
  mutating func paragraphs(_ plain: String) {
    let paragraphs = plain.split(separator: "\n\n").map { $0.split(separator: "\n").joined(separator: " ") }
    for (index, paragraph) in paragraphs.enumerated() {
      if index > 0 { line(".PP") }
      line(Self.escaped(paragraph))
    }
  }

  /// Adds a term, in the form of roff, and what it means, as plain text.
  mutating func item(_ term: String, _ meaning: String) {
    line(".TP")
    line(term)
    line(Self.escaped(meaning.isEmpty ? "The opposite." : meaning))
  }

  /// Adds lines as they are, in a font for programs.
  mutating func example(_ lines: [String]) {
    line(".nf")
    for example in lines { line(Self.escaped(example)) }
    line(".fi")
  }

  /// A term in bold, whose dashes are those of options.
  static func bold(_ plain: String) -> String { "\\fB\(escaped(plain))\\fR" }

  /// A term to be replaced by what it stands for.
  static func italic(_ plain: String) -> String { "\\fI\(escaped(plain))\\fR" }

  /// Plain text in one line, with nothing in it that roff would read as its own.
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
    // At the beginning of a line these begin a request.
    return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&" + result : result
  }

  private static func quoted(_ plain: String) -> String {
    "\"" + escaped(plain).split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\(dq") + "\""
  }
}
