internal import Support

/// A square matrix of counts by true class (rows) and answer (columns), as a table of shaded cells.
package struct ReportMatrix {
  /// The names of the classes.
  package var classNames: [String]
  /// The counts, row by row.
  package var counts: [[Int]]
  /// The number of images of each class: more than its row has if the matrix leaves out classes.
  package var totals: [Int]
  /// The numbers of the classes, which filter the predictions on a click.
  package var labels: [Int]

  /// Describes a matrix.
  ///
  /// - Parameters:
  ///   - totals: The number of images of each class; nil for the sums of the rows.
  ///   - labels: The numbers of the classes; nil for all classes.
  /// - Precondition: One row and column per class.
  package init(classNames: [String], counts: [[Int]], totals: [Int]? = nil, labels: [Int]? = nil) {
    require(
      counts.count == classNames.count && counts.allSatisfy { $0.count == classNames.count }
        && totals?.count ?? classNames.count == classNames.count
        && labels?.count ?? classNames.count == classNames.count,
      "ReportMatrix: \(classNames.count) classes need as many rows and columns")
    self.classNames = classNames
    self.counts = counts
    self.totals = totals ?? counts.map { $0.reduce(0, +) }
    self.labels = labels ?? Array(classNames.indices)
  }

  func write(to html: inout HTML) {
    let region = [("class", "wide"), ("tabindex", "0"), ("role", "region"), ("aria-label", "Confusion matrix")]
    html.element("div", region) { html in
      html.element("table", [("class", "matrix"), ("id", "confusion")]) { html in
        html.element(
          "caption",
          "Rows are true classes, columns are predictions; the shade grows with the square root of the share.")
        html.element("thead") { html in
          html.element("tr") { html in
            html.element("td", "")
            for name in classNames { html.element("th", [("scope", "col")]) { $0.element("span", name) } }
          }
        }
        html.element("tbody") { html in
          for (label, row) in counts.enumerated() { write(row, label, to: &html) }
        }
      }
    }
  }

  private func write(_ row: [Int], _ label: Int, to html: inout HTML) {
    let total = Double(max(1, totals[label]))
    html.element("tr") { html in
      html.element("th", [("scope", "row")], classNames[label])
      for (answer, count) in row.enumerated() {
        let share = Double(count) / total
        let percent = DecimalText.fixed(share * 100, decimals: 1)
        let tip = "\(classNames[label]) taken for \(classNames[answer]): \(count) images, \(percent) %"
        html.element(
          "td",
          [
            ("class", "h\(Ink.step(share.squareRoot()))" + (label == answer ? " right" : "")), ("title", tip),
            ("data-true", "\(labels[label])"), ("data-answer", "\(labels[answer])"),
          ], DecimalText.grouped(Double(count)))
      }
    }
  }
}
