import Datasets
import Foundation
import TestSupport
import Testing

/// Hashes of how pictures look, and measures of their quality.
struct PerceptualHashTests {
  private static let basis = PerceptualHash.Basis { cos(2 * Double.pi * $0) }

  /// A random picture, about 0…1, as a function of place: waves of many lengths.
  private static func scene(_ seed: UInt64) -> (Double, Double) -> Double {
    var random = TestRandom(seed: seed)
    let waves = (0..<60).map { _ in random.uniform(4) }
    return { x, y in
      let sum = waves.reduce(0.0) { sum, wave in
        sum + Double(wave[0]) * sin(25 * (Double(wave[1]) * x + Double(wave[2]) * y) + 3 * Double(wave[3]))
      }
      return 0.5 + sum / 12
    }
  }

  private static func set(
    _ scene: (Double, Double) -> Double, height: Int, width: Int, channels: Int = 1, gain: Double = 200,
    offset: Double = 20
  ) -> ImageSet {
    var pixels: [UInt8] = []
    for row in 0..<height {
      for column in 0..<width {
        let value = scene((Double(column) + 0.5) / Double(width), (Double(row) + 0.5) / Double(height))
        for _ in 0..<channels { pixels.append(UInt8(min(255, max(0, offset + gain * value)))) }
      }
    }
    return ImageSet(
      shape: .image(height: height, width: width, channels: channels), classNames: ["a"], images: pixels, labels: [0])
  }

  private static func hash(_ set: ImageSet) -> PerceptualHash { PerceptualHash(set, at: 0, basis: basis) }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func smallChangesHardlyChangeAHash(seed: UInt64) {
    let scene = Self.scene(seed)
    let original = Self.hash(Self.set(scene, height: 64, width: 64))
    #expect(!original.isFlat)
    for (name, other) in [
      ("larger", Self.set(scene, height: 96, width: 128)),
      ("color", Self.set(scene, height: 64, width: 64, channels: 3)),
      ("darker", Self.set(scene, height: 64, width: 64, gain: 120, offset: 10)),
      ("brighter", Self.set(scene, height: 64, width: 64, gain: 180, offset: 50)),
    ] { #expect(original.distance(to: Self.hash(other)) <= 5, "\(name)") }
    // Half of the bits are above the median.
    #expect(original.bits.nonzeroBitCount == 32)
    let others = (1...20 as ClosedRange<UInt64>).filter { $0 != seed }.map {
      original.distance(to: Self.hash(Self.set(Self.scene($0), height: 64, width: 64)))
    }
    #expect((others.min() ?? 0) > 10)
  }

  @Test func aPictureWithoutStructureIsFlat() {
    #expect(Self.hash(Self.set({ _, _ in 0.5 }, height: 28, width: 28)).isFlat)
    #expect(Self.hash(Self.set({ _, _ in 0 }, height: 1, width: 1)).isFlat)
  }

  @Test func blurAndDarknessAreMeasured() {
    let sharp = GrayPicture(Self.set({ x, _ in Int(x * 16) % 2 == 0 ? 0 : 1 }, height: 32, width: 32), at: 0)
    let smooth = GrayPicture(Self.set({ x, _ in x }, height: 32, width: 32), at: 0)
    #expect(sharp.sharpness > 100 * smooth.sharpness)
    // Columns of two: each Laplacian is ±200, each pixel ±100.
    #expect(abs(sharp.sharpness - 4) < 0.2)
    let faint = GrayPicture(Self.set({ x, _ in Int(x * 16) % 2 == 0 ? 0 : 1 }, height: 32, width: 32, gain: 20), at: 0)
    #expect(abs(faint.sharpness - sharp.sharpness) < 0.01)
    #expect(abs(faint.correlation(with: sharp) - 1) < 1e-9 && abs(smooth.correlation(with: sharp)) < 0.3)
    #expect(GrayPicture(Self.set({ _, _ in 1 }, height: 2, width: 9), at: 0).sharpness == 0)
    #expect(smooth.brightest >= 210 && smooth.brightest <= 220)
    // One pixel of a thousand does not make a picture bright.
    let dark = GrayPicture(Self.set({ x, y in x < 0.03 && y < 0.03 ? 1 : 0 }, height: 32, width: 32), at: 0)
    #expect(dark.brightest == 20)
  }
}
