internal import ArgumentParser
internal import JacquardEngine
internal import Runs
internal import Support

/// How to read and run a checkpoint; the predictions do not depend on it.
typealias InferenceOptions = InferenceFlags<PlainScale>

/// The same for verbs that draw pictures.
typealias PictureInferenceOptions = InferenceFlags<PictureScale>

/// Flags for how to read and run a checkpoint.
struct InferenceFlags<Scale: PixelScaleNames>: ParsableArguments {
  @Option(
    help: ArgumentHelp("The model, if the weights file does not name it.", valueName: "name|file"), completion: .model
  )
  var model: String?

  @Option(help: ArgumentHelp("Images per batch.", valueName: "n"))
  var batchSize = 64

  @Option(help: ArgumentHelp("Worker threads ($JACQUARD_THREADS, else all cores).", valueName: "n"))
  var threads: Int?

  @OptionGroup var preprocessing: PreprocessingFlags<Scale>

  func validate() throws {
    try TrainingConfiguration.Settings.batchSize.check(batchSize)
    try TrainingConfiguration.Settings.threads.check(threads)
  }

  /// The options as a reader of checkpoints expects them.
  func settings() throws(Failure) -> InferenceSettings {
    InferenceSettings(
      model: model, preprocessing: try preprocessing.stated, batchSize: batchSize, threads: threads)
  }

  /// The options for another process, with a given number of threads.
  func arguments(threads: Int) -> [String] {
    var arguments = ["--batch-size", String(batchSize), "--threads", String(threads)]
    if let model { arguments += ["--model", model] }
    return arguments + preprocessing.arguments
  }
}
