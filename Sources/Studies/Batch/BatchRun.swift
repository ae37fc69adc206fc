internal import Files
package import JacquardEngine
package import Runs
package import Terminal

/// A batch: every checkpoint on every split of every data set, one row each.
package final class BatchRun {
  /// The evaluations of a batch, and how to run them.
  package struct Plan {
    package var checkpoints: [Subject]
    package var splits: [EvaluationSplit]
    package var views: TestTimeViews
    package var inference: InferenceSettings
    /// The number of worker processes; nil to work in this one.
    package var jobs: Int?
    /// The arguments of each worker, after its verb, for a given number of workers.
    package var workerArguments: (_ jobs: Int) -> [String]
    /// The time limit of a row in seconds; nil for none.
    package var timeout: Double?
    package var predictions: PredictionsFolder?
    package var hasEnsemble: Bool

    /// Describes a batch.
    package init(
      checkpoints: [Subject], splits: [EvaluationSplit], views: TestTimeViews, inference: InferenceSettings,
      jobs: Int? = nil, workerArguments: @escaping (_ jobs: Int) -> [String], timeout: Double? = nil,
      predictions: PredictionsFolder? = nil, hasEnsemble: Bool
    ) {
      self.checkpoints = checkpoints
      self.splits = splits
      self.views = views
      self.inference = inference
      self.jobs = jobs
      self.workerArguments = workerArguments
      self.timeout = timeout
      self.predictions = predictions
      self.hasEnsemble = hasEnsemble
    }

    /// The evaluations, in the order of execution.
    package var items: [BatchItem] {
      checkpoints.flatMap { checkpoint in
        checkpoint.data.flatMap { data in
          splits.map { BatchItem(checkpoint: checkpoint.path, data: data, split: $0) }
        }
      }
    }

    /// The groups of images that checkpoints are evaluated on, without duplicates.
    package var groups: [Group] {
      var seen: Set<Group> = []
      return items.map(Group.init).filter { seen.insert($0).inserted }
    }
  }

  /// A checkpoint and its data sets.
  package struct Subject {
    /// The checkpoint as the user named it.
    package let path: String
    /// The data folders or files.
    package let data: [String]

    /// Describes a checkpoint and its data sets.
    package init(path: String, data: [String]) {
      self.path = path
      self.data = data
    }
  }

  /// A split of a data set.
  package struct Group: Hashable {
    package let data: String
    package let split: EvaluationSplit

    /// The group of an item.
    init(_ item: BatchItem) {
      data = item.data
      split = item.split
    }
  }

  private let plan: Plan
  private let console: Console
  private let identities: BatchIdentities
  private let emit: (BatchRow) throws -> Void
  private let known: [BatchRow.Identity: BatchRow]
  private var knownEvaluator: BatchEvaluator?
  private var rowsOfItems: [BatchItem: BatchRow] = [:]
  private var sums: [Group: EnsembleSum] = [:]
  private var doneEnsembles: [Group: BatchRow] = [:]
  private var newEnsembles: [BatchRow] = []
  /// The number of rows that existed before.
  package private(set) var keptCount = 0

  /// Prepares a batch.
  ///
  /// - Parameters:
  ///   - earlier: Rows that are already done.
  ///   - emit: Receives each new row when it ends.
  package init(_ plan: Plan, earlier: [BatchRow], console: Console, emit: @escaping (BatchRow) throws -> Void) {
    self.plan = plan
    self.console = console
    self.emit = emit
    identities = BatchIdentities(views: plan.views)
    known = Dictionary(earlier.map { ($0.identity, $0) }) { first, _ in first }
  }

  /// All existing rows of this batch, in the order of the plan, ensembles last.
  package var rows: [BatchRow] {
    plan.items.compactMap { rowsOfItems[$0] } + plan.groups.compactMap { doneEnsembles[$0] } + newEnsembles
  }

  /// Computes the missing rows; returns early after a request to stop.
  package func run() throws {
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
      if StopSignal.request != nil { return }
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
    if plan.hasEnsemble, StopSignal.request == nil { try finishEnsembles() }
  }

  /// The evaluator of this process, created on first use.
  private func evaluator() throws -> BatchEvaluator {
    if let knownEvaluator { return knownEvaluator }
    let made = try BatchEvaluator(identities: identities, inference: plan.inference, console: console)
    knownEvaluator = made
    return made
  }

  private func runInProcesses(_ items: [BatchItem]) throws {
    guard !items.isEmpty else { return }
    let jobs = min(plan.jobs ?? 1, items.count)
    let pool = WorkerPool(
      jobs: jobs, arguments: plan.workerArguments(jobs), timeout: plan.timeout, identities: identities,
      wording: console.wording)
    try pool.run(items) { item, row in
      rowsOfItems[item] = row
      try emit(row)
    }
  }

  /// Finds the finished ensembles: those of splits whose rows are all done.
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
      let row = try sum.row(identity, views: plan.views, folder: plan.predictions, wording: console.wording)
      newEnsembles.append(row)
      try emit(row)
    }
  }
}
