internal import Support
public import Samples

/// The random changes that training makes to its images, each with its own stream of random numbers.
///
/// Written as text, "flip,shift=2,erase", in any order; "none" for no change.
public struct Augmentation: Hashable, Sendable {
  /// Whether to mirror an image from left to right, with probability ½.
  public let flips: Bool

  /// The largest translation in pixels, along both axes: uniform in −shift…shift; uncovered pixels become 0. 0 for
  /// none.
  public let shift: Int

  /// Whether to overwrite a random rectangle with 0, with probability ½; see `RandomErasing`.
  public let erases: Bool

  /// Makes an augmentation.
  ///
  /// - Precondition: `shift` is not negative.
  public init(flips: Bool = false, shift: Int = 0, erases: Bool = false) {
    require(shift >= 0, "Augmentation: the shift must not be negative, found \(shift).")
    self.flips = flips
    self.shift = shift
    self.erases = erases
  }

  /// No change at all.
  public static let none = Augmentation()

  /// Half of the images are mirrored from left to right.
  public static let flip = Augmentation(flips: true)

  /// A random rectangle of half of the images is overwritten with 0.
  public static let erase = Augmentation(erases: true)

  /// Every image is moved by at most `pixels` along both axes.
  public static func shift(_ pixels: Int) -> Augmentation { Augmentation(shift: pixels) }

  /// Both changes, with the larger shift.
  func combined(with other: Augmentation) -> Augmentation {
    Augmentation(
      flips: flips || other.flips, shift: max(shift, other.shift), erases: erases || other.erases)
  }

  /// Checks that the augmentation leaves part of an image visible.
  ///
  /// - Throws: `SettingError` if the shift could move an image out of its frame.
  public func check(for shape: Shape) throws(SettingError) {
    let limit = min(shape.height, shape.width)
    guard shift < limit else {
      throw SettingError(
        setting: Self.setting, part: "shift=\(shift)",
        reason: "expected less than the \(limit) pixels of an image of \(shape.height) × \(shape.width)")
    }
  }

  /// The name of the setting, for error messages.
  static let setting = "augment"
}
