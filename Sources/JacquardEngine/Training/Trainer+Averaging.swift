extension Trainer {
  /// The network to evaluate and to save: with averaged weights if the recipe averages any, otherwise `network` itself, also before the average begins.
  ///
  /// The running statistics of batch norms are computed again for the averaged weights, as `NormStatistics` says. The result belongs to the trainer: it is valid
  /// until the next step, and must not be changed. Nothing that the training depends on changes.
  public func averagedNetwork() -> Network {
    guard let averaging = phase.averaging, progress.averagedSteps > 0 else { return network }
    averaging.update(
      weights: job.kept.averaged(job.moments, count: network.parameters.count), epoch: nextEpoch, team: team)
    return averaging.network
  }

  /// The logits of samples by `averagedNetwork()`, divided by its temperature, and their labels, as from a predictor.
  ///
  /// If the beginning of the network is frozen and the samples are the same in every epoch, their features are computed once, and an evaluation computes only the
  /// rest of the network. The bits do not depend on that.
  ///
  /// - Parameters:
  ///   - provider: The samples.
  ///   - kept: Keeps the features of these samples; nil to compute them every time.
  ///   - shouldStop: Called now and then; once it returns true, the result is nil.
  public func logits(
    of provider: any SampleProvider, keeping kept: KeptFeatures? = nil,
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) -> Predictions? {
    let network = averagedNetwork()
    guard let body = phase.body, let kept, provider.isSameInEveryEpoch,
      KeptFeatures.allows(count: provider.count, features: body.graph.output.shape)
    else { return Predictor(network, team: team).logits(of: provider, shouldStop: shouldStop) }
    if kept.samples?.body !== body {
      kept.samples = nil
      let predictor = Predictor(Network(partOf: network, graph: body.graph), team: team)
      guard let features = predictor.computedLogits(of: provider, shouldStop: shouldStop) else { return nil }
      kept.samples = (body, FeatureSamples(features, shape: phase.head.input.shape))
    }
    guard let features = kept.samples?.provider else { return nil }
    let predictor = Predictor(Network(partOf: network, graph: phase.head), team: team)
    return predictor.computedLogits(of: features, shouldStop: shouldStop)?.divided(by: network.temperature)
  }

  /// The epoch that follows this one; between two epochs, the next.
  private var nextEpoch: Int { progress.position > 0 ? progress.epoch + 1 : progress.epoch }

  /// The steps in the average after the next step.
  var nextAveragedSteps: Int {
    let included = recipe.average?.includedSteps(upTo: progress.step + 1, of: totalSteps) ?? 0
    // A run that has become longer may have averaged steps that no longer belong to the average.
    return included == 0 ? 0 : min(progress.averagedSteps, included - 1) + 1
  }

  /// The share of the next step's weights in the average; nil if they do not belong to it.
  var nextAverageShare: Float? {
    let count = nextAveragedSteps
    return count == 0 ? nil : recipe.average?.share(count: count)
  }

  /// Before the first step: slow weights begin as the network's.
  func keepFirstWeights() {
    if progress.step == 0 { job.kept.begin(parameters: network.parameters, moments: job.moments) }
  }
}
