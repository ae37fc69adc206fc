internal import Support

/// Every answer to a set of images, with the images, for a reader to filter and sort.
///
/// The images lie in sheets of a thousand, which the browser unpacks when it shows the first of them. Where scripts are off, a note
/// stands in its place: what matters is elsewhere on the page, too.
package struct ReportExplorer {
  /// One answer.
  package struct Answer: Hashable, Sendable {
    /// The image's number in its set.
    package var item: Int
    /// Its class.
    package var label: Int
    /// The answer.
    package var answer: Int
    /// The answer's probability, 0…1.
    package var probability: Double
    /// The cross-entropy.
    package var loss: Double

    /// Describes an answer.
    package init(item: Int, label: Int, answer: Int, probability: Double, loss: Double) {
      self.item = item
      self.label = label
      self.answer = answer
      self.probability = probability
      self.loss = loss
    }
  }

  /// The names of the classes.
  package var classNames: [String]
  /// The answers.
  package var answers: [Answer]
  /// The images in the order of the answers, gray, `[answer][height][width]`.
  package var pixels: [UInt8]
  /// Their width.
  package var width: Int
  /// Their height.
  package var height: Int

  /// Losses beyond this one, in thousandths, only have to come first.
  private static let largestLoss = 1_000_000_000_000
  private static let sheetColumns = 40
  private static let sheetCount = 1000
  /// The width of an image on the page, in CSS pixels.
  private static let shown = 56

  /// Describes the answers.
  ///
  /// - Precondition: There are as many images as answers.
  package init(classNames: [String], answers: [Answer], pixels: [UInt8], width: Int, height: Int) {
    require(
      pixels.count == answers.count * width * height && width > 0 && height > 0,
      "ReportExplorer: \(answers.count) answers need as many images of \(width) × \(height)")
    self.classNames = classNames
    self.answers = answers
    self.pixels = pixels
    self.width = width
    self.height = height
  }

  func write(to html: inout HTML) throws(FigureError) {
    html.raw("<noscript><p class=\"note\">Looking through all answers needs scripts, which are off.</p></noscript>\n")
    html.element("div", [("id", "explorer"), ("hidden", "")]) { html in
      html.element("form", [("class", "controls")]) { html in
        choice("true class", "pick-true", ["all"] + classNames, to: &html)
        choice("answer", "pick-answer", ["all"] + classNames, to: &html)
        choice("shown", "pick-shown", ["all", "mistakes", "right"], to: &html)
        choice(
          "order", "pick-order", ["worst first", "by number", "least sure first", "surest first"], to: &html)
      }
      html.element("p", [("id", "explorer-count"), ("aria-live", "polite")], "")
      html.element("ul", [("class", "tiles"), ("id", "explorer-tiles")], "")
      html.element("button", [("type", "button"), ("id", "explorer-more")], "More")
    }
    html.raw("<style>.e{width:\(Self.shown)px;height:\(Self.shown * height / width)px;")
    html.raw("background-size:\(Self.shown * Self.sheetColumns)px auto}")
    for (number, first) in stride(from: 0, to: answers.count, by: Self.sheetCount).enumerated() {
      let text = Base64.text(try sheet(from: first).png())
      html.raw(".e\(number){background-image:url(data:image/png;base64,\(text))}")
    }
    html.raw("</style>\n<script type=\"application/json\" id=\"explorer-data\">\(data)</script>\n")
  }

  private func choice(_ name: String, _ id: String, _ options: [String], to html: inout HTML) {
    html.element("label") { html in
      html.write(name + " ")
      html.element("select", [("id", id)]) { html in
        for (value, option) in options.enumerated() { html.element("option", [("value", "\(value)")], option) }
      }
    }
  }

  /// A sheet of images in rows, in 64 shades: more cannot be told apart at this size, and the page would be half as large again.
  private func sheet(from first: Int) -> Bitmap {
    let count = min(Self.sheetCount, answers.count - first)
    let rows = (count + Self.sheetColumns - 1) / Self.sheetColumns
    let sheetWidth = Self.sheetColumns * width
    var sheet = [UInt8](repeating: 0, count: sheetWidth * rows * height)
    for place in 0..<count {
      let (top, left) = (place / Self.sheetColumns * height, place % Self.sheetColumns * width)
      for row in 0..<height {
        let source = ((first + place) * height + row) * width
        let target = (top + row) * sheetWidth + left
        for column in 0..<width { sheet[target + column] = UInt8(Int(pixels[source + column] >> 2) * 255 / 63) }
      }
    }
    return Bitmap(width: sheetWidth, height: rows * height, pixels: sheet)
  }

  /// A name as JSON in a script: nothing in it may end the script.
  private static func quoted(_ name: String) -> String {
    JSONValue.string(name).text.unicodeScalars.map { $0 == "<" ? "\\u003c" : String($0) }.joined()
  }

  /// The answers as JSON: probabilities in ten-thousandths, losses in thousandths, in lists by kind because these are short.
  private var data: String {
    func list(_ values: [Int]) -> String { "[" + values.map(String.init).joined(separator: ",") + "]" }
    // The losses of a run that diverged are larger than any whole number, or none at all, which is the worst.
    func scaled(_ value: Double, _ factor: Double) -> Int {
      value.isNaN ? Self.largestLoss : Int(nearest: min(value * factor, Double(Self.largestLoss)))
    }
    let names = classNames.map(Self.quoted).joined(separator: ",")
    return "{\"classes\":[\(names)],\"columns\":\(Self.sheetColumns),\"sheet\":\(Self.sheetCount),"
      + "\"width\":\(Self.shown),\"height\":\(Self.shown * height / width),\"item\":\(list(answers.map(\.item))),"
      + "\"label\":\(list(answers.map(\.label))),\"answer\":\(list(answers.map(\.answer))),"
      + "\"probability\":\(list(answers.map { scaled($0.probability, 10_000) })),"
      + "\"loss\":\(list(answers.map { scaled($0.loss, 1000) }))}"
  }
}
