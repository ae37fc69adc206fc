internal import Randomness
internal import Samples

/// Decides with which other sample one is mixed: a pure function of the seed, the epoch, the sample's index and the number of samples.
///
/// A partner may be any of the samples, not just one of the same batch: so the mix depends on neither batches nor shards.
struct SampleMixer: Sendable {
  private let mixup: Double
  private let cutmix: Double
  private let stream: RandomStream

  init(_ augmentation: Augmentation, seed: UInt64) {
    mixup = augmentation.mixup
    cutmix = augmentation.cutmix
    stream = RandomStream(seed: seed, name: "augmentation.mix")
  }

  /// Whether any sample is mixed.
  var mixes: Bool { mixup > 0 || cutmix > 0 }

  /// The mix of the image at `index`, one of `count` samples.
  func mix(epoch: Int, index: Int, count: Int, shape: Shape) -> SampleMix {
    var generator = stream.generator(epoch: epoch, index: index)
    let partner = generator.integer(below: count)
    let isCut = cutmix > 0 && (mixup == 0 || generator.coin())
    let share = generator.beta(isCut ? cutmix : mixup)
    guard isCut else { return SampleMix(partner: partner, share: share) }
    // Sides in proportion to the image's.
    let root = share.squareRoot()
    let rectangle = ImageRectangle.aroundPixel(
      rows: Int(root * Double(shape.height)), columns: Int(root * Double(shape.width)), from: &generator, shape: shape)
    return SampleMix(
      partner: partner, share: Double(rectangle.area) / Double(shape.pixels), rectangle: rectangle)
  }
}

/// The mix of a sample with another.
struct SampleMix: Hashable, Sendable {
  /// The number of the other sample.
  var partner: Int
  /// The share of the other sample, from 0 to 1.
  let share: Double
  /// The rectangle that comes from the other sample; nil if both are everywhere.
  var rectangle: ImageRectangle?

  /// The weight of the smaller part in the loss.
  var smallerWeight: Float { Float(min(share, 1 - share)) }

  /// The classes of the larger and the smaller part.
  func classes(own: Int32, partner: Int32) -> (larger: Int32, smaller: Int32) {
    share > 0.5 ? (partner, own) : (own, partner)
  }

  /// Mixes another image into `image`, both [H, W, C].
  func add(_ other: Span<Float>, to image: inout MutableSpan<Float>, shape: Shape) {
    guard let rectangle else {
      let share = Float(share)
      for index in image.indices { image[index] += (other[index] - image[index]) * share }
      return
    }
    for row in rectangle.rows {
      let first = (row * shape.width + rectangle.columns.lowerBound) * shape.channels
      for index in first..<first + rectangle.columns.count * shape.channels { image[index] = other[index] }
    }
  }
}
