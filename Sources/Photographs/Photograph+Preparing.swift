extension Photograph {
  /// The picture prepared like Fashion-MNIST's own: gray, small, bright on black, `[height][width]`.
  ///
  /// The steps are those of the data set's authors: edges close to the color of the corners are trimmed, the longest
  /// edge is reduced to the target by skipping rows and columns, and the picture is sharpened with a Gaussian of radius
  /// and deviation 1, centered on the canvas, negated, and converted to gray (Xiao, Rasul and Vollgraf 2017, section
  /// 2). Their photographs show single objects on white. To support others too, a picture with a dark background is not
  /// negated, and a transparent background is trimmed by its transparency and then becomes white.
  ///
  /// - Throws: `PhotographError.blank` if nothing stands out from the background.
  package func prepared(width: Int, height: Int) throws(PhotographError) -> [UInt8] {
    try preparedOnGround(width: width, height: height).pixels
  }

  /// The same, and whether the background is busy, in which case the trimmed part may not be the object.
  package func preparedOnGround(
    width targetWidth: Int, height targetHeight: Int
  ) throws(PhotographError) -> (pixels: [UInt8], isBusy: Bool) {
    let background = Background(self)
    let object = try trimmed(background)
    let small = sampled(object, width: targetWidth, height: targetHeight).sharpened()
    // The canvas is white or black, as in the data set, regardless of the shade of the background.
    var canvas = [UInt8](repeating: 0, count: targetWidth * targetHeight)
    // The odd row or column is above or at the left, as in ImageMagick, which made the data set.
    let (left, top) = (targetWidth / 2 - small.width / 2, targetHeight / 2 - small.height / 2)
    for row in 0..<small.height {
      for column in 0..<small.width {
        let gray = small.gray(column, row)
        canvas[(top + row) * targetWidth + left + column] = background.isLight ? 255 - gray : gray
      }
    }
    return (canvas, background.isBusy)
  }

  /// The smallest part that contains everything but the background.
  private func trimmed(_ background: Background) throws(PhotographError) -> Area {
    var area = Area(left: width, top: height, right: 0, bottom: 0)
    func isObject(_ column: Int, _ row: Int) -> Bool { !background.contains(pixels, (row * width + column) * 4) }
    for row in 0..<height {
      for column in 0..<width where isObject(column, row) {
        // On a noisy background, single pixels are noise: pixels of an object have neighbors.
        if background.isNoisy {
          var neighbors = -1
          for y in max(0, row - 1)...min(height - 1, row + 1) {
            for x in max(0, column - 1)...min(width - 1, column + 1) where isObject(x, y) { neighbors += 1 }
          }
          if neighbors < 3 { continue }
        }
        area.left = min(area.left, column)
        area.right = max(area.right, column + 1)
        area.top = min(area.top, row)
        area.bottom = row + 1
      }
    }
    guard area.left < area.right else { throw .blank }
    return area
  }

  /// A part of the picture, its longest edge scaled to the target by skipping or repeating rows and columns; opaque,
  /// with white where it was transparent.
  private func sampled(_ area: Area, width targetWidth: Int, height targetHeight: Int) -> SmallPicture {
    let (areaWidth, areaHeight) = (area.right - area.left, area.bottom - area.top)
    let scale = min(Double(targetWidth) / Double(areaWidth), Double(targetHeight) / Double(areaHeight))
    let smallWidth = min(targetWidth, max(1, Int((Double(areaWidth) * scale).rounded())))
    let smallHeight = min(targetHeight, max(1, Int((Double(areaHeight) * scale).rounded())))
    var colors: [Double] = []
    for row in 0..<smallHeight {
      let y = area.top + (2 * row + 1) * areaHeight / (2 * smallHeight)
      for column in 0..<smallWidth {
        let x = area.left + (2 * column + 1) * areaWidth / (2 * smallWidth)
        let first = (y * width + x) * 4
        let opacity = Double(pixels[first + 3]) / 255
        for channel in first..<first + 3 { colors.append(255 + (Double(pixels[channel]) - 255) * opacity) }
      }
    }
    return SmallPicture(width: smallWidth, height: smallHeight, colors: colors)
  }
}

/// A part of a picture; `right` and `bottom` are exclusive.
private struct Area {
  var left: Int
  var top: Int
  var right: Int
  var bottom: Int
}

/// The background, as seen in the corners of a picture.
private struct Background {
  private let corners: [[Double]]
  /// The squared distance that the background may have from a corner's color.
  private let limit: Double
  /// Whether neighbors on the border differ randomly, as in photographs.
  let isNoisy: Bool
  /// Whether much of the border differs from the corners' colors.
  let isBusy: Bool
  /// Whether it is transparent.
  private let isTransparent: Bool
  /// Whether it is nearer to white than to black; a transparent one becomes white.
  let isLight: Bool

  /// A pixel with less opacity than this counts as transparent: 5 % of full opacity.
  private static let leastOpacity: UInt8 = 13
  /// Colors closer than this count as the same: 5 % of the distance between black and white.
  private static let tolerance = 0.05 * 255 * 3.0.squareRoot()

  init(_ picture: Photograph) {
    let (right, bottom) = (picture.width - 1, picture.height - 1)
    let places = [(0, 0), (right, 0), (0, bottom), (right, bottom)].map { ($0.1 * picture.width + $0.0) * 4 }
    isTransparent = places.allSatisfy { picture.pixels[$0 + 3] < Self.leastOpacity }
    let border = Self.border(of: picture)
    // The median difference of neighbors in a channel, averaged over the channels; as a deviation, if it is noise.
    let deviation = Self.noise(along: border, picture)
    isNoisy = deviation >= 1
    let limit = Self.tolerance + (isNoisy ? 4 * deviation * 3.0.squareRoot() : 0)
    self.limit = limit * limit
    let side = isNoisy ? max(1, min(8, min(picture.width, picture.height) / 16)) : 1
    let corners = places.filter { picture.pixels[$0 + 3] >= Self.leastOpacity }.map { first in
      Self.color(of: picture, around: first / 4 % picture.width, first / 4 / picture.width, side: side)
    }
    self.corners = corners
    let others = border.count { first in
      picture.pixels[first + 3] >= Self.leastOpacity
        && !corners.contains { Self.distance(picture.pixels, first, $0) <= limit * limit }
    }
    isBusy = !isTransparent && others * 4 > border.count || isNoisy && deviation > 12
    let grays = corners.map(SmallPicture.gray)
    isLight = grays.isEmpty || grays.reduce(0, +) / Double(grays.count) >= 128
  }

  /// Whether a pixel belongs to the background.
  func contains(_ pixels: [UInt8], _ first: Int) -> Bool {
    if pixels[first + 3] < Self.leastOpacity { return true }
    if isTransparent { return false }
    return corners.contains { Self.distance(pixels, first, $0) <= limit }
  }

  private static func distance(_ pixels: [UInt8], _ first: Int, _ color: [Double]) -> Double {
    var distance = 0.0
    for channel in 0..<3 {
      let difference = Double(pixels[first + channel]) - color[channel]
      distance += difference * difference
    }
    return distance
  }

  /// The positions of the border's pixels, around the picture.
  private static func border(of picture: Photograph) -> [Int] {
    let (right, bottom) = (picture.width - 1, picture.height - 1)
    let places =
      (0...right).map { ($0, 0) } + (0...bottom).map { (right, $0) } + (0...right).map { ($0, bottom) }
      + (0...bottom).map { (0, $0) }
    return places.map { ($0.1 * picture.width + $0.0) * 4 }
  }

  /// The deviation of the noise, from the median difference of neighbors, which ignores edges and gradual changes of
  /// shade.
  private static func noise(along border: [Int], _ picture: Photograph) -> Double {
    var differences: [Int] = []
    for (one, other) in zip(border, border.dropFirst()) where other - one == 4 || other - one == picture.width * 4 {
      for channel in 0..<3 {
        differences.append(abs(Int(picture.pixels[one + channel]) - Int(picture.pixels[other + channel])))
      }
    }
    guard !differences.isEmpty else { return 0 }
    // The median of the absolute difference of two normal numbers is 0.6745 · √2 deviations.
    return Double(differences.sorted()[differences.count / 2]) / (0.6745 * 2.0.squareRoot())
  }

  /// The mean color of a square in a corner.
  private static func color(of picture: Photograph, around x: Int, _ y: Int, side: Int) -> [Double] {
    let left = x == 0 ? 0 : max(0, x - side + 1)
    let top = y == 0 ? 0 : max(0, y - side + 1)
    var sums = [0.0, 0.0, 0.0]
    var count = 0.0
    for row in top...min(picture.height - 1, top + side - 1) {
      for column in left...min(picture.width - 1, left + side - 1) {
        for channel in 0..<3 { sums[channel] += Double(picture.pixels[(row * picture.width + column) * 4 + channel]) }
        count += 1
      }
    }
    return sums.map { $0 / count }
  }
}
