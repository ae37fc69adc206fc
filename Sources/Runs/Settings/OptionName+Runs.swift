package import Support

/// Options that messages about runs and studies suggest.
extension OptionName {
  package static let batchSize = OptionName("batch-size")
  package static let clipNorm = OptionName("clip-norm")
  package static let data = OptionName("data")
  package static let deviation = OptionName("deviation")
  package static let epochs = OptionName("epochs")
  package static let focalGamma = OptionName("focal-gamma")
  package static let freeze = OptionName("freeze")
  package static let from = OptionName("from")
  package static let fromState = OptionName("from-state")
  package static let gemm = OptionName("gemm")
  package static let groups = OptionName("groups")
  package static let imageColors = OptionName("image-colors")
  package static let imageSize = OptionName("image-size")
  package static let initFrom = OptionName("init-from")
  package static let jobs = OptionName("jobs")
  package static let keepStates = OptionName("keep-states")
  package static let lr = OptionName("lr")
  package static let mean = OptionName("mean")
  package static let minAccuracy = OptionName("min-accuracy")
  package static let model = OptionName("model")
  package static let momentum = OptionName("momentum")
  package static let onNan = OptionName("on-nan")
  package static let out = OptionName("out")
  package static let output = OptionName("output")
  package static let pixelScale = OptionName("pixel-scale")
  package static let predictions = OptionName("predictions")
  package static let preset = OptionName("preset")
  package static let printConfig = OptionName("print-config")
  package static let prune = OptionName("prune")
  package static let resume = OptionName("resume")
  package static let split = OptionName("split")
  package static let teacher = OptionName("teacher")
  package static let threads = OptionName("threads")
  package static let timeout = OptionName("timeout")
  package static let whiten = OptionName("whiten")
  package static let validation = OptionName("validation")
  package static let views = OptionName("views")

  /// All of them.
  package static let all: [OptionName] = [
    .batchSize, .clipNorm, .data, .deviation, .epochs, .focalGamma, .freeze, .from, .fromState, .gemm, .imageColors,
    .imageSize, .initFrom, .jobs,
    .keepStates,
    .lr, .mean, .minAccuracy, .model, .momentum, .onNan, .out, .output, .pixelScale, .predictions, .printConfig, .prune,
    .resume,
    .split, .teacher, .threads, .timeout, .validation, .views,
  ]
}
