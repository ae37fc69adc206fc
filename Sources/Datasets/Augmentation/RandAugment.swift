internal import Randomness
internal import Samples
internal import Support

/// A number of operations per image, each drawn from a list with the same probability, all of the same strength.
///
/// The list: no change, rotate (up to 30°), shear and move along each axis (up to 0.3 and 45 % of the side), brightness, contrast and, in color, saturation (a factor of
/// 1 ± 0.9 at most), posterize (down to 4 bits), solarize (from 256 down to 0). Numbers are those of magnitude 10, and proportionally less below.
/// Directions are random. All geometry comes first, as one map; then the other operations in the order of the draw.
///
/// Source: Cubuk, Zoph, Shlens and Le, "RandAugment: Practical automated data augmentation with a reduced search space", 2019 (arXiv 1909.13719). Left
/// out: autocontrast, equalize and sharpness.
public struct RandAugment: Hashable, Sendable {
  /// Operations per image, at least 1.
  public let count: Int
  /// Their strength, from 0 to 10.
  public let magnitude: Int

  /// Chooses `count` operations of the strength `magnitude` for each image.
  ///
  /// - Precondition: `count` is in 1…8, and `magnitude` in 0…10.
  public init(count: Int, magnitude: Int) {
    require(
      1...Self.largestCount ~= count && 0...10 ~= magnitude,
      "RandAugment: expected 1 to \(Self.largestCount) operations of a magnitude from 0 to 10, found \(count) and \(magnitude)."
    )
    self.count = count
    self.magnitude = magnitude
  }

  static let largestCount = 8

  private enum Operation: Int {
    case identity, rotate, shearHorizontally, shearVertically, moveHorizontally, moveVertically
    case brightness, contrast, posterize, solarize
    // The last, so that a number below the count of the others selects one that suits gray images.
    case saturation
  }

  /// Draws the operations of one image and adds them.
  func draw(
    from generator: inout AddressedGenerator, shape: Shape, map: inout AffineMap, tones: inout ToneChanges
  ) {
    let strength = Double(magnitude) / 10
    let choices = Operation.saturation.rawValue + (shape.channels == 3 ? 1 : 0)
    for _ in 0..<count {
      let operation = Operation(rawValue: generator.integer(below: choices)) ?? .identity
      let signed = generator.coin() ? strength : -strength
      switch operation {
      case .identity: break
      case .rotate: map.rotate(degrees: 30 * signed)
      case .shearHorizontally: map.shear(horizontal: 0.3 * signed)
      case .shearVertically: map.shear(vertical: 0.3 * signed)
      case .moveHorizontally: map.move(right: 0.45 * signed * Double(shape.width), down: 0)
      case .moveVertically: map.move(right: 0, down: 0.45 * signed * Double(shape.height))
      case .brightness: tones.append(.brightness(Float(1 + 0.9 * signed)))
      case .contrast: tones.append(.contrast(Float(1 + 0.9 * signed)))
      case .saturation: tones.append(.saturation(Float(1 + 0.9 * signed)))
      case .posterize: tones.append(.posterize(bits: 8 - Int((4 * strength).rounded())))
      case .solarize: tones.append(.solarize(from: Float(256 * (1 - strength))))
      }
    }
  }
}
