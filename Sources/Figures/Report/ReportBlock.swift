/// A part of a report's section.
package enum ReportBlock {
  /// A heading within the section.
  case heading(String)
  /// A text.
  case paragraph(String)
  /// Names and values.
  case facts([Fact])
  /// A table.
  case table(ReportTable)
  /// A drawing with a caption.
  case figure(Drawing, caption: String)
  /// Figures side by side, as far as they fit.
  case figures([(drawing: Drawing, caption: String)])
  /// Blocks side by side, as far as they fit.
  case columns([ReportBlock])
  /// A matrix of shaded cells.
  case matrix(ReportMatrix)
  /// Pictures in groups.
  case gallery(ReportGallery)
  /// All answers to a set of images, for browsing.
  case explorer(ReportExplorer)

  /// A name and a value.
  package struct Fact: Hashable, Sendable {
    /// The name.
    package var name: String
    /// The value.
    package var value: String

    /// Describes a fact.
    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  func write(to html: inout HTML) throws(FigureError) {
    switch self {
    case .heading(let text): html.element("h3", text)
    case .paragraph(let text): html.element("p", text)
    case .facts(let facts): Self.write(facts, to: &html)
    case .table(let table): table.write(to: &html)
    case .figure(let drawing, let caption): try Self.write(drawing, caption, to: &html)
    case .figures(let figures):
      try html.element("div", [("class", "figures")]) { (html) throws(FigureError) in
        for (drawing, caption) in figures { try Self.write(drawing, caption, to: &html) }
      }
    case .columns(let blocks):
      try html.element("div", [("class", "columns")]) { (html) throws(FigureError) in
        for block in blocks { try block.write(to: &html) }
      }
    case .matrix(let matrix): matrix.write(to: &html)
    case .gallery(let gallery): try gallery.write(to: &html)
    case .explorer(let explorer): try explorer.write(to: &html)
    }
  }

  static func write(_ facts: [Fact], className: String = "facts", to html: inout HTML) {
    html.element("dl", [("class", className)]) { html in
      for fact in facts {
        html.element("div") { html in
          html.element("dt", fact.name)
          html.element("dd", fact.value)
        }
      }
    }
  }

  private static func write(_ drawing: Drawing, _ caption: String, to html: inout HTML) throws(FigureError) {
    let svg = try drawing.svg(.inherited)
    html.element("figure") { html in
      html.raw(svg)
      html.element("figcaption", caption)
    }
  }
}
