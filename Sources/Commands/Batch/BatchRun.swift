internal import JacquardEngine

/// A batch: every checkpoint on every split of every data set, a row for each.
final class BatchRun {
  /// What is evaluated, and how.
  struct Plan {
    var checkpoints: [Subject]
    var splits: [EvaluationSplit]
    var views: TestTimeViews
    var inference: InferenceOptions
    /// Processes to work in; nil for this one.
    var jobs: Int?
    /// Seconds that a row may take; nil for any number.
    var timeout: Double?
    var predictions: PredictionsFolder?
    var hasEnsemble: Bool

    /// The evaluations, in the order in which they are done.
    var items: [BatchItem] {
      checkpoints.flatMap { checkpoint in
        checkpoint.data.flatMap { data in
          splits.map { BatchItem(checkpoint: checkpoint.path, data: data, split: $0) }
        }
      }
    }

    /// The images that checkpoints are evaluated on, each group once.
    var groups: [Group] {
      var seen: Set<Group> = []
      return items.map(Group.init).filter { seen.insert($0).inserted }
    }
  }

  /// A checkpoint and its data sets.
  struct Subject {
    /// The checkpoint as the user named it.
    let path: String
    /// The data folders or files.
    let data: [String]
  }

  /// A split of a data set.
  struct Group: Hashable {
    let data: String
    let split: EvaluationSplit

    /// The group that an item belongs to.
    init(_ item: BatchItem) {
      data = item.data
      split = item.split
    }
  }

  private let plan: Plan
  private let identities: BatchIdentities
  private let emit: (BatchRow) throws -> Void
  private let known: [BatchRow.Identity: BatchRow]
  private var knownEvaluator: BatchEvaluator?
  private var rowsOfItems: [BatchItem: BatchRow] = [:]
  private var sums: [Group: EnsembleSum] = [:]
  private var doneEnsembles: [Group: BatchRow] = [:]
  private var newEnsembles: [BatchRow] = []
  /// How many of the rows were there before.
  private(set) var keptCount = 0

  /// Prepares a batch.
  ///
  /// - Parameters:
  ///   - earlier: Rows that are done.
  ///   - emit: Takes each new row, in the order in which they end.
  init(_ plan: Plan, earlier: [BatchRow], emit: @escaping (BatchRow) throws -> Void) {
    self.plan = plan
    self.emit = emit
    identities = BatchIdentities(views: plan.views)
    known = Dictionary(earlier.map { ($0.identity, $0) }) { first, _ in first }
  }

  /// All rows of this batch that there are, in the order of the plan, those of ensembles last.
  var rows: [BatchRow] {
    plan.items.compactMap { rowsOfItems[$0] } + plan.groups.compactMap { doneEnsembles[$0] } + newEnsembles
  }

  /// Does what is not done yet; returns early once somebody asks this process to stop.
  func run() throws {
    let items = plan.items
    if !known.isEmpty {
      for item in items { rowsOfItems[item] = known[identities.identity(of: item)] }
      keptCount = rowsOfItems.count
    }
    if plan.hasEnsemble { findEnsembles() }
    if plan.jobs != nil || plan.timeout != nil {
      try runInProcesses(items.filter { rowsOfItems[$0] == nil })
    }
    for item in items {
      if StopSignal.status != nil { return }
      let needsAnswers = plan.hasEnsemble && doneEnsembles[Group(item)] == nil
      let isDone = rowsOfItems[item] != nil
      guard !isDone || needsAnswers && rowsOfItems[item]?.status == .ok else { continue }
      guard let (row, answers) = try evaluator().evaluate(item, predictions: isDone ? nil : plan.predictions) else {
        return
      }
      if !isDone {
        rowsOfItems[item] = row
        try emit(row)
      }
      if needsAnswers, let answers {
        sums[Group(item), default: EnsembleSum()].add(answers, of: row.identity)
        sums[Group(item)]?.seconds += row.seconds
      }
    }
    if plan.hasEnsemble, StopSignal.status == nil { try finishEnsembles() }
  }

  /// What evaluates in this process, made when it is needed first.
  private func evaluator() throws -> BatchEvaluator {
    if let knownEvaluator { return knownEvaluator }
    let made = try BatchEvaluator(identities: identities, options: plan.inference)
    knownEvaluator = made
    return made
  }

  private func runInProcesses(_ items: [BatchItem]) throws {
    guard !items.isEmpty else { return }
    let jobs = min(plan.jobs ?? 1, items.count)
    let options = plan.inference
    var arguments = [
      "--tta", plan.views.rawValue, "--batch-size", String(options.batchSize),
      "--threads", String(options.threads ?? max(1, options.threadCount / jobs)),
    ]
    if let model = options.model { arguments += ["--model", model] }
    arguments += options.preprocessing.arguments
    if let folder = plan.predictions { arguments += ["--predictions", folder.path] }
    let pool = WorkerPool(jobs: jobs, arguments: arguments, timeout: plan.timeout, identities: identities)
    try pool.run(items) { item, row in
      rowsOfItems[item] = row
      try emit(row)
    }
  }

  /// Finds the ensembles that are done: those of splits of which every row is.
  private func findEnsembles() {
    let itemsOfGroups = Dictionary(grouping: plan.items, by: Group.init)
    for (group, items) in plan.groups.map({ ($0, itemsOfGroups[$0] ?? []) }) {
      let rows = items.compactMap { rowsOfItems[$0] }
      guard rows.count == items.count else { continue }
      let members = rows.filter { $0.status == .ok }.map(\.identity)
      doneEnsembles[group] = known[identities.identity(ofEnsemble: members, data: group.data, split: group.split)]
    }
    keptCount += doneEnsembles.count
  }

  private func finishEnsembles() throws {
    for group in plan.groups where doneEnsembles[group] == nil {
      let sum = sums[group] ?? EnsembleSum()
      let identity = identities.identity(ofEnsemble: sum.members, data: group.data, split: group.split)
      let row = try sum.row(identity, views: plan.views, folder: plan.predictions)
      newEnsembles.append(row)
      try emit(row)
    }
  }
}
