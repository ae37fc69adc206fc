package import JacquardEngine

extension Network {
  /// A network with the initial weights of the settings: random, or from a file.
  package convenience init(_ model: Model, settings: TrainSettings) throws {
    try self.init(awaitingWeights: model, options: settings.computeOptions)
    if let weights = settings.initialWeights {
      try Checkpoint.load(weights, into: self)
    } else {
      try initialize(settings.initialization, seed: UInt64(settings.seed))
    }
  }
}
