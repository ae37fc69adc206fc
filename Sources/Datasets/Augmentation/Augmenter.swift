internal import Randomness
internal import Samples

/// Changes a sample in an epoch: a pure function of the seed, the epoch and the sample's index.
struct Augmenter: Sendable {
  let augmentation: Augmentation
  // One stream per change: switching one on or off does not affect the others.
  private let flipStream: RandomStream
  private let rotationStream: RandomStream
  private let scaleStream: RandomStream
  private let shiftStream: RandomStream
  private let randAugmentStream: RandomStream
  private let brightnessStream: RandomStream
  private let contrastStream: RandomStream
  private let saturationStream: RandomStream
  private let eraseStream: RandomStream
  private let cutoutStream: RandomStream
  /// Whether pixels are computed, not just moved.
  private let isSampled: Bool

  init(_ augmentation: Augmentation, seed: UInt64) {
    func stream(_ name: String) -> RandomStream { RandomStream(seed: seed, name: "augmentation.\(name)") }
    self.augmentation = augmentation
    flipStream = stream("flip")
    rotationStream = stream("rotate")
    scaleStream = stream("scale")
    shiftStream = stream("shift")
    randAugmentStream = stream("randaugment")
    brightnessStream = stream("brightness")
    contrastStream = stream("contrast")
    saturationStream = stream("saturation")
    eraseStream = stream("erase")
    cutoutStream = stream("cutout")
    var moved = Augmentation()
    moved.mirroring = augmentation.mirroring
    moved.shift = augmentation.shift
    moved.erasing = augmentation.erasing
    moved.cutout = augmentation.cutout
    moved.mixup = augmentation.mixup
    moved.cutmix = augmentation.cutmix
    isSampled = moved != augmentation
  }

  /// Writes the changed and normalized image: `pixels` [H, W, C] → `output` [H, W, C]. Allocates nothing.
  func write(
    _ pixels: Span<UInt8>, epoch: Int, index: Int, shape: Shape, table: NormalizationTable,
    into output: inout MutableSpan<Float>
  ) {
    let change = change(epoch: epoch, index: index, shape: shape)
    guard isSampled else {
      change.write(pixels, shape: shape, table: table, into: &output)
      return
    }
    var map = AffineMap()
    var tones = ToneChanges()
    if change.isMirrored { map.mirror() }
    if augmentation.rotation > 0 {
      var generator = rotationStream.generator(epoch: epoch, index: index)
      map.rotate(degrees: generator.uniform(in: -augmentation.rotation...augmentation.rotation))
    }
    if augmentation.scale > 1 {
      var generator = scaleStream.generator(epoch: epoch, index: index)
      map.scale(by: generator.uniform(in: 1 / augmentation.scale...augmentation.scale))
    }
    map.move(right: Double(change.right), down: Double(change.down))
    if let randAugment = augmentation.randAugment {
      var generator = randAugmentStream.generator(epoch: epoch, index: index)
      randAugment.draw(from: &generator, shape: shape, map: &map, tones: &tones)
    }
    if let factor = factor(augmentation.brightness, brightnessStream, epoch, index) {
      tones.append(.brightness(factor))
    }
    if let factor = factor(augmentation.contrast, contrastStream, epoch, index) { tones.append(.contrast(factor)) }
    if let factor = factor(augmentation.saturation, saturationStream, epoch, index) {
      tones.append(.saturation(factor))
    }
    map.sample(pixels, shape: shape, into: &output)
    tones.apply(to: &output, channels: shape.channels)
    table.applyToRounded(&output)
    change.blank(&output, shape: shape, table: table)
  }

  /// The changes that move whole pixels.
  private func change(epoch: Int, index: Int, shape: Shape) -> ImageChange {
    var change = ImageChange()
    switch augmentation.mirroring {
    case .random:
      var generator = flipStream.generator(epoch: epoch, index: index)
      change.isMirrored = generator.coin()
    case .alternating:
      var generator = flipStream.generator(epoch: 0, index: index)
      change.isMirrored = generator.coin() != (epoch % 2 != 0)
    case nil: break
    }
    if augmentation.shift > 0 {
      var generator = shiftStream.generator(epoch: epoch, index: index)
      let choices = 2 * augmentation.shift + 1
      change.down = generator.integer(below: choices) - augmentation.shift
      change.right = generator.integer(below: choices) - augmentation.shift
    }
    if let erasing = augmentation.erasing {
      var generator = eraseStream.generator(epoch: epoch, index: index)
      change.erased = erasing.draw(from: &generator, height: shape.height, width: shape.width)
    }
    if augmentation.cutout > 0 {
      var generator = cutoutStream.generator(epoch: epoch, index: index)
      change.cutOut = .aroundPixel(
        rows: augmentation.cutout, columns: augmentation.cutout, from: &generator, shape: shape)
    }
    return change
  }

  /// A factor that is uniform in 1 − range…1 + range; nil if the range is 0.
  private func factor(_ range: Double, _ stream: RandomStream, _ epoch: Int, _ index: Int) -> Float? {
    guard range > 0 else { return nil }
    var generator = stream.generator(epoch: epoch, index: index)
    return Float(generator.uniform(in: 1 - range...1 + range))
  }
}
