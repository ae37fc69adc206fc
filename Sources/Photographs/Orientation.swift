/// The orientation of the camera: how the stored rows lie on the upright picture (Exif 2.3, tag 0x0112).
package enum Orientation: Int, CaseIterable, Sendable {
  /// As stored.
  case upright = 1
  /// Left and right are exchanged.
  case mirrored
  /// Upside down.
  case rotated180
  /// Top and bottom are exchanged.
  case flipped
  /// Rows and columns are exchanged.
  case transposed
  /// Must be rotated clockwise by 90°.
  case rotated90
  /// Rows and columns are exchanged around the other diagonal.
  case transversed
  /// Must be rotated counterclockwise by 90°.
  case rotated270

  /// Whether width and height are exchanged.
  var isSideways: Bool { rawValue >= 5 }

  /// Where a pixel of the upright picture is stored.
  ///
  /// - Parameters:
  ///   - width: The stored width.
  ///   - height: The stored height.
  func stored(x: Int, y: Int, width: Int, height: Int) -> (x: Int, y: Int) {
    switch self {
    case .upright: (x, y)
    case .mirrored: (width - 1 - x, y)
    case .rotated180: (width - 1 - x, height - 1 - y)
    case .flipped: (x, height - 1 - y)
    case .transposed: (y, x)
    case .rotated90: (y, height - 1 - x)
    case .transversed: (width - 1 - y, height - 1 - x)
    case .rotated270: (width - 1 - y, x)
    }
  }
}

extension Photograph {
  /// The upright picture.
  func turned(_ orientation: Orientation) -> Photograph {
    if orientation == .upright { return self }
    let (newWidth, newHeight) = orientation.isSideways ? (height, width) : (width, height)
    var turned: [UInt8] = []
    turned.reserveCapacity(pixels.count)
    for y in 0..<newHeight {
      for x in 0..<newWidth {
        let place = orientation.stored(x: x, y: y, width: width, height: height)
        let first = (place.y * width + place.x) * 4
        for channel in first..<first + 4 { turned.append(pixels[channel]) }
      }
    }
    return Photograph(width: newWidth, height: newHeight, pixels: turned, warnings: warnings)
  }
}
