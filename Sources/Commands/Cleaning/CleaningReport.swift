internal import Datasets
internal import Figures
internal import Runs
internal import Studies
internal import Support
internal import Terminal

/// The result of `data clean` as a table, as JSON, as a contact sheet and as a page.
struct CleaningReport {
  let cleaning: DataCleaning
  /// The findings with the reasons that the user asked for.
  let findings: [DataFinding]
  /// The data folder or file.
  let data: String
  /// The cross-validation's folder or archive.
  let crossval: String

  /// The findings of a reason.
  private func findings(_ reason: DataFinding.Reason) -> [DataFinding] { findings.filter { $0.reason == reason } }

  /// The reasons that occur.
  private var reasons: [DataFinding.Reason] { DataFinding.Reason.allCases.filter { !findings($0).isEmpty } }

  /// The columns of the table.
  static let csvHeader = "part,index,path,label,reason,score,suggestion"

  /// The table, which `train --exclude` reads.
  var csv: String {
    let rows = findings.map { finding in
      CSVText.row([
        finding.part.name, String(finding.index), cleaning.path(finding) ?? "", cleaning.label(finding),
        finding.reason.rawValue, NumberText.fixed(finding.score, decimals: 6), finding.suggestion,
      ])
    }
    return ([Self.csvHeader] + rows).map { $0 + "\n" }.joined()
  }

  /// The result for programs.
  func json(table: String, sheet: String?, page: String) -> JSONValue {
    [
      "schema": 1, "data": .string(data), "crossval": .string(crossval),
      "train_images": .integer(cleaning.training.count),
      "test_images": cleaning.test.map { .integer($0.count) } ?? .null,
      "checked_labels": .integer(cleaning.checkedLabels), "uses_features": .bool(cleaning.usesFeatures),
      "counts": .object(
        DataFinding.Reason.allCases.map { .init(name: $0.rawValue, value: .integer(findings($0).count)) }),
      "table": .string(table), "sheet": sheet.map(JSONValue.string) ?? .null, "report": .string(page),
      "findings": .array(
        findings.map { finding in
          [
            "part": .string(finding.part.name), "index": .integer(finding.index),
            "path": cleaning.path(finding).map(JSONValue.string) ?? .null, "label": .string(cleaning.label(finding)),
            "reason": .string(finding.reason.rawValue), "score": .rounded(finding.score, decimals: 6),
            "suggestion": .string(finding.suggestion),
          ]
        }),
    ]
  }

  /// The result for people.
  func lines(table: String, sheet: String?, page: String) -> [String] {
    func count(_ count: Int, _ name: String) -> String { "\(NumberText.grouped(count)) \(name)" }
    var pairs: [(name: String, value: String)] = [
      ("data", data),
      (
        "images",
        [count(cleaning.training.count, "training"), cleaning.test.map { count($0.count, "test") }].compactMap(\.self)
          .joined(separator: ", ")
      ),
    ]
    for reason in DataFinding.Reason.allCases {
      let found = findings(reason)
      let share =
        reason == .label
        ? " of \(NumberText.grouped(cleaning.checkedLabels)) labels, \(NumberText.percent(Double(found.count) / Double(max(1, cleaning.checkedLabels))))"
        : ""
      pairs.append((Self.name(of: reason), NumberText.grouped(found.count) + share))
    }
    pairs += [("table", table)] + (sheet.map { [("pictures", $0)] } ?? []) + [("page", page)]
    return TextTable.pairs(pairs)
  }

  private static func name(of reason: DataFinding.Reason) -> String {
    switch reason {
    case .label: "probably wrong labels"
    case .duplicate: "near-duplicates"
    case .blurred: "blurred"
    case .dark: "dark"
    case .size: "odd sizes"
    }
  }

  private static func explanation(of reason: DataFinding.Reason) -> String {
    switch reason {
    case .label:
      "Networks that were not trained on these images see another class. The least probable labels come first."
    case .duplicate:
      "Images that repeat an earlier image, or training images that repeat a test image, except for small changes. The name under an image is the one that it repeats."
    case .blurred: "Images whose edges are far weaker than those of the others."
    case .dark: "Images without bright pixels."
    case .size: "Pictures of far other proportions than the others, or smaller than the network's input."
    }
  }

  // MARK: Pictures

  /// Whether the images can be drawn.
  var isDrawable: Bool { [1, 3].contains(cleaning.training.shape.channels) }

  private func tile(_ finding: DataFinding) -> ImageGrid.Tile {
    let set = cleaning.set(finding)
    let path = cleaning.path(finding)
    let name = path.map(PathText.name) ?? "\(finding.part.name):\(finding.index)"
    let detail: String =
      switch finding.reason {
      case .label: "✗ \(finding.suggestion)?"
      case .duplicate: "= \(finding.suggestion)"
      case .blurred, .dark: NumberText.fixed(finding.score, decimals: 1)
      case .size: finding.suggestion
      }
    return ImageGrid.Tile(
      Bitmap(set.shape, pixels: set.pixels(at: finding.index)),
      captions: [.init(cleaning.label(finding)), .init(detail, .bad), .init(name, .muted)],
      tip: "\(path ?? name): \(cleaning.label(finding)), \(finding.reason.rawValue) \(detail)")
  }

  /// The contact sheet: the first findings of each reason.
  func panels(_ count: Int) -> Panels {
    let columns = 10
    var rows: [ImageGrid.Row] = []
    for reason in reasons {
      let tiles = findings(reason).prefix(count).map(tile)
      for first in stride(from: 0, to: tiles.count, by: columns) {
        rows.append(
          ImageGrid.Row(
            first == 0 ? Self.name(of: reason) : "", tiles: Array(tiles[first..<min(first + columns, tiles.count)])))
      }
    }
    return Panels(
      findings.isEmpty ? "Nothing to clean" : "To look at",
      subtitle: "\(data): the first findings of each kind", charts: [ImageGrid("", rows: rows, imageWidth: 72, gap: 12)]
    )
  }

  /// The page.
  func page(_ count: Int) -> ReportPage {
    let sections = DataFinding.Reason.allCases.map { reason -> ReportPage.Section in
      let found = findings(reason)
      var blocks: [ReportBlock] = [.paragraph(found.isEmpty ? "None." : Self.explanation(of: reason))]
      if found.isEmpty { return .init(Self.name(of: reason).capitalizedFirst, blocks) }
      if isDrawable {
        blocks.append(.gallery(ReportGallery(rows: [.init(tiles: found.prefix(count).map(tile))], imageWidth: 72)))
      }
      blocks.append(
        .table(
          ReportTable(
            found.count > Self.tableLimit
              ? "The first \(Self.tableLimit) of \(NumberText.grouped(found.count))"
              : Self.name(of: reason).capitalizedFirst,
            columns: [
              .init("image", isNumeric: false), .init("label", isNumeric: false), .init("score"),
              .init("suggestion", isNumeric: false),
            ],
            rows: found.prefix(Self.tableLimit).map { finding in
              [
                cleaning.path(finding) ?? "\(finding.part.name):\(finding.index)", cleaning.label(finding),
                NumberText.fixed(finding.score, decimals: 4), finding.suggestion,
              ]
            })))
      return .init(Self.name(of: reason).capitalizedFirst, blocks)
    }
    return ReportPage(
      "Cleaning \(PathText.name(data))", subtitle: data,
      highlights: DataFinding.Reason.allCases.map {
        .init(Self.name(of: $0), NumberText.grouped(findings($0).count))
      },
      sections: sections, footer: "Written by jacquard \(Version.current) from the data in \(data).")
  }

  private static let tableLimit = 200
}

extension String {
  /// The text with a capital first letter.
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
