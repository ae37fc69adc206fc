internal import Samples

/// Computes the running statistics of a network's batch norms from training samples, without changing a weight.
///
/// The samples are the first batches of an epoch, as many as it takes for 2,048 images, or all if there are fewer; they are drawn, augmented and
/// dropped out as that epoch's training would. Each batch runs forward as in a training step. The statistics become the mean of the batches' means and
/// unbiased variances, each weighted by its images. The result depends neither on the earlier statistics nor on the team.
final class NormStatistics: TeamJob, @unchecked Sendable {
  private let execution: Execution
  private let computation: BatchComputation
  private let provider: any SampleProvider
  private let recipe: TrainingRecipe
  private let order: Storage<Int32>
  /// The stages up to the last norm, cut where shards must meet.
  private let segments: [[BatchComputation.Stage]]

  /// Batches are drawn until they have this many images.
  private static let imageCount = 2048

  /// Statistics of `network`, computed in the memory of the training steps of another network of its model; nil if no operator moves any.
  init?(
    _ network: Network, _ other: Execution, body: FrozenBody?, provider: any SampleProvider, recipe: TrainingRecipe
  ) {
    let last = other.nodes.lastIndex { !$0.node.states.isEmpty && !($0.node.computation is FixedNormalization) }
    guard let last else { return nil }
    let execution = Execution(sharing: other, parameters: network.parameters, states: network.states)
    self.execution = execution
    self.provider = provider
    self.recipe = recipe
    order = Storage(count: provider.count)
    computation = BatchComputation(execution, body: body, gradients: Storage(count: 0))
    var segments: [[BatchComputation.Stage]] = [[]]
    for stage in computation.forwardStages {
      guard case .forward(let node, _) = stage, node <= last else { break }
      if stage.beginsWithMeeting { segments.append([]) }
      segments[segments.count - 1].append(stage)
    }
    self.segments = segments
  }

  /// Computes the statistics from the samples of an epoch.
  func compute(epoch: Int, team: WorkerTeam) {
    do {
      let order = order
      var samples = order.allMutable
      provider.order(epoch: epoch, into: &samples)
    }
    var done = 0
    while done < min(Self.imageCount, provider.count) {
      let images = min(recipe.batchSize, provider.count - done)
      for index in 0..<images { execution.samples[index] = order[done + index] }
      done += images
      computation.begin(
        images: images, seed: recipe.seed, epoch: epoch, movesStates: true,
        statisticsShare: Double(images) / Double(done))
      team.run(self)
      computation.end()
    }
  }

  func run(worker: Int, crew: Crew) {
    computation.prepare(worker: worker, crew: crew)
    for (index, segment) in segments.enumerated() {
      if index > 0 { crew.meet() }
      for shard in stride(from: worker, to: execution.shards, by: crew.count)
      where computation.layout.count(shard) > 0 {
        if index == 0 { computation.draw(shard: shard, worker: worker, from: provider) }
        for stage in segment { computation.run(stage, shard: shard, worker: worker) }
      }
    }
  }
}
