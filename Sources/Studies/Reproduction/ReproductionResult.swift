internal import BLAS
package import Interchange
internal import JacquardEngine
internal import Runs
package import Support

/// What a repetition of a training came to.
package struct ReproductionResult {
  /// Something that is not as it was when the run was trained.
  package struct Difference: Equatable {
    /// What it is: `version`, or the key in the run's record.
    package let name: String
    /// What it was.
    package let recorded: JSONValue
    /// What it is now.
    package let now: JSONValue

    /// A value for people.
    package static func text(_ value: JSONValue) -> String { value.string ?? value.text }
  }

  /// What was compared.
  package enum Compared: String {
    /// The weights that the run ended with.
    case weights
    /// The SHA-256 that the weights file would have.
    case hash = "weights_sha256"
    /// A state that was kept within the run.
    case state
    /// The rows of the epochs.
    case rows = "metrics"
  }

  package let run: String
  package let model: String
  package let gemm: String
  package let compared: Compared
  /// The file that was compared with, below the run folder.
  package let file: String
  package let epochs: ClosedRange<Int>
  /// The steps that were done before, and after it.
  package let steps: Range<Int>
  /// The steps that the run had done at the same place.
  package let lastStep: Int
  /// The state that the training started from; nil for the run's first step.
  package let start: String?
  package let threads: Int
  package let seconds: Double
  /// Where it was written; nil for nowhere.
  package let out: String?
  /// The epochs whose rows were compared, and the first that differs.
  package let rows: (count: Int, firstDifference: Int?)
  /// Whether every epoch's row was compared.
  private let hasAllRows: Bool
  package private(set) var notes: [String]
  /// What is not as it was.
  package var differences: [Difference] = []
  /// The SHA-256 of the weights file, and that of the same file with the new numbers.
  package var weightsSHA256: (recorded: String, now: String)?
  /// The digests of the tensors alone.
  private(set) var tensorsSHA256: (recorded: String, now: String)?
  /// How they differ; nil where only a hash or rows are known.
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

  /// Adds something that the reader should know.
  package mutating func note(_ text: String?) {
    if let text { notes.append(text) }
  }

  /// Compares tensors, which decide.
  package mutating func compare(recorded: [NamedTensor], found: [NamedTensor]) {
    tensors = TensorComparison(recorded: recorded, found: found)
    tensorsSHA256 = (TensorDigest.hexadecimal(of: recorded), TensorDigest.hexadecimal(of: found))
  }

  /// Whether the outcome is the recorded one, to the last bit that was compared.
  var isSame: Bool {
    guard steps.upperBound == lastStep else { return false }
    return switch compared {
    case .weights, .state: tensors?.isEqual ?? false
    case .hash: weightsSHA256.map { $0.recorded == $0.now } ?? false
    case .rows: hasAllRows && rows.firstDifference == nil
    }
  }
}
