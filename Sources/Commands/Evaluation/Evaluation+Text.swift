internal import JacquardEngine
internal import Runs
internal import Support
internal import Terminal

extension Evaluation {
  /// How many confused pairs are shown.
  private static let pairCount = 5
  private static let mostClassesOfTable = 20
  /// With more classes, only the pairs of a few are shown.
  private static let fewClasses = 10
  /// Above this number of classes the JSON omits the matrix, which grows with the square.
  private static let mostClassesOfMatrix = 2000

  /// The result for programs.
  ///
  /// - Parameters:
  ///   - groups: The accuracy by groups of images, if asked for.
  ///   - costs: The costs of the answers, if asked for.
  func json(groups: GroupFigures? = nil, costs: CostFigures? = nil) -> JSONValue {
    let macro = report.macro
    let members: JSONValue = [
      "schema": 1,
      "checkpoint": .string(checkpoint),
      "model": .string(network.model.name),
      "preprocessing": network.model.preprocessing.json,
      "preprocessing_from": .string(preprocessingOrigin.rawValue),
      "split": .string(split.rawValue),
      "tta": .string(views.description),
      "zero_weights": network.sparsity.json,
      "count": .integer(report.count),
      "loss": .rounded(report.loss, decimals: 6),
      "accuracy": .rounded(report.accuracy, decimals: 6),
      "accuracy_interval": [
        .rounded(report.accuracyInterval.low, decimals: 6), .rounded(report.accuracyInterval.high, decimals: 6),
      ],
      "balanced_accuracy": .rounded(report.balancedAccuracy, decimals: 6),
      "top3": .rounded(report.top3, decimals: 6),
      "expected_calibration_error": .rounded(report.expectedCalibrationError, decimals: 6),
      "macro": [
        "precision": .rounded(macro.precision, decimals: 6),
        "recall": .rounded(macro.recall, decimals: 6),
        "f1": .rounded(macro.f1, decimals: 6),
      ],
      "per_class": .array(
        report.perClass.map { figures in
          [
            "class": .string(figures.name),
            "precision": .rounded(figures.precision, decimals: 6),
            "recall": .rounded(figures.recall, decimals: 6),
            "f1": .rounded(figures.f1, decimals: 6),
            "support": .integer(figures.support),
          ]
        }),
      "confusion": report.perClass.count > Self.mostClassesOfMatrix
        ? .null : .array(report.confusion.map { .array($0.map(JSONValue.integer)) }),
      "most_confused": .array(
        report.mostConfused(Self.pairCount).map { pair in
          [
            "true": .string(classNames[pair.label]), "predicted": .string(classNames[pair.answer]),
            "count": .integer(pair.count),
          ]
        }),
      "calibration": .array(
        report.calibration.map { bin in
          [
            "count": .integer(bin.count), "confidence": .rounded(bin.confidence, decimals: 6),
            "accuracy": .rounded(bin.accuracy, decimals: 6),
          ]
        }),
      "seconds": .rounded(timing.seconds(of: .prediction), decimals: 3),
      "images_per_second": .rounded(imagesPerSecond, decimals: 1),
      "timing": timing.json,
    ]
    guard case .object(var all) = members else { return members }
    if let groups { all.append(.init(name: "by", value: .array(groups.rows.map(Self.json)))) }
    if let costs { all.append(.init(name: "costs", value: Self.json(costs))) }
    if memberCount > 1 { all.append(.init(name: "members", value: .integer(memberCount))) }
    if let plainReport {
      let plain: JSONValue = [
        "loss": .rounded(plainReport.loss, decimals: 6), "accuracy": .rounded(plainReport.accuracy, decimals: 6),
        "expected_calibration_error": .rounded(plainReport.expectedCalibrationError, decimals: 6),
      ]
      all.append(.init(name: "plain", value: plain))
    }
    if let uncalibratedReport {
      let uncalibrated: JSONValue = [
        "loss": .rounded(uncalibratedReport.loss, decimals: 6),
        "expected_calibration_error": .rounded(uncalibratedReport.expectedCalibrationError, decimals: 6),
      ]
      all += [
        .init(name: "temperature", value: .number(temperature.value)),
        .init(name: "uncalibrated", value: uncalibrated),
      ]
    }
    return .object(all)
  }

  private static func json(_ row: GroupFigures.Row) -> JSONValue {
    [
      "group": .string(row.name), "count": .integer(row.count), "accuracy": .rounded(row.accuracy, decimals: 6),
      "accuracy_interval": [
        .rounded(row.interval.low, decimals: 6), .rounded(row.interval.high, decimals: 6),
      ],
    ]
  }

  private static func json(_ costs: CostFigures) -> JSONValue {
    [
      "mean": .rounded(costs.plainMean, decimals: 6), "least_mean": .rounded(costs.leastMean, decimals: 6),
      "least_accuracy": .rounded(costs.leastAccuracy, decimals: 6), "changed": .integer(costs.changed),
      "threshold": costs.threshold.map { .rounded($0, decimals: 6) } ?? .null,
    ]
  }

  /// The result for people, with the same parts.
  func lines(groups: GroupFigures?, costs: CostFigures?) -> [String] {
    var result = lines
    if let costs {
      var pairs: [(name: String, value: String)] = [
        ("mean cost", NumberText.fixed(costs.plainMean, decimals: 4)),
        (
          "least expected cost",
          "\(NumberText.fixed(costs.leastMean, decimals: 4)), with \(NumberText.grouped(costs.changed)) other answers and accuracy \(NumberText.percent(costs.leastAccuracy))"
        ),
      ]
      if let threshold = costs.threshold {
        pairs.append(
          ("threshold", "\(NumberText.fixed(threshold, decimals: 4)) for the probability of \(classNames[1])"))
      }
      result += [""] + TextTable.pairs(pairs)
    }
    if let groups {
      var table = TextTable([("group", .left), ("images", .right), ("accuracy", .right), ("95 % interval", .right)])
      for row in groups.rows {
        table.append([
          row.name, NumberText.grouped(row.count), NumberText.percent(row.accuracy),
          "\(NumberText.percent(row.interval.low)) to \(NumberText.percent(row.interval.high))",
        ])
      }
      result += [""] + table.lines
    }
    return result
  }

  /// The result for people.
  var lines: [String] {
    let speed = "\(NumberText.whole(imagesPerSecond)) images/s"
    let interval = [report.accuracyInterval.low, report.accuracyInterval.high].map { NumberText.percent($0) }
    let macro = [report.macro.precision, report.macro.recall, report.macro.f1].map { NumberText.fixed($0, decimals: 4) }
    var pairs: [(name: String, value: String)] = [
      ("checkpoint", checkpoint),
      ("model", network.model.name + (memberCount > 1 ? ", mean of the probabilities of \(memberCount) runs" : "")),
      (
        "preprocessing",
        "\(network.model.preprocessing.text), \(CommandLineWording().text(of: preprocessingOrigin.text))"
      ),
      ("images", "\(NumberText.grouped(report.count)), \(split.rawValue)\(views.note)"),
      ("loss", NumberText.fixed(report.loss, decimals: 4)),
      ("accuracy", "\(NumberText.percent(report.accuracy)), 95 % interval \(interval[0]) to \(interval[1])"),
      ("top 3", NumberText.percent(report.top3)),
      ("macro average", "precision \(macro[0]), recall \(macro[1]), F1 \(macro[2])"),
      ("calibration error", NumberText.percent(report.expectedCalibrationError)),
      ("time", "\(NumberText.duration(timing.seconds(of: .prediction))), \(speed)"),
      ("slowest part", timing.line),
    ]
    let (accuracy, balanced) = (NumberText.percent(report.accuracy), NumberText.percent(report.balancedAccuracy))
    if balanced != accuracy, let place = pairs.firstIndex(where: { $0.name == "accuracy" }) {
      pairs.insert(("balanced accuracy", balanced), at: place + 1)
    }
    if let plain = plainReport {
      let figures =
        "loss \(NumberText.fixed(plain.loss, decimals: 4)), accuracy \(NumberText.percent(plain.accuracy)), "
        + "calibration error \(NumberText.percent(plain.expectedCalibrationError))"
      pairs.insert(("without views", figures), at: pairs.count - 2)
    }
    let sparsity = network.sparsity
    if sparsity.zeros > 0 { pairs.insert(("zero weights", sparsity.text), at: 3) }
    if let uncalibratedReport { pairs.insert(contentsOf: calibrationPairs(uncalibratedReport), at: pairs.count - 2) }
    guard report.perClass.count <= Self.mostClassesOfTable else {
      let rest =
        "The \(Self.fewClasses) of \(NumberText.grouped(report.perClass.count)) classes with the lowest F1; --json has all."
      return TextTable.pairs(pairs) + ["", rest] + classTable.lines + confusedLines
    }
    return TextTable.pairs(pairs) + [""] + classTable.lines + ["", "Rows are true classes, columns are predictions."]
      + confusionTable.lines + confusedLines
  }

  /// The temperature, and the figures that it changes.
  private func calibrationPairs(_ before: ClassificationReport) -> [(name: String, value: String)] {
    var value = NumberText.fixed(temperature.value, decimals: 4)
    if case .fitted = temperature { value += ", fitted on these images and stored with the weights" }
    let loss = NumberText.fixed(before.loss, decimals: 4)
    let error = NumberText.percent(before.expectedCalibrationError)
    return [("temperature", value), ("without it", "loss \(loss), calibration error \(error)")]
  }

  /// The numbers of the classes shown: all, or the weakest if there are too many.
  private var shownClasses: [Int] {
    let classes = report.perClass
    guard classes.count > Self.mostClassesOfTable else { return Array(classes.indices) }
    // Sorting is stable. A class without images has no figures.
    return Array(
      classes.indices.filter { classes[$0].support > 0 }.sorted { classes[$0].f1 < classes[$1].f1 }.prefix(
        Self.fewClasses))
  }

  private var classTable: TextTable {
    var table = TextTable([
      ("class", .right), ("name", .left), ("precision", .right), ("recall", .right), ("f1", .right),
      ("images", .right),
    ])
    for label in shownClasses {
      let figures = report.perClass[label]
      let shares = [figures.precision, figures.recall, figures.f1].map { NumberText.fixed($0, decimals: 4) }
      table.append([String(label), figures.name] + shares + [NumberText.grouped(figures.support)])
    }
    return table
  }

  private var confusionTable: TextTable {
    var table = TextTable([("", .right)] + report.confusion.indices.map { (String($0), .right) })
    for (label, row) in report.confusion.enumerated() { table.append([String(label)] + row.map(String.init)) }
    return table
  }

  private var confusedLines: [String] {
    let isLarge = report.perClass.count > Self.mostClassesOfTable
    let pairs = report.mostConfused(isLarge ? 2 * Self.fewClasses : Self.pairCount)
    if pairs.isEmpty { return [] }
    var table = TextTable([("most confused", .left), ("predicted as", .left), ("images", .right)])
    for pair in pairs {
      table.append([classNames[pair.label], classNames[pair.answer], NumberText.grouped(pair.count)])
    }
    return [""] + table.lines
  }
}
