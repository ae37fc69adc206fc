internal import LinearAlgebra
package import Interchange
internal import JacquardEngine
internal import Runs
package import Support

/// The result of repeating a training.
package struct ReproductionResult {
  /// A circumstance that has changed since the run was trained.
  package struct Difference: Equatable {
    /// Its name: `version`, or the key in the run's record.
    package let name: String
    /// The value then.
    package let recorded: JSONValue
    /// The value now.
    package let now: JSONValue

    /// A value for people.
    package static func text(_ value: JSONValue) -> String { value.string ?? value.text }
  }

  /// What was compared.
  package enum Compared: String {
    /// The final weights of the run.
    case weights
    /// The SHA-256 that the weights file would have.
    case hash = "weights_sha256"
    /// A state that the run kept.
    case state
    /// The rows of the epochs.
    case rows = "metrics"
  }

  package let run: String
  package let model: String
  package let gemm: String
  package let compared: Compared
  /// The file compared with, relative to the run folder.
  package let file: String
  package let epochs: ClosedRange<Int>
  /// The steps done before and after the repetition.
  package let steps: Range<Int>
  /// The steps of the original run at the same point.
  package let lastStep: Int
  /// The state that the repetition started from; nil for the run's first step.
  package let start: String?
  package let threads: Int
  package let seconds: Double
  /// The folder it was written to; nil for none.
  package let out: String?
  /// The number of epochs whose rows were compared, and the first that differs.
  package let rows: (count: Int, firstDifference: Int?)
  /// Whether every epoch's row was compared.
  private let hasAllRows: Bool
  package private(set) var notes: [String]
  /// The changed circumstances.
  package var differences: [Difference] = []
  /// The SHA-256 of the weights file, and of the same file with the new tensors.
  package var weightsSHA256: (recorded: String, now: String)?
  /// The digests of the tensors alone.
  private(set) var tensorsSHA256: (recorded: String, now: String)?
  /// The comparison of the tensors; nil if only a hash or rows are known.
  package private(set) var tensors: TensorComparison?

  init(
    recorded: RecordedRun, span: ReproductionSpan, steps: Range<Int>, lastStep: Int, rows: RowComparison, threads: Int,
    seconds: Double, out: String?
  ) {
    run = recorded.folder.path
    model = recorded.past.result?["model"]?.string ?? recorded.weights?.model.name ?? recorded.settings.model
    gemm = recorded.settings.product.rawValue
    switch span.evidence {
    case .weights: (compared, file) = (.weights, "weights/last.safetensors")
    case .hash: (compared, file) = (.hash, "run.json")
    case .state: (compared, file) = (.state, "state/epoch-\(span.epochs.upperBound).safetensors")
    case .rows: (compared, file) = (.rows, "metrics.csv")
    }
    epochs = span.epochs
    self.steps = steps
    self.lastStep = lastStep
    start = span.start?.path
    self.threads = threads
    self.seconds = seconds
    self.out = out
    self.rows = (rows.epochs.count, rows.firstDifference)
    hasAllRows = rows.epochs == Array(span.epochs)
    notes = recorded.notes
  }

  /// Adds a note for the reader.
  package mutating func note(_ text: String?) {
    if let text { notes.append(text) }
  }

  /// Compares tensors, which decide the result.
  package mutating func compare(recorded: [NamedTensor], found: [NamedTensor]) {
    tensors = TensorComparison(recorded: recorded, found: found)
    tensorsSHA256 = (TensorDigest.hexadecimal(of: recorded), TensorDigest.hexadecimal(of: found))
  }

  /// Whether the outcome equals the recorded one, to the last bit compared.
  var isSame: Bool {
    guard steps.upperBound == lastStep else { return false }
    return switch compared {
    case .weights, .state: tensors?.isEqual ?? false
    case .hash: weightsSHA256.map { $0.recorded == $0.now } ?? false
    case .rows: hasAllRows && rows.firstDifference == nil
    }
  }
}
