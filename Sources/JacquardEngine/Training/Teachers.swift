internal import Samples

/// The teachers of a training: their soft targets for the samples of a batch, and the loss with them.
///
/// Each teacher answers as in inference, so its targets for a sample depend on nothing but the sample's inputs. As the features of a `FrozenBody`, its logits
/// are computed once and kept if the samples are the same in every epoch and all of them fit into the memory for that.
final class Teachers: @unchecked Sendable {
  private let networks: [FrozenBody]
  private let providers: [any SampleProvider]
  private let weight: Double
  private let soft: SoftTargets
  private let classes: Int
  /// The logits of one teacher, and the mean of all teachers' soft targets, for each image of the batch.
  private let logits: Storage<Float>
  private let targets: Storage<Float>
  private let labels: Storage<Int32>

  /// - Parameter student: The model that is trained, whose inputs `provider` draws.
  init(
    _ distillation: Distillation, student: Model, provider: any SampleProvider, batchSize: Int, workers: Int
  ) {
    distillation.check(for: student)
    providers = distillation.teachers.map { teacher in
      RenormalizedSamples(provider, from: student.preprocessing, to: teacher.model.preprocessing) ?? provider
    }
    networks = zip(distillation.teachers, providers).map { teacher, provider in
      FrozenBody(teacher, graph: teacher.graph, provider: provider, batchSize: batchSize, workers: workers)
    }
    weight = distillation.weight
    soft = SoftTargets(temperature: distillation.temperature)
    classes = student.classNames.count
    logits = Storage(count: batchSize * classes)
    targets = Storage(count: batchSize * classes)
    labels = Storage(count: batchSize)
  }

  /// Call this before a batch, on one thread.
  func begin(_ samples: Span<Int32>) {
    for network in networks { network.begin(samples) }
  }

  /// Derives what the operators need from the weights, unless that is done; each worker does its part. All must meet before `predict`.
  func prepare(worker: Int, workers: Int) {
    for network in networks { network.prepare(worker: worker, workers: workers) }
  }

  /// Call this after the workers have met.
  func notePrepared() {
    for network in networks { network.notePrepared() }
  }

  /// Computes the soft targets of the samples of a shard, which are `images` of the batch.
  func predict(_ samples: Span<Int32>, images: Range<Int>, epoch: Int, worker: Int) {
    let (allLogits, allTargets, allLabels) = (logits, targets, labels)
    let place = images.lowerBound * classes..<images.upperBound * classes
    var targets = allTargets.write(place)
    Kernels.fill(&targets, with: 0)
    for teacher in networks.indices {
      do {
        var logits = allLogits.write(place)
        var labels = allLabels.write(images)
        networks[teacher].draw(
          samples, first: images.lowerBound, epoch: epoch, worker: worker, from: providers[teacher], into: &logits,
          labels: &labels)
      }
      soft.add(allLogits.read(place), classes: classes, share: 1 / Double(networks.count), to: &targets)
    }
  }

  /// The sum of the losses of the `images` of a shard with their soft targets.
  ///
  /// - Parameters:
  ///   - sum: The sum of the losses without them.
  ///   - scale: The factor of the gradient.
  ///   - gradient: The gradient of the losses without them, which becomes that with them.
  func mix(
    _ sum: Double, logits: Span<Float>, images: Range<Int>, scale: Float, gradient: inout MutableSpan<Float>
  ) -> Double {
    let targets = targets
    let own = Float(1 - weight)
    for index in gradient.indices { gradient[index] *= own }
    let divergence = soft.addGradient(
      logits: logits, targets: targets.read(images.lowerBound * classes..<images.upperBound * classes),
      classes: classes, scale: weight * Double(scale), to: &gradient)
    return (1 - weight) * sum + weight * divergence
  }
}

/// Samples whose inputs are converted from one normalization to another: those of a teacher that was trained with other numbers.
struct RenormalizedSamples: SampleProvider {
  private let base: any SampleProvider
  /// What the inputs of each channel are multiplied by, and what is added then.
  private let factors: [Float]
  private let offsets: [Float]

  /// Nil if both normalizations give the same inputs.
  init?(_ base: any SampleProvider, from: Normalization, to: Normalization) {
    let channels = base.shape.channels
    let (old, new) = (from.ofUnitPixels(channels: channels), to.ofUnitPixels(channels: channels))
    guard old != new else { return nil }
    self.base = base
    // pixel = input · deviation + mean, in either normalization.
    factors = (0..<channels).map { Float(old.deviation[$0] / new.deviation[$0]) }
    offsets = (0..<channels).map { Float((old.mean[$0] - new.mean[$0]) / new.deviation[$0]) }
  }

  var count: Int { base.count }
  var shape: Shape { base.shape }
  var isSameInEveryEpoch: Bool { base.isSameInEveryEpoch }
  var repeatsSamples: Bool { base.repeatsSamples }

  func order(epoch: Int, into order: inout MutableSpan<Int32>) { base.order(epoch: epoch, into: &order) }

  func draw(
    _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    base.draw(samples, epoch: epoch, into: &inputs, labels: &labels)
    let (factors, offsets) = (factors.span, offsets.span)
    for first in stride(from: 0, to: inputs.count, by: factors.count) {
      for channel in factors.indices {
        inputs[first + channel] = inputs[first + channel] * factors[channel] + offsets[channel]
      }
    }
  }
}
