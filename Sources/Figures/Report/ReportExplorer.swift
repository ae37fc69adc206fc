internal import Support

/// Every answer to a set of images, with the images. Readers can filter and sort them.
///
/// The images are combined into sheets of up to a thousand, which the browser decodes on demand. Without scripts, a
/// note replaces this block; everything important is elsewhere on the page too. If the images would make the page too
/// large, mistakes come first, and a note says how many answers the page contains.
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
  /// The image of the answer at an index of `answers`; all images have the same size and number of channels.
  package var image: (Int) -> Bitmap

  /// The largest loss, in thousandths; larger losses only need to come first.
  private static let largestLoss = 1_000_000_000_000
  /// The limit of the page in bytes up to the end of this block; pictures of mistakes follow it.
  private static let largestPage = 13 << 20

  /// Describes the answers.
  package init(classNames: [String], answers: [Answer], image: @escaping (Int) -> Bitmap) {
    self.classNames = classNames
    self.answers = answers
    self.image = image
  }

  /// Describes answers to gray images.
  ///
  /// - Parameter pixels: The images in the order of the answers, `[answer][height][width]`.
  /// - Precondition: There are as many images as answers.
  package init(classNames: [String], answers: [Answer], pixels: [UInt8], width: Int, height: Int) {
    require(
      pixels.count == answers.count * width * height && width > 0 && height > 0,
      "ReportExplorer: \(answers.count) answers need as many images of \(width) × \(height)")
    self.init(classNames: classNames, answers: answers) { place in
      Bitmap(width: width, height: height, pixels: pixels[place * width * height..<(place + 1) * width * height])
    }
  }

  func write(to html: inout HTML) throws(FigureError) {
    let size = html.text.utf8.count
    try write(to: &html, budget: max(Self.largestPage / 4, Self.largestPage - size))
  }

  /// Writes as many answers as fit into a number of bytes, with their images.
  func write(to html: inout HTML, budget: Int) throws(FigureError) {
    guard !answers.isEmpty else { return }
    var places = Array(answers.indices)
    var sheets = try ReportSheets(places, image: image, budget: budget)
    if sheets.count < answers.count {
      let worst = answers.map { $0.loss.isNaN ? .infinity : $0.loss }
      let isMistake = answers.map { $0.label != $0.answer }
      places.sort { a, b in
        if isMistake[a] != isMistake[b] { return isMistake[a] }
        return isMistake[a] && worst[a] != worst[b] ? worst[a] > worst[b] : a < b
      }
      sheets = try ReportSheets(places, image: image, budget: budget)
      html.element(
        "p", [("class", "note")],
        "To keep the page small, it holds \(DecimalText.grouped(Double(sheets.count))) of "
          + "\(DecimalText.grouped(Double(answers.count))) predictions, mistakes first.")
    }
    html.raw("<noscript><p class=\"note\">To browse all predictions, turn on scripts.</p></noscript>\n")
    html.element("div", [("id", "explorer"), ("hidden", "")]) { html in
      html.element("form", [("class", "controls")]) { html in
        choice("true class", "pick-true", ["all"] + classNames, to: &html)
        choice("predicted class", "pick-answer", ["all"] + classNames, to: &html)
        choice("shown", "pick-shown", ["all", "mistakes", "correct"], to: &html)
        choice(
          "order", "pick-order", ["worst first", "by number", "least sure first", "surest first"], to: &html)
      }
      html.element("p", [("id", "explorer-count"), ("aria-live", "polite")], "")
      html.element("ul", [("class", "tiles"), ("id", "explorer-tiles")], "")
      html.element("button", [("type", "button"), ("id", "explorer-more")], "More")
    }
    html.raw(sheets.styleElement)
    let kept = places.prefix(sheets.count).map { answers[$0] }
    html.raw("<script type=\"application/json\" id=\"explorer-data\">\(data(kept, sheets))</script>\n")
  }

  private func choice(_ name: String, _ id: String, _ options: [String], to html: inout HTML) {
    html.element("label") { html in
      html.write(name + " ")
      html.element("select", [("id", id)]) { html in
        for (value, option) in options.enumerated() { html.element("option", [("value", "\(value)")], option) }
      }
    }
  }

  /// A name as JSON, escaped so that it cannot end the script element.
  private static func quoted(_ name: String) -> String {
    JSONValue.string(name).text.unicodeScalars.map { $0 == "<" ? "\\u003c" : String($0) }.joined()
  }

  /// The answers as JSON: probabilities in ten-thousandths, losses in thousandths, as one list per kind, which is
  /// short.
  private func data(_ answers: [Answer], _ sheets: ReportSheets) -> String {
    func list(_ values: [Int]) -> String { "[" + values.map(String.init).joined(separator: ",") + "]" }
    // The losses of a run that diverged can exceed any integer, or be NaN, which counts as the worst.
    func scaled(_ value: Double, _ factor: Double) -> Int {
      value.isNaN ? Self.largestLoss : Int(nearest: min(value * factor, Double(Self.largestLoss)))
    }
    let names = classNames.map(Self.quoted).joined(separator: ",")
    return "{\"classes\":[\(names)],\"columns\":\(ReportSheets.columns),\"sheet\":\(sheets.capacity),"
      + "\"ink\":\(sheets.isInk),\"width\":\(ReportSheets.shownWidth),\"height\":\(sheets.shownHeight),"
      + "\"item\":\(list(answers.map(\.item))),"
      + "\"label\":\(list(answers.map(\.label))),\"answer\":\(list(answers.map(\.answer))),"
      + "\"probability\":\(list(answers.map { scaled($0.probability, 10_000) })),"
      + "\"loss\":\(list(answers.map { scaled($0.loss, 1000) }))}"
  }
}
