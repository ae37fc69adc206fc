internal import Support
internal import BLAS
internal import Interchange
internal import JacquardEngine

/// What a repetition of a training came to.
struct ReproductionResult {
  /// Something that is not as it was when the run was trained.
  struct Difference: Equatable {
    /// What it is: `version`, or the key in the run's record.
    let name: String
    /// What it was.
    let recorded: JSONValue
    /// What it is now.
    let now: JSONValue

    /// A value for people.
    static func text(_ value: JSONValue) -> String { value.string ?? value.text }
  }

  /// What was compared.
  enum Compared: String {
    /// The weights that the run ended with.
    case weights
    /// The SHA-256 that the weights file would have.
    case hash = "weights_sha256"
    /// A state that was kept within the run.
    case state
    /// The rows of the epochs.
    case rows = "metrics"
  }

  let run: String
  let model: String
  let gemm: String
  let compared: Compared
  /// The file that was compared with, below the run folder.
  let file: String
  let epochs: ClosedRange<Int>
  /// The steps that were done before, and after it.
  let steps: Range<Int>
  /// The steps that the run had done at the same place.
  let lastStep: Int
  /// The state that the training started from; nil for the run's first step.
  let start: String?
  let threads: Int
  let seconds: Double
  /// Where it was written; nil for nowhere.
  let out: String?
  /// The epochs whose rows were compared, and the first that differs.
  let rows: (count: Int, firstDifference: Int?)
  /// Whether every epoch's row was compared.
  private let hasAllRows: Bool
  private(set) var notes: [String]
  /// What is not as it was.
  var differences: [Difference] = []
  /// The SHA-256 of the weights file, and that of the same file with the new numbers.
  var weightsSHA256: (recorded: String, now: String)?
  /// The digests of the tensors alone.
  private(set) var tensorsSHA256: (recorded: String, now: String)?
  /// How they differ; nil where only a hash or rows are known.
  private(set) var tensors: TensorComparison?

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
  mutating func note(_ text: String?) {
    if let text { notes.append(text) }
  }

  /// Compares tensors, which decide.
  mutating func compare(recorded: [NamedTensor], found: [NamedTensor]) {
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
