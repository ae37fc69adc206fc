internal import Runs
internal import Studies
internal import Support
internal import Terminal

/// The result of `runs`.
struct RunListReport {
  private let list: RunList
  private let folders: [String]

  /// Describes runs.
  ///
  /// - Parameter folders: The folders that were searched.
  init(_ list: RunList, folders: [String]) {
    self.list = list
    self.folders = folders
  }

  /// Why the exit code is not 0.
  var failure: Failure? {
    let broken = list.runs.filter { $0.state == .broken }
    guard let first = broken.first else { return nil }
    return Failure(
      .someItemsFailed,
      "\(broken.count) of \(list.runs.count) runs \(broken.count == 1 ? "is" : "are") broken; the first is \(first.path)."
    )
  }

  /// The runs for programs.
  func json(_ wording: any Wording) -> JSONValue {
    [
      "schema": 1, "folders": .array(folders.map(JSONValue.string)),
      "varied": .array(list.variedKeys.map(JSONValue.string)),
      "runs": .array(list.runs.map { json($0, wording) }),
    ]
  }

  private func json(_ run: RunSummary, _ wording: any Wording) -> JSONValue {
    [
      "run": .string(run.path), "state": .string(run.state.rawValue),
      "ended_by": run.end.map { .string($0.rawValue) } ?? .null,
      "model": run.model.map(JSONValue.string) ?? .null,
      "parameters": run.parameters.map(JSONValue.integer) ?? .null,
      "epochs": .integer(run.epochs.count), "planned_epochs": run.plannedEpochs.map(JSONValue.integer) ?? .null,
      "steps": .integer(run.steps), "seconds": run.seconds.map { .rounded($0, decimals: 3) } ?? .null,
      "started": run.started.map(JSONValue.string) ?? .null, "ended": run.ended.map(JSONValue.string) ?? .null,
      "train": run.training?.json ?? .null, "validation": run.validation?.json ?? .null,
      "test": run.test?.json ?? .null,
      "settings": .object(list.variedKeys.map { .init(name: $0, value: run.settings[$0] ?? .null) }),
      "error": run.problem.map { .string(text(of: $0, wording)) } ?? .null,
    ]
  }

  /// The runs for people.
  func lines(_ wording: any Wording) -> [String] {
    if list.runs.isEmpty { return [] }
    // Their column of results shows it.
    let keys = list.variedKeys.filter { $0 != "epochs" }
    var table = TextTable(
      [
        ("run", .left), ("state", .left), ("epochs", .right), ("accuracy", .right), ("loss", .right), ("of", .left),
        ("time", .right),
      ] + keys.map { ($0, .right) })
    for run in list.runs {
      let score = run.score
      table.append(
        [
          run.path, run.state.rawValue, Self.epochs(run),
          score.map { NumberText.fixed($0.value.accuracy, decimals: 4) } ?? "",
          score.map { NumberText.fixed($0.value.loss, decimals: 4) } ?? "", score?.part.rawValue ?? "",
          run.seconds.map(NumberText.duration) ?? "",
        ] + keys.map { BatchColumn.cell(run.settings[$0] ?? .null) })
    }
    let problems = list.runs.compactMap { run in
      run.problem.map { (name: "\(run.path):", value: text(of: $0, wording)) }
    }
    return table.lines + (problems.isEmpty ? [] : [""] + problems.flatMap { Self.problem($0.name, $0.value) })
  }

  private static func epochs(_ run: RunSummary) -> String {
    guard run.state != .broken else { return "" }
    return run.plannedEpochs.map { "\(run.epochs.count)/\($0)" } ?? "\(run.epochs.count)"
  }

  private static func problem(_ name: String, _ text: String) -> [String] {
    // A message usually names the file itself.
    let line = text.hasPrefix(String(name.dropLast())) ? text : "\(name) \(text)"
    return FoldedText.lines(VisibleText.of(line), columns: FoldedText.terminalColumns, indentation: 2)
  }

  private func text(of failure: Failure, _ wording: any Wording) -> String {
    wording.description(of: failure).text
  }
}
