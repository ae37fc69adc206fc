/// A report: one self-contained HTML file.
///
/// It can be read without scripts. A small script sorts tables and shows all answers.
package struct ReportPage {
  /// A part of the report.
  package struct Section {
    /// Its name, from which its anchor is derived.
    package var title: String
    /// Its content.
    package var blocks: [ReportBlock]

    /// Describes a section.
    package init(_ title: String, _ blocks: [ReportBlock]) {
      self.title = title
      self.blocks = blocks
    }

    /// The name in links.
    var anchor: String { title.lowercased().split(separator: " ").joined(separator: "-") }
  }

  /// The title.
  package var title: String
  /// A line under it.
  package var subtitle: String
  /// The most important numbers.
  package var highlights: [ReportBlock.Fact]
  /// The sections, in their order.
  package var sections: [Section]
  /// The last line.
  package var footer: String

  /// Describes a report.
  package init(
    _ title: String, subtitle: String, highlights: [ReportBlock.Fact], sections: [Section], footer: String
  ) {
    self.title = title
    self.subtitle = subtitle
    self.highlights = highlights
    self.sections = sections
    self.footer = footer
  }

  /// The file.
  package func html() throws(FigureError) -> String {
    var html = HTML()
    html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n")
    // The page loads nothing from the network, regardless of the names in the data.
    html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; ")
    html.raw("style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n")
    html.element("title", title)
    html.raw("\n<style>\n\(ReportStyle.text)\n</style>\n</head>\n<body>\n")
    html.element("header") { html in
      html.element("h1", title)
      html.element("p", [("class", "lead")], subtitle)
      ReportBlock.write(highlights, className: "highlights", to: &html)
      html.element("nav", [("aria-label", "Sections")]) { html in
        for section in sections { html.element("a", [("href", "#" + section.anchor)], section.title) }
      }
    }
    html.raw("<main>\n")
    for (number, section) in sections.enumerated() {
      try html.element("section", [("id", section.anchor)]) { (html) throws(FigureError) in
        html.element("h2") { html in
          html.element("span", [("class", "step")], "\(number + 1)")
          html.write(section.title)
        }
        for block in section.blocks { try block.write(to: &html) }
      }
    }
    html.raw("</main>\n")
    html.element("footer", footer)
    html.raw("<script>\n\(ReportScript.text)\n</script>\n</body>\n</html>\n")
    return html.text
  }
}
