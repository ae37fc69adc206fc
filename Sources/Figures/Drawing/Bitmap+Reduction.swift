extension Bitmap {
  /// The picture reduced to fit into a square: each pixel is the mean of those that it replaces. A smaller picture stays unchanged.
  ///
  /// - Parameter side: The largest width and height, at least 1.
  package func reduced(toFit side: Int) -> Bitmap {
    let largest = max(width, height)
    guard largest > max(1, side) else { return self }
    let (newWidth, newHeight) = (max(1, width * side / largest), max(1, height * side / largest))
    var result: [UInt8] = []
    result.reserveCapacity(newWidth * newHeight * channels)
    for row in 0..<newHeight {
      let rows = row * height / newHeight..<max(row * height / newHeight + 1, (row + 1) * height / newHeight)
      for column in 0..<newWidth {
        let columns = column * width / newWidth..<max(column * width / newWidth + 1, (column + 1) * width / newWidth)
        let count = rows.count * columns.count
        for channel in 0..<channels {
          var sum = 0
          for y in rows { for x in columns { sum += Int(pixels[(y * width + x) * channels + channel]) } }
          result.append(UInt8((sum + count / 2) / count))
        }
      }
    }
    return Bitmap(width: newWidth, height: newHeight, channels: channels, pixels: result)
  }
}
