package import Datasets
internal import Randomness
internal import Support
internal import Synchronization

/// Images that are blurred or dark, compared with the others of their set.
package struct PictureQuality: Sendable {
  /// The sharpness of each image, as `GrayPicture` measures it.
  package let sharpness: [Double]
  /// The brightness that 99 of 100 pixels of each image do not exceed.
  package let brightest: [Double]

  /// The robust standard deviations below the median, in logarithms, from which an image counts as blurred.
  package static let blurred = 3.5
  /// Up to this brightness an image counts as dark.
  package static let dark = 50.0

  /// Measures all images of a set, on all processors.
  package init(_ set: ImageSet) {
    let size = 256
    let all = Mutex([[(Double, Double)]](repeating: [], count: (set.count + size - 1) / size))
    Parallel.perform(count: (set.count + size - 1) / size) { block in
      let values = (block * size..<min(set.count, (block + 1) * size)).map { index in
        let picture = GrayPicture(set, at: index)
        return (picture.sharpness, picture.brightest)
      }
      all.withLock { $0[block] = values }
    }
    let values = all.withLock { $0.flatMap(\.self) }
    sharpness = values.map(\.0)
    brightest = values.map(\.1)
  }

  /// How far each image's sharpness is below the median, in robust standard deviations of its logarithm; 0 for images above, and if all are alike.
  package var blur: [Double] {
    let logarithms = sharpness.map { ElementaryFunctions.logarithm(max($0, 1e-6)) }
    let middle = Self.median(logarithms)
    // The median of absolute deviations of a normal distribution is 0.6745 standard deviations.
    let spread = Self.median(logarithms.map { ($0 - middle).magnitude }) / 0.6745
    return logarithms.map { spread > 0 ? max(0, (middle - $0) / spread) : 0 }
  }

  /// The middle of some values; 0 for none.
  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
