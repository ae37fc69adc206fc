package import Datasets
package import JacquardEngine
internal import Support

extension Network {
  /// A network with the initial weights of the settings: random, or from a file; the first convolution may whiten the training images.
  package convenience init(_ model: Model, settings: TrainSettings, training: SampleSource) throws {
    try self.init(awaitingWeights: model, options: settings.computeOptions)
    try settings.checkGroups(network: self)
    try settings.checkFreezing(network: self)
    if let source = settings.source {
      // The rows of new classes; the rest is replaced.
      try initialize(settings.initialization, seed: UInt64(settings.seed))
      try TransferSource(source, model: settings.statedModel).fill(self)
      return
    }
    if let weights = settings.initialWeights {
      try Checkpoint.load(weights, into: self)
      return
    }
    try initialize(settings.initialization, seed: UInt64(settings.seed))
    guard settings.whitens else { return }
    do {
      _ = try whitenFirstConvolution(by: training.unchanged(first: Self.whiteningImages))
    } catch let error as WhiteningError {
      throw Failure(.usage, "\(.whiten): \(error).")
    }
  }

  /// The images whose patches are enough to learn the whitening.
  private static var whiteningImages: Int { 5000 }
}

extension TrainSettings {
  /// The groups of the settings, and one that keeps a whitening layer as it is.
  package func groups(for network: Network) -> [ParameterGroup] {
    guard whitens, let first = network.tensors.first else { return groups }
    return groups + [ParameterGroup(first.name, rate: 0)]
  }

  /// Rejects a freezing of tensors that do not exist, or of all.
  fileprivate func checkFreezing(network: Network) throws(Failure) {
    guard let freezing else { return }
    if let part = network.unknownPart(of: freezing) {
      let names = network.tensors.map(\.name)
      throw Failure(
        .usage,
        "\(.freeze): \(network.model.name) has no tensors for '\(part.description)'; its tensors are \(names.prefix(8).joined(separator: ", "))\(names.count > 8 ? ", …" : "")."
      )
    }
    guard !network.isWhollyFrozen(by: freezing) else {
      throw Failure(
        .usage,
        "\(.freeze) \(freezing.text): every tensor of \(network.model.name) is frozen; leave some to train, such as with \(.freeze) body."
      )
    }
  }

  /// Rejects groups without tensors.
  fileprivate func checkGroups(network: Network) throws(Failure) {
    let names = network.tensors.filter { $0.specification.role != nil }.map(\.name)
    for group in groups where !names.contains(where: group.contains) {
      throw Failure(
        .usage,
        "\(.groups): no tensor of \(network.model.name) has a name like '\(group.pattern)'; its tensors are \(names.prefix(8).joined(separator: ", "))\(names.count > 8 ? ", …" : "")."
      )
    }
  }
}
