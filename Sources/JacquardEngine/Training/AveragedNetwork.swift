internal import Samples

/// A second network of a trainer's model, with the averaged weights and the statistics that belong to them.
final class AveragedNetwork {
  let network: Network
  private let source: Network
  private let statistics: NormStatistics?
  /// What the numbers were computed from; nil before the first time.
  private var origin: (revision: Int, epoch: Int)?

  /// - Parameters:
  ///   - source: The network that is trained.
  ///   - execution: The memory of its training steps, which the statistics use between steps.
  ///   - body: The beginning of the network that the steps do not change.
  init(
    of source: Network, _ execution: Execution, body: FrozenBody?, provider: any SampleProvider, recipe: TrainingRecipe
  ) {
    self.source = source
    network = Network(source.model, options: source.options, graph: source.graph)
    statistics = NormStatistics(network, execution, body: body, provider: provider, recipe: recipe)
  }

  /// Takes the averaged weights, unless the network has them already.
  ///
  /// - Parameter epoch: The epoch whose samples determine the statistics.
  func update(weights: Span<Float>, epoch: Int, team: WorkerTeam) {
    let revision = source.revision
    if let origin, origin == (revision, epoch) { return }
    let parameters = network.parameters
    var target = parameters.allMutable
    Kernels.copy(weights, to: &target)
    let (states, statesOfSource) = (network.states, source.states)
    var targetStates = states.allMutable
    Kernels.copy(statesOfSource.all, to: &targetStates)
    statistics?.compute(epoch: epoch, team: team)
    network.noteChange()
    origin = (revision, epoch)
  }
}
