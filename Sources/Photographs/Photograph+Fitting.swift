internal import Support

/// How to fit a picture to a size of other proportions.
package enum PictureFit: String, CaseIterable, Hashable, Sendable {
  /// The picture is stretched.
  case stretch
  /// The picture is cropped to its middle part.
  case crop
  /// The picture is centered, on the color of its border.
  case pad
}

/// Whether to negate a picture.
package enum PictureInversion: String, CaseIterable, Hashable, Sendable {
  /// If the border is light. The background then becomes dark, as in digits and clothes.
  case auto
  /// Always.
  case yes
  /// Never.
  case no
}

extension Photograph {
  /// The opaque picture at another size, `[height][width][3]`.
  ///
  /// - Precondition: both sizes are positive.
  package func fitted(
    height newHeight: Int, width newWidth: Int, fit: PictureFit, inversion: PictureInversion
  ) -> [UInt8] {
    require(
      newHeight > 0 && newWidth > 0, "Photograph.fitted: expected a positive size, found \(newHeight) × \(newWidth)")
    var colors: [UInt8]
    switch fit {
    case .stretch: colors = resized(height: newHeight, width: newWidth)
    case .crop:
      // The largest part with the new proportions.
      let partWidth = min(width, max(1, Int((Double(height * newWidth) / Double(newHeight)).rounded())))
      let partHeight = min(height, max(1, Int((Double(width * newHeight) / Double(newWidth)).rounded())))
      colors = middle(height: partHeight, width: partWidth).resized(height: newHeight, width: newWidth)
    case .pad:
      let scale = min(Double(newWidth) / Double(width), Double(newHeight) / Double(height))
      let innerWidth = min(newWidth, max(1, Int((Double(width) * scale).rounded())))
      let innerHeight = min(newHeight, max(1, Int((Double(height) * scale).rounded())))
      let inner = resized(height: innerHeight, width: innerWidth)
      let ground = Self.borderMeans(of: opaque, height: height, width: width)
      colors = []
      colors.reserveCapacity(newHeight * newWidth * 3)
      let (left, top) = ((newWidth - innerWidth) / 2, (newHeight - innerHeight) / 2)
      for row in 0..<newHeight {
        for column in 0..<newWidth {
          let (x, y) = (column - left, row - top)
          if 0..<innerWidth ~= x, 0..<innerHeight ~= y {
            colors += inner[(y * innerWidth + x) * 3..<(y * innerWidth + x) * 3 + 3]
          } else {
            colors += ground.map { UInt8($0.rounded()) }
          }
        }
      }
    }
    let isInverted =
      switch inversion {
      case .yes: true
      case .no: false
      case .auto: SmallPicture.gray(Self.borderMeans(of: colors, height: newHeight, width: newWidth)) >= 128
      }
    return isInverted ? colors.map { 255 - $0 } : colors
  }

  /// The middle of the picture.
  private func middle(height partHeight: Int, width partWidth: Int) -> Photograph {
    if partHeight == height, partWidth == width { return self }
    let (left, top) = ((width - partWidth) / 2, (height - partHeight) / 2)
    var part: [UInt8] = []
    part.reserveCapacity(partHeight * partWidth * 4)
    for row in top..<top + partHeight {
      part += pixels[(row * width + left) * 4..<(row * width + left + partWidth) * 4]
    }
    return Photograph(width: partWidth, height: partHeight, pixels: part)
  }

  /// The means of red, green and blue along the border.
  private static func borderMeans(of colors: [UInt8], height: Int, width: Int) -> [Double] {
    var sums = [0, 0, 0]
    var count = 0
    for row in 0..<height {
      let isWhole = row == 0 || row == height - 1
      for column in stride(from: 0, to: width, by: isWhole ? 1 : max(1, width - 1)) {
        for channel in 0..<3 { sums[channel] += Int(colors[(row * width + column) * 3 + channel]) }
        count += 1
      }
    }
    return sums.map { Double($0) / Double(count) }
  }
}
