internal import Samples

/// The epochs in which a training changes the same tensors, and the steps that it computes in them.
///
/// What is frozen depends on the epoch alone, so a resumed training is in the same phase.
final class TrainingPhase {
  /// The last epoch of the phase.
  let lastEpoch: Int
  /// The operators that steps compute, after those of the body.
  let graph: Graph
  /// The beginning of the network that no step of the phase changes; nil if every step computes the whole network.
  let body: FrozenBody?
  /// The operators after the body, as in inference.
  let head: Graph
  /// A step.
  let job: TrainingStep
  /// The network of the averaged weights; nil if the recipe averages nothing.
  let averaging: AveragedNetwork?

  /// The phase of an epoch.
  init(
    ofEpoch epoch: Int, frozen: FrozenTensors, network: Network, recipe: TrainingRecipe, provider: any SampleProvider,
    teachers: Teachers?, workers: Int, update: UpdatePlan, errors: Storage<Float>?
  ) {
    lastEpoch = frozen.lastEpoch(like: epoch)
    let parameters = frozen.parameters(inEpoch: epoch)
    let whole = network.graph.training(except: parameters.contains, fixedStates: frozen.states)
    let count = recipe.freezing == nil ? 0 : whole.frozenNodeCount
    let inferred = network.graph.cut(after: count)
    body = inferred.map {
      FrozenBody(network, graph: $0.body, provider: provider, batchSize: recipe.batchSize, workers: workers)
    }
    head = inferred?.head ?? network.graph
    // Tensors that a group never trains need no gradient either; they do not become part of the body.
    let fixed = parameters.union(
      network.graph.parameters.tensors.filter { recipe.group(of: $0)?.isFrozen(after: 0) == true }.map(\.range))
    graph =
      (whole.cut(after: count)?.head ?? whole).training(except: fixed.contains, fixedStates: frozen.states)
    let execution = Execution(
      graph, parameters: network.parameters, states: network.states, isTraining: true, batchSize: recipe.batchSize,
      shards: recipe.shards, workers: workers)
    job = TrainingStep(
      execution: execution, body: body, provider: provider, loss: recipe.loss, teachers: teachers, seed: recipe.seed,
      update: update, errors: errors)
    averaging =
      recipe.average == nil
      ? nil : AveragedNetwork(of: network, execution, body: body, provider: provider, recipe: recipe)
  }
}
