/// The inline code of a page.
extension DocumentationPage {
  /// A paragraph, an item of a list or a row of a table, in pieces.
  struct Passage {
    enum Piece: Equatable {
      case text(String)
      case code(String)
    }
    let pieces: [Piece]
  }

  /// The passages of the page, without blocks of code, which are run as commands.
  var passages: [Passage] {
    var passages: [[Substring]] = [[]]
    var isInBlock = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") { isInBlock.toggle() }
      let isOutside = isInBlock || line.hasPrefix("```") || line.hasPrefix("    ")
      if isOutside || line.isEmpty || line.firstMatch(of: /^(\||#|- )/) != nil { passages.append([]) }
      if !isOutside { passages[passages.count - 1].append(line) }
    }
    return passages.filter { !$0.isEmpty }.map { Passage($0.joined(separator: " ")) }
  }
}

extension DocumentationPage.Passage {
  init(_ text: String) {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
    pieces = parts.enumerated().map { $0.offset % 2 == 0 ? .text($0.element) : .code($0.element) }
  }
}
