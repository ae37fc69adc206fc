internal import ArgumentParser
internal import JacquardEngine
internal import Runs
internal import Studies
internal import Support
internal import Terminal

/// `jacquard worker`: processes that other verbs start. Not for people, and not stable for scripts.
struct Worker: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Work for another process of this program.", shouldDisplay: false,
    subcommands: [WorkerEvaluate.self, WorkerTrain.self])
}

/// Evaluates what a batch requests, one line of JSON per request, until the batch is gone.
struct WorkerEvaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Evaluate what a batch asks for.", shouldDisplay: false)

  @Option var predictions: String?
  @OptionGroup var viewOptions: ViewOptions
  @OptionGroup var inference: InferenceOptions

  func run() throws {
    let console = Console(wording: CommandLineWording())
    let requests: ParentWatch.Requests
    let evaluator: BatchEvaluator
    let folder: PredictionsFolder?
    do {
      requests = try ParentWatch.requests()
      folder = try predictions.map { path throws(Failure) in try PredictionsFolder(path) }
      evaluator = try BatchEvaluator(
        identities: BatchIdentities(views: viewOptions.views), inference: try inference.settings(), console: console)
    } catch {
      // The batch reports it once, for all its workers.
      try console.result(Self.answer(to: error))
      return
    }
    while true {
      let line = requests.next()
      guard let request = try? JSONReader.value(of: Array(line.utf8)),
        let checkpoint = request["checkpoint"]?.string, let data = request["data"]?.string,
        let split = request["split"]?.string.flatMap(EvaluationSplit.init)
      else {
        throw Failure(.usage, "Invalid worker request: '\(line)'.")
      }
      do {
        let item = BatchItem(checkpoint: checkpoint, data: data, split: split)
        guard let (row, _) = try evaluator.evaluate(item, predictions: folder) else { return }
        try console.result(row.json.text)
      } catch let error as Console.OutputClosed {
        throw error
      } catch {
        try console.result(Self.answer(to: error))
      }
    }
  }

  /// The line that tells a batch why its worker failed.
  private static func answer(to error: any Error) -> String {
    let failure = CommandFailure(describing: error)
    let answer: JSONValue = [
      "exit_code": .integer(Int(failure.status.rawValue)), "error": .string(failure.message),
    ]
    return answer.text
  }
}

/// Trains like `train` until its parent is gone; then it saves and ends.
struct WorkerTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a run of a sweep.", shouldDisplay: false)

  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

  func run() throws {
    try ParentWatch.stopAtEnd()
    let train = try Train.parse(arguments)
    try train.run()
  }
}
