internal import Samples
internal import Support

/// The beginning of a network that a training never changes: it turns inputs into features, which the rest of the network takes. A whole network, as of a
/// teacher, is one, too; its features are logits.
///
/// Features are computed as in inference, so those of a sample depend on nothing but its inputs: neither on its batch nor on the number of workers. If the
/// provider draws the same inputs in every epoch and all features fit into `KeptFeatures.largestByteCount`, they are computed once and kept; the bits are the same.
final class FrozenBody: @unchecked Sendable {
  /// What `begin` decides about an image of the batch.
  private enum Source {
    static let computed: UInt8 = 0
    static let computedAndKept: UInt8 = 1
    static let kept: UInt8 = 2
  }

  /// The whole network.
  private let network: Network
  /// The operators of the body.
  let graph: Graph
  private let execution: Execution
  /// Images that a worker computes at once.
  private let capacity: Int
  /// Kept features of all samples, one after the other; nil if they are computed whenever they are drawn.
  private let kept: Storage<Float>?
  private let keptLabels: Storage<Int32>
  /// For each sample, whether its features are kept.
  private let isKept: Storage<UInt8>
  /// For each image of the batch, where its features come from.
  private let sources: Storage<UInt8>
  private var mustPrepare = true

  /// - Parameters:
  ///   - graph: The operators of the body, as in inference.
  ///   - provider: Draws the inputs.
  ///   - batchSize: The largest batch.
  init(_ network: Network, graph: Graph, provider: any SampleProvider, batchSize: Int, workers: Int) {
    self.network = network
    self.graph = graph
    capacity = graph.imagesAtOnce(most: 32)
    execution = Execution(
      graph, parameters: network.parameters, states: network.states, isTraining: false,
      batchSize: capacity * workers, shards: workers, workers: workers)
    let keeps = provider.isSameInEveryEpoch && KeptFeatures.allows(count: provider.count, features: graph.output.shape)
    kept = keeps ? Storage(count: provider.count * graph.output.shape.count) : nil
    keptLabels = Storage(count: keeps ? provider.count : 0)
    isKept = Storage(count: keeps ? provider.count : 0)
    sources = Storage(count: batchSize)
  }

  /// Floats of an image's features.
  private var featureCount: Int { graph.output.shape.count }

  /// Forgets what was derived from the body's weights, which have changed.
  func forget() {
    mustPrepare = true
    for sample in 0..<isKept.count { isKept[sample] = 0 }
  }

  /// Call this before a batch, on one thread: decides which features are computed.
  func begin(_ samples: Span<Int32>) {
    guard kept != nil else { return }
    let (isKept, sources) = (isKept, sources)
    // A sample that occurs twice in a batch is kept by one of its places only: two workers must not write the same memory.
    for place in samples.indices {
      sources[place] = isKept[Int(samples[place])] == 1 ? Source.kept : Source.computed
    }
    for place in samples.indices where sources[place] == Source.computed && isKept[Int(samples[place])] == 0 {
      sources[place] = Source.computedAndKept
      isKept[Int(samples[place])] = 1
    }
  }

  /// Derives what the operators need from the weights, unless that is done; each worker does its part. All must meet before `draw`.
  func prepare(worker: Int, workers: Int) {
    if mustPrepare { execution.prepare(worker: worker, workers: workers) }
  }

  /// Call this after the workers have met.
  func notePrepared() { mustPrepare = false }

  /// Writes the features and labels of a part of the batch.
  ///
  /// - Parameters:
  ///   - samples: The samples' numbers.
  ///   - first: The place of the first in the batch.
  func draw(
    _ samples: Span<Int32>, first: Int, epoch: Int, worker: Int, from provider: any SampleProvider,
    into features: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    var place = 0
    while place < samples.count {
      if let kept, sources[first + place] == Source.kept {
        let sample = Int(samples[place])
        var target = features.part(place * featureCount..<(place + 1) * featureCount)
        Kernels.copy(kept.read(sample * featureCount..<(sample + 1) * featureCount), to: &target)
        labels[place] = keptLabels[sample]
        place += 1
        continue
      }
      var end = place + 1
      while end < samples.count, end - place < capacity, kept == nil || sources[first + end] != Source.kept { end += 1 }
      var target = features.part(place * featureCount..<end * featureCount)
      var targetLabels = labels.part(place..<end)
      let part = samples.extracting(place..<end)
      compute(part, epoch: epoch, worker: worker, from: provider, into: &target, labels: &targetLabels)
      if kept != nil {
        for index in part.indices where sources[first + place + index] == Source.computedAndKept {
          keep(target.span.extracting(index * featureCount..<(index + 1) * featureCount), of: Int(part[index]))
          keptLabels[Int(part[index])] = targetLabels[index]
        }
      }
      place = end
    }
  }

  private func keep(_ features: Span<Float>, of sample: Int) {
    guard let kept else { return }
    var target = kept.write(sample * featureCount..<(sample + 1) * featureCount)
    Kernels.copy(features, to: &target)
  }

  private func compute(
    _ samples: Span<Int32>, epoch: Int, worker: Int, from provider: any SampleProvider,
    into features: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    let memory = execution.memory(shard: worker, worker: worker)
    let base = worker * capacity
    for index in samples.indices { execution.samples[base + index] = samples[index] }
    do {
      var inputs = memory.floats.write(execution.input.range(images: samples.count))
      provider.draw(samples, epoch: epoch, into: &inputs, labels: &labels)
    }
    execution.infer(images: samples.count, memory)
    Kernels.copy(memory.floats.read(execution.logits.range(images: samples.count)), to: &features)
  }
}

/// A network's frozen features of some samples, kept from one evaluation to the next.
///
/// An evaluation of a network with a frozen body computes the features once; see `Trainer.logits`. One object belongs to the samples of one provider.
public final class KeptFeatures {
  /// The features, and the body that they come from.
  var samples: (body: FrozenBody, provider: FeatureSamples)?

  /// Nothing is kept yet.
  public init() {}

  /// The memory that the kept features of a set of samples may take: 512 MiB.
  static let largestByteCount = 1 << 29

  /// Whether the features of this many samples may be kept.
  static func allows(count: Int, features: Shape) -> Bool {
    count <= largestByteCount / (features.count * MemoryLayout<Float>.stride)
  }
}

/// Samples that consist of features.
final class FeatureSamples: SampleProvider {
  let shape: Shape
  private let features: Storage<Float>
  private let labels: [Int32]

  /// - Parameter features: `[count][shape]`, as computed by a body.
  init(_ features: Predictions, shape: Shape) {
    self.shape = shape
    self.features = Storage(count: features.logits.count)
    self.features.set(features.logits)
    labels = features.labels
  }

  var count: Int { labels.count }
  var isSameInEveryEpoch: Bool { true }

  func order(epoch: Int, into order: inout MutableSpan<Int32>) {
    for place in order.indices { order[place] = Int32(place) }
  }

  func draw(
    _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    let features = features
    for place in samples.indices {
      let sample = Int(samples[place])
      var target = inputs.part(place * shape.count..<(place + 1) * shape.count)
      Kernels.copy(features.read(sample * shape.count..<(sample + 1) * shape.count), to: &target)
      labels[place] = self.labels[sample]
    }
  }
}
