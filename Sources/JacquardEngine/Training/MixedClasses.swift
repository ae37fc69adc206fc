internal import Samples
internal import Support

/// The second classes of the samples of a batch, and the loss of two classes: for weight `w` of the second, `(1 − w) · loss(first) + w · loss(second)`.
///
/// Any loss works: it is computed once for each class of an image.
struct MixedClasses: Sendable {
  private let labels: Storage<Int32>
  private let weights: Storage<Float>
  /// The gradient of one image for its second class, for each shard.
  private let second: Storage<Float>
  private let classes: Int

  /// Memory for a batch.
  init(_ execution: Execution) {
    labels = Storage(count: execution.samples.count)
    weights = Storage(count: execution.samples.count)
    classes = execution.logits.perImage
    second = Storage(count: classes * execution.shards)
  }

  /// Asks for the classes of a shard's samples, which are `images` of the batch.
  func draw(_ samples: Span<Int32>, epoch: Int, from provider: any SampleProvider, into images: Range<Int>) {
    var labels = labels.write(images)
    var weights = weights.write(images)
    provider.mixedLabels(of: samples, epoch: epoch, into: &labels, weights: &weights)
    for place in weights.indices {
      require(
        weights[place] >= 0 && weights[place] <= 0.5,
        "SampleProvider.mixedLabels: the weight of a second class must be from 0 to ½, found \(weights[place])")
    }
  }

  /// As `Loss.sumAndGradient` for the `images` of a shard, whose first classes are `labels`.
  func sumAndGradient(
    of loss: any Loss, logits: Span<Float>, labels: Span<Int32>, images: Range<Int>, shard: Int, scale: Float,
    gradient: inout MutableSpan<Float>
  ) -> Double {
    let secondLabels = self.labels.read(images)
    let weights = weights.read(images)
    var other = second.write(shard * classes..<(shard + 1) * classes)
    var sum = 0.0
    for image in labels.indices {
      let row = logits.extracting(image * classes..<(image + 1) * classes)
      var own = gradient.part(image * classes..<(image + 1) * classes)
      let weight = weights[image]
      sum +=
        Double(1 - weight)
        * loss.sumAndGradient(
          logits: row, labels: labels.extracting(image..<image + 1), classes: classes, scale: scale * (1 - weight),
          gradient: &own)
      guard weight > 0 else { continue }
      sum +=
        Double(weight)
        * loss.sumAndGradient(
          logits: row, labels: secondLabels.extracting(image..<image + 1), classes: classes, scale: scale * weight,
          gradient: &other)
      for index in own.indices { own[index] += other[index] }
    }
    return sum
  }
}
