internal import Support
public import Samples

/// The random changes that training makes to its images, each with its own stream of random numbers.
///
/// Written as text, "flip,shift=2,erase", in any order; "none" for no change. Whatever the order of the text, images
/// are changed in the order of the properties below. Geometry is one map per image, sampled once. A changed image is an
/// image of bytes again, which the network gets normalized as any other.
public struct Augmentation: Hashable, Sendable {
  /// Which images are mirrored from left to right.
  public enum Mirroring: Hashable, Sendable {
    /// Each image with probability ½, in each epoch.
    case random
    /// Each image with probability ½ in epoch 0, and from then on in every second epoch, so that two successive epochs show both forms.
    ///
    /// Source: Jordan, "94% on CIFAR-10 in 3.29 seconds on a single GPU", 2024 (arXiv 2404.00498).
    case alternating
  }

  /// Which images are mirrored; nil for none.
  public var mirroring: Mirroring?

  /// The largest rotation about the center in degrees, up to 180: uniform in −rotation…rotation; 0 for none.
  public var rotation = 0.0

  /// The largest factor of the size, up to 4: uniform in 1/scale…scale; 1 for none.
  public var scale = 1.0

  /// The largest translation in pixels, along both axes: uniform in −shift…shift; 0 for none.
  ///
  /// The same as padding an image with this many zeros and cropping it at a random place.
  public var shift = 0

  /// Operations drawn from a list; nil for none.
  public var randAugment: RandAugment?

  /// The range of the brightness: each pixel times a factor, uniform in 1 − brightness…1 + brightness; 0 for none, at most 1.
  public var brightness = 0.0

  /// The range of the contrast: the distance of each pixel from the image's mean, times a factor; 0 for none, at most 1.
  public var contrast = 0.0

  /// The range of the saturation: the distance of each pixel from its gray, times a factor; 0 for none, at most 1. Only for images in color.
  public var saturation = 0.0

  /// A random rectangle of some images becomes 0; nil for none.
  public var erasing: RandomErasing?

  /// The side of a square that becomes 0 in every image: its center is a random pixel, and the part outside the image is
  /// ignored. 0 for none.
  ///
  /// Source: DeVries and Taylor, "Improved regularization of convolutional neural networks with cutout", 2017 (arXiv 1708.04552).
  public var cutout = 0

  /// The parameter of mixup: each image becomes (1 − λ) · itself + λ · another image of the samples, changed in its own way, with λ of the beta
  /// distribution with both parameters this number, from 0.01 to 100. Its loss is mixed in the same way. 0 for none.
  ///
  /// Source: Zhang, Cisse, Dauphin and Lopez-Paz, "mixup: Beyond empirical risk minimization", 2017 (arXiv 1710.09412).
  public var mixup = 0.0

  /// The parameter of cutmix: a rectangle of each image becomes that of another image, with the share λ of the area as for mixup, before the
  /// part outside the image is cut off. The share that is left mixes the loss. With mixup too, each image is mixed in one of the two ways, with probability ½. 0 for none.
  ///
  /// Source: Yun, Han, Oh, Chun, Choe and Yoo, "CutMix: Regularization strategy to train strong classifiers with localizable features", 2019 (arXiv 1905.04899).
  public var cutmix = 0.0

  /// Makes an augmentation that changes nothing.
  public init() {}

  /// No change at all.
  public static let none = Augmentation()

  /// Half of the images are mirrored from left to right.
  public static let flip = with { $0.mirroring = .random }

  /// Half of the images are mirrored in epoch 0, and then each in every second epoch.
  public static let alternatingFlip = with { $0.mirroring = .alternating }

  /// A random rectangle of half of the images is overwritten with 0.
  public static let erase = with { $0.erasing = RandomErasing() }

  /// Every image is moved by at most `pixels` along both axes.
  public static func shift(_ pixels: Int) -> Augmentation { with { $0.shift = pixels } }

  /// A square with this side is overwritten with 0 in every image.
  public static func cutout(_ side: Int) -> Augmentation { with { $0.cutout = side } }

  /// Images are mixed with others; see the property of the same name.
  public static func mixup(_ alpha: Double) -> Augmentation { with { $0.mixup = alpha } }

  /// Rectangles of images come from others; see the property of the same name.
  public static func cutmix(_ alpha: Double) -> Augmentation { with { $0.cutmix = alpha } }

  private static func with(_ change: (inout Augmentation) -> Void) -> Augmentation {
    var augmentation = Augmentation()
    change(&augmentation)
    return augmentation
  }

  /// Both changes; where both have one, the larger number or the later choice.
  func combined(with other: Augmentation) -> Augmentation {
    var both = self
    both.mirroring = other.mirroring ?? mirroring
    both.rotation = max(rotation, other.rotation)
    both.scale = max(scale, other.scale)
    both.shift = max(shift, other.shift)
    both.randAugment = other.randAugment ?? randAugment
    both.brightness = max(brightness, other.brightness)
    both.contrast = max(contrast, other.contrast)
    both.saturation = max(saturation, other.saturation)
    both.erasing = other.erasing ?? erasing
    both.cutout = max(cutout, other.cutout)
    both.mixup = max(mixup, other.mixup)
    both.cutmix = max(cutmix, other.cutmix)
    return both
  }

  /// Checks that the numbers are in their ranges, that part of an image stays visible, and that the images have the colors to change.
  ///
  /// - Throws: `SettingError` with the first change that does not suit images of the shape.
  public func check(for shape: Shape) throws(SettingError) {
    // The text has each range once; numbers set in code are held to the same.
    _ = try Augmentation(parsing: description)
    let limit = min(shape.height, shape.width)
    for (name, pixels) in [("shift", shift), ("cutout", cutout)] where pixels >= limit {
      throw SettingError(
        setting: Self.setting, part: "\(name)=\(pixels)",
        reason: "expected less than the \(limit) pixels of an image of \(shape.height) × \(shape.width)")
    }
    if saturation != 0, shape.channels != 3 {
      throw SettingError(
        setting: Self.setting, part: "saturation=\(AugmentationPart.text(saturation))",
        reason: "expected images of 3 channels, because gray has no saturation, found \(shape.channels)")
    }
  }

  /// The name of the setting, for error messages.
  static let setting = "augment"
}
