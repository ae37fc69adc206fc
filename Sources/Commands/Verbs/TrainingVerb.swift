internal import ArgumentParser
internal import LinearAlgebra
internal import Datasets
internal import JacquardEngine
internal import Runs
internal import Support
internal import Terminal

/// A verb with the flags of `train`.
protocol TrainingVerb: ParsableCommand {
  var step: StepFlags { get }
  var recipe: RecipeFlags { get }
  var computation: ComputationFlags { get }
  var start: StartFlags { get }
  var transfer: TransferFlags { get }
  var files: RunFileOptions { get }
  var dataOptions: DataOptions { get }
  var output: OutputOptions { get }
  /// Whether the verb itself chooses the validation images of each run.
  var hasValidationFolds: Bool { get }
}

extension TrainingVerb {
  var hasValidationFolds: Bool { false }

  /// The flags given, with the keys of their settings.
  var flags: [TrainSettings.FlagValue] {
    step.values + recipe.values + computation.values + start.values + transfer.values + files.values
      + dataOptions.values
  }

  /// The settings, the model and the data of a new run; nil if only its settings were requested.
  func preparation(
    _ console: Console
  ) throws -> (settings: TrainSettings, model: ModelChoice, source: DataSource)? {
    let file = try start.configuration()
    let environment = SettingVariables.values
    var settings = try TrainSettings.resolve(
      try start.base(ofTrainingWith: (environment + flags).map(\.key)), file: file, environment: environment,
      flags: flags)
    if settings.earlyStopping != nil, settings.validation == nil, settings.fold == nil, !hasValidationFolds,
      (try? dataOptions.source(settings, nil).holds(.validation)) != true
    {
      throw Failure(
        recipe.earlyStopping == nil ? .badConfiguration : .usage,
        "early_stopping needs a validation set; set images aside with validation.")
    }
    if files.printConfig {
      // A checkpoint to start from is not read for that.
      if settings.source == nil { _ = try step.model(of: settings, config: start.config) }
      try console.result(asIs: [settings.json.indentedText])
      return nil
    }
    let choice = try step.model(of: settings, config: start.config)
    try checkProducts(settings, console)
    var source = try dataOptions.source(settings, file: file, environment: environment, console)
    choice.source?.complete(&settings, &source)
    return (settings, choice, source)
  }

  /// Rejects a BLAS whose results are wrong, and warns of one that is far slower than this machine. Ignores a BLAS that is not used.
  func checkProducts(_ settings: TrainSettings, _ console: Console) throws {
    guard settings.product == .blas else { return }
    try ProductMemory.check(threads: settings.threads ?? 1)
    do throws(BLASError) {
      try BLASLibrary.check()
    } catch {
      guard error.isMissing else { throw error }
      throw Failure(.badConfiguration, "\(error), or use \(.gemm) portable.")
    }
    BLASFinding.warn(on: console, workers: settings.threads ?? Machine.availableCores)
  }
}
