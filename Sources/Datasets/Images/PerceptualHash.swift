internal import Support

/// 64 bits that say how a picture's brightness changes over the whole of it; they hardly depend on its size, on small errors, or on brightness and contrast.
///
/// The gray picture is reduced to 32×32 by means over areas. Of its discrete cosine transform the 8×8 coefficients of the lowest frequencies but the constant
/// give a bit each: whether it is above their median (the scheme of Zauner 2010).
package struct PerceptualHash: Hashable, Sendable {
  /// The bits.
  package let bits: UInt64
  /// Whether the picture has no structure: all its pixels are as good as equal, and its bits say nothing.
  package let isFlat: Bool

  private static let side = 32
  private static let kept = 8

  /// The number of bits that differ.
  package func distance(to other: PerceptualHash) -> Int { (bits ^ other.bits).nonzeroBitCount }

  /// The hash of one image of a set.
  package init(_ set: ImageSet, at index: Int, basis: Basis) {
    let gray = GrayPicture(set, at: index)
    let small = gray.reduced(width: Self.side, height: Self.side)
    var rows = [Double](repeating: 0, count: Self.side * (Self.kept + 1))
    for y in 0..<Self.side {
      for u in 0...Self.kept {
        var sum = 0.0
        for x in 0..<Self.side { sum += small[y * Self.side + x] * basis.cosines[u * Self.side + x] }
        rows[y * (Self.kept + 1) + u] = sum
      }
    }
    var coefficients: [Double] = []
    for v in 0..<Self.kept {
      for u in 0..<Self.kept {
        // In place of the constant, the next frequency of the first row.
        let (row, column) = u == 0 && v == 0 ? (0, Self.kept) : (v, u)
        var sum = 0.0
        for y in 0..<Self.side { sum += rows[y * (Self.kept + 1) + column] * basis.cosines[row * Self.side + y] }
        coefficients.append(sum)
      }
    }
    let sorted = coefficients.sorted()
    let median = (sorted[31] + sorted[32]) / 2
    bits = coefficients.enumerated().reduce(0) { $1.element > median ? $0 | 1 << UInt64($1.offset) : $0 }
    isFlat = coefficients.allSatisfy { $0.magnitude < Double(Self.side) }
  }

  /// Hash of given bits, for tests.
  package init(bits: UInt64, isFlat: Bool = false) {
    self.bits = bits
    self.isFlat = isFlat
  }

  /// The cosines of the transform: `cos((2 x + 1) u π / 64)`.
  package struct Basis: Sendable {
    let cosines: [Double]

    /// Computes them.
    package init(cosine: (_ turns: Double) -> Double) {
      cosines = (0...kept).flatMap { u in
        (0..<side).map { x in cosine(Double((2 * x + 1) * u % (4 * side)) / Double(4 * side)) }
      }
    }
  }
}

/// An image's brightness, 0…255, row by row.
package struct GrayPicture: Sendable {
  package let width: Int
  package let height: Int
  package let values: [Double]
  /// The largest channel of each pixel, 0…255: a pure blue is dark as gray, but not as a color.
  private let peaks: [UInt8]

  /// The brightness of an image of a set; of images with other than three channels the mean of the channels.
  package init(_ set: ImageSet, at index: Int) {
    let shape = set.shape
    let pixels = set.image(at: index)
    width = shape.width
    height = shape.height
    var values = [Double](repeating: 0, count: shape.pixels)
    var peaks = [UInt8](repeating: 0, count: shape.pixels)
    for place in 0..<shape.pixels {
      for channel in 0..<shape.channels { peaks[place] = max(peaks[place], pixels[place * shape.channels + channel]) }
      if shape.channels == 3 {
        // Rec. 601.
        values[place] =
          0.299 * Double(pixels[3 * place]) + 0.587 * Double(pixels[3 * place + 1])
          + 0.114 * Double(pixels[3 * place + 2])
      } else {
        var sum = 0.0
        for channel in 0..<shape.channels { sum += Double(pixels[place * shape.channels + channel]) }
        values[place] = sum / Double(shape.channels)
      }
    }
    self.values = values
    self.peaks = peaks
  }

  /// The picture of another size: each new pixel is the mean of the area that it covers.
  func reduced(width newWidth: Int, height newHeight: Int) -> [Double] {
    let columns = Self.areas(from: width, to: newWidth)
    let rows = Self.areas(from: height, to: newHeight)
    var narrow = [Double](repeating: 0, count: height * newWidth)
    for y in 0..<height {
      for (x, area) in columns.enumerated() {
        narrow[y * newWidth + x] = area.reduce(0) { $0 + values[y * width + $1.place] * $1.share }
      }
    }
    var result = [Double](repeating: 0, count: newHeight * newWidth)
    for (y, area) in rows.enumerated() {
      for x in 0..<newWidth {
        result[y * newWidth + x] = area.reduce(0) { $0 + narrow[$1.place * newWidth + x] * $1.share }
      }
    }
    return result
  }

  /// For each new place the old places that it covers, with shares that sum to 1.
  private static func areas(from old: Int, to new: Int) -> [[(place: Int, share: Double)]] {
    (0..<new).map { place in
      let (start, end) = (Double(place * old) / Double(new), Double((place + 1) * old) / Double(new))
      var parts: [(place: Int, share: Double)] = []
      var at = Int(start)
      while Double(at) < end, at < old {
        let covered = min(end, Double(at + 1)) - max(start, Double(at))
        if covered > 1e-12 { parts.append((at, covered / (end - start))) }
        at += 1
      }
      return parts
    }
  }

  /// The variance of the discrete Laplacian (4 times a pixel minus its four neighbors), relative to that of the pixels: small for blurred pictures, whatever their
  /// contrast. 0 for pictures without structure, and for those of less than 3 pixels.
  package var sharpness: Double {
    guard width > 2, height > 2 else { return 0 }
    var (sum, squares) = (0.0, 0.0)
    for y in 1..<height - 1 {
      for x in 1..<width - 1 {
        let place = y * width + x
        let value =
          4 * values[place] - values[place - 1] - values[place + 1] - values[place - width] - values[place + width]
        sum += value
        squares += value * value
      }
    }
    let count = Double((width - 2) * (height - 2))
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return variance < 1 ? 0 : max(0, squares / count - (sum / count) * (sum / count)) / variance
  }

  /// The correlation of two pictures, each reduced to 32×32, −1…1; it does not depend on their brightness and contrast. 0 if one has no structure.
  package func correlation(with other: GrayPicture) -> Double {
    func centered(_ picture: GrayPicture) -> [Double] {
      let small = picture.reduced(width: 32, height: 32)
      let mean = small.reduce(0, +) / Double(small.count)
      return small.map { $0 - mean }
    }
    let (one, two) = (centered(self), centered(other))
    let lengths = [one, two].map { $0.reduce(0) { $0 + $1 * $1 } }
    guard lengths[0] > 0, lengths[1] > 0 else { return 0 }
    return zip(one, two).reduce(0) { $0 + $1.0 * $1.1 } / (lengths[0] * lengths[1]).squareRoot()
  }

  /// The brightness that 99 of 100 pixels do not exceed.
  package var brightest: Double {
    var counts = [Int](repeating: 0, count: 256)
    for peak in peaks { counts[Int(peak)] += 1 }
    var rest = peaks.count / 100
    for level in (0..<256).reversed() {
      rest -= counts[level]
      if rest < 0 { return Double(level) }
    }
    return 0
  }
}
