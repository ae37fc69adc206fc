internal import Randomness
internal import Samples

/// Decides how a sample is changed in an epoch: a pure function of the seed, the epoch and the sample's index.
struct Augmenter: Sendable {
  let augmentation: Augmentation
  // One stream per change: switching one on or off does not affect the others.
  private let flipStream: RandomStream
  private let shiftStream: RandomStream
  private let eraseStream: RandomStream

  init(_ augmentation: Augmentation, seed: UInt64) {
    self.augmentation = augmentation
    flipStream = RandomStream(seed: seed, name: "augmentation.flip")
    shiftStream = RandomStream(seed: seed, name: "augmentation.shift")
    eraseStream = RandomStream(seed: seed, name: "augmentation.erase")
  }

  /// The changes to the sample at `index` in `epoch`.
  func change(epoch: Int, index: Int, shape: Shape) -> ImageChange {
    var change = ImageChange()
    if augmentation.flips {
      var generator = flipStream.generator(epoch: epoch, index: index)
      change.isMirrored = generator.coin()
    }
    if augmentation.shift > 0 {
      var generator = shiftStream.generator(epoch: epoch, index: index)
      let choices = 2 * augmentation.shift + 1
      change.down = generator.integer(below: choices) - augmentation.shift
      change.right = generator.integer(below: choices) - augmentation.shift
    }
    if augmentation.erases {
      var generator = eraseStream.generator(epoch: epoch, index: index)
      change.erased = RandomErasing.draw(from: &generator, height: shape.height, width: shape.width)
    }
    return change
  }
}
