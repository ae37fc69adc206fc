/// How often answers of each confidence are right: bars and a diagonal that stands for perfect calibration.
package struct ReliabilityDiagram: Chart, Hashable, Sendable {
  /// The answers with a confidence in one of equal parts of 0…1.
  package struct Bin: Hashable, Sendable {
    /// Their number.
    package var count: Int
    /// Their mean confidence.
    package var confidence: Double
    /// The share of right answers.
    package var accuracy: Double

    /// Describes a bin; without answers, its means are ignored.
    package init(count: Int, confidence: Double, accuracy: Double) {
      self.count = count
      self.confidence = confidence
      self.accuracy = accuracy
    }
  }

  /// The title; may be empty.
  package var title: String
  /// The bins, from confidence 0 to 1.
  package var bins: [Bin]
  /// Its natural size.
  package var size: Size

  /// Describes a diagram.
  package init(_ title: String, bins: [Bin], size: Size = Size(460, 400)) {
    self.title = title
    self.bins = bins
    self.size = size
  }

  package func naturalSize(_ meter: TextMeter) -> Size { size }

  package func draw(in area: Rectangle, on drawing: inout Drawing) {
    let share = 0.0...1.0
    let entries = [
      Legend.Entry(name: "accuracy of a bin", ink: .series(0)),
      Legend.Entry(name: "its mean confidence", ink: .text, dashes: []),
      Legend.Entry(name: "perfectly calibrated", ink: .muted, dashes: Dashes.series(1)),
      Legend.Entry(name: "share of the predictions", ink: .series(1), dashes: [], marker: .square),
    ]
    let frame = PlotFrame(
      in: area, title: title, x: Axis("confidence", format: .percent, range: share),
      y: Axis("share", format: .percent, range: share), xs: [], ys: [],
      legend: Legend(entries: entries), meter: drawing.meter)
    frame.draw(on: &drawing)
    let total = Double(max(1, bins.reduce(0) { $0 + $1.count }))
    let width = frame.field.width / Double(max(1, bins.count))
    for (index, bin) in bins.enumerated() where bin.count > 0 {
      let top = frame.place(0, bin.accuracy).y
      let bar = Rectangle(
        frame.field.left + Double(index) * width + 1, top, width: width - 2, height: frame.field.bottom - top)
      drawing.titled(text(bin)) { part in
        part.add(.rectangle(bar, radius: 1, Fill(.series(0), opacity: 0.8), nil))
        // The height of a perfectly calibrated bar.
        let claimed = part.place(frame, bin.confidence)
        part.line(Point(bar.left, claimed), Point(bar.right, claimed), Stroke(.text, width: 1.5))
      }
    }
    drawing.line(frame.place(0, 0), frame.place(1, 1), Stroke(.muted, width: 1.5, dashes: Dashes.series(1)))
    let counts = bins.enumerated().map { index, bin in
      Point(
        frame.field.left + (Double(index) + 0.5) * width, frame.place(0, Double(bin.count) / total).y)
    }
    drawing.add(.line(counts, Stroke(.series(1), width: 1.5)))
    for point in counts { Marker.square.draw(at: point, radius: 2.6, ink: .series(1), on: &drawing) }
  }

  private func text(_ bin: Bin) -> String {
    "\(DecimalText.grouped(Double(bin.count))) predictions, mean confidence \(DecimalText.fixed(bin.confidence * 100, decimals: 1)) %, "
      + "accuracy \(DecimalText.fixed(bin.accuracy * 100, decimals: 1)) %"
  }
}

extension Drawing {
  /// The vertical position of a share in a frame.
  fileprivate func place(_ frame: PlotFrame, _ share: Double) -> Double { frame.place(0, share).y }
}
