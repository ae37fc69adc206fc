internal import Support

extension Photograph {
  /// Red, green and blue, `[height][width][3]`, on white where the picture is transparent.
  package var opaque: [UInt8] { Resampling.opaque(pixels) }

  /// The opaque picture at another size, `[height][width][3]`, stretched if the proportions differ.
  ///
  /// Along an axis that becomes shorter, each new pixel is the mean of the part that it covers. Along one that becomes
  /// longer, pixels are interpolated linearly between the centers of the old ones.
  ///
  /// - Precondition: both sizes are positive.
  package func resized(height newHeight: Int, width newWidth: Int) -> [UInt8] {
    require(
      newHeight > 0 && newWidth > 0, "Photograph.resized: expected a positive size, found \(newHeight) × \(newWidth)")
    guard newHeight != height || newWidth != width else { return opaque }
    return Resampling.resized(opaque, height: height, width: width, newHeight: newHeight, newWidth: newWidth)
  }
}

/// The old pixels along an axis from which a new one is computed.
struct ResamplingTap {
  /// The first of them.
  let first: Int
  /// Their weights; the sum is 1.
  let weights: [Float]

  /// A tap for each of the new pixels.
  static func taps(from old: Int, to new: Int) -> [ResamplingTap] {
    (0..<new).map { index in
      old >= new ? covering(index, of: new, old: old) : between(index, of: new, old: old)
    }
  }

  /// All old pixels under a new one, weighted by the covered share.
  private static func covering(_ index: Int, of new: Int, old: Int) -> ResamplingTap {
    // In units of 1/new of an old pixel, so that all numbers are integers.
    let (start, end) = (index * old, (index + 1) * old)
    let (first, last) = (start / new, (end - 1) / new)
    let weights = (first...last).map { pixel in
      Float(min(end, (pixel + 1) * new) - max(start, pixel * new)) / Float(old)
    }
    return ResamplingTap(first: first, weights: weights)
  }

  /// The two pixels whose centers surround the new pixel's center; at an edge only the last one.
  private static func between(_ index: Int, of new: Int, old: Int) -> ResamplingTap {
    let center = (Double(index) + 0.5) * Double(old) / Double(new) - 0.5
    let first = Int(center.rounded(.down))
    let share = Float(center - Double(first))
    if first < 0 { return ResamplingTap(first: 0, weights: [1]) }
    if first + 1 >= old || share == 0 { return ResamplingTap(first: min(first, old - 1), weights: [1]) }
    return ResamplingTap(first: first, weights: [1 - share, share])
  }
}
