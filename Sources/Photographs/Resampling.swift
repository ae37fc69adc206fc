internal import Support

/// The loops of resizing, over memory whose bounds are checked before.
///
/// Each sum runs over its pixels in their order, in single precision and without fused operations, so results do not depend on how a
/// compiler vectorizes it.
enum Resampling {
  /// The old pixels of all new ones along an axis, one after the other.
  private struct Taps {
    var firsts: [Int] = []
    /// Where the weights of each new pixel begin, and those of the last one end.
    var starts = [0]
    var weights: [Float] = []

    init(from old: Int, to new: Int) {
      for tap in ResamplingTap.taps(from: old, to: new) {
        firsts.append(tap.first)
        weights += tap.weights
        starts.append(weights.count)
        require(tap.first >= 0 && tap.first + tap.weights.count <= old, "Resampling: a tap outside of the picture")
      }
    }
  }

  /// 2²³: from here on, all numbers of single precision are whole.
  private static let integers: Float = 8_388_608

  /// A picture `[height][width][3]` at another size.
  static func resized(
    _ colors: [UInt8], height: Int, width: Int, newHeight: Int, newWidth: Int
  ) -> [UInt8] {
    require(colors.count == height * width * 3, "Resampling: \(colors.count) values for \(height) × \(width) pixels")
    let rows = stretched(colors, height: height, width: width, newWidth: newWidth)
    let down = Taps(from: height, to: newHeight)
    let rowCount = newWidth * 3
    var sums = [Float](repeating: 0, count: rowCount)
    let integers = Self.integers
    return unsafe [UInt8](unsafeUninitializedCapacity: newHeight * rowCount) { result, count in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        unsafe rows.withUnsafeBufferPointer { rows in
          for row in 0..<newHeight {
            for place in 0..<rowCount { unsafe sums[place] = 0 }
            var first = down.firsts[row] * rowCount
            for index in down.starts[row]..<down.starts[row + 1] {
              let weight = down.weights[index]
              let source = unsafe UnsafeBufferPointer(rebasing: rows[first..<first + rowCount])
              for place in 0..<rowCount { unsafe sums[place] += weight * source[place] }
              first += rowCount
            }
            let output = unsafe UnsafeMutableBufferPointer(rebasing: result[row * rowCount..<(row + 1) * rowCount])
            for place in 0..<rowCount {
              // To the nearest number, halves upward. Adding 2²³ rounds a sum, which is never negative, to the nearest even
              // number; all differences here are exact.
              let sum = unsafe sums[place]
              let even = (sum + integers) - integers
              let nearest = sum - even >= 0.5 ? even + 1 : even
              let shade = nearest < 255 ? nearest : 255
              unsafe output[place] = UInt8(truncatingIfNeeded: (shade + integers).bitPattern)
            }
          }
        }
      }
      count = newHeight * rowCount
    }
  }

  /// The picture at another width, `[height][newWidth][3]`, not rounded.
  private static func stretched(_ colors: [UInt8], height: Int, width: Int, newWidth: Int) -> [Float] {
    let across = Taps(from: width, to: newWidth)
    var line = [Float](repeating: 0, count: width * 3)
    return unsafe [Float](unsafeUninitializedCapacity: height * newWidth * 3) { rows, count in
      unsafe line.withUnsafeMutableBufferPointer { line in
        unsafe colors.withUnsafeBufferPointer { colors in
          unsafe across.weights.withUnsafeBufferPointer { weights in
            for row in 0..<height {
              let source = unsafe UnsafeBufferPointer(rebasing: colors[row * width * 3..<(row + 1) * width * 3])
              for place in 0..<width * 3 { unsafe line[place] = Float(source[place]) }
              var output = row * newWidth * 3
              for column in 0..<newWidth {
                var (red, green, blue): (Float, Float, Float) = (0, 0, 0)
                var place = across.firsts[column] * 3
                for index in across.starts[column]..<across.starts[column + 1] {
                  let weight = unsafe weights[index]
                  unsafe red += weight * line[place]
                  unsafe green += weight * line[place &+ 1]
                  unsafe blue += weight * line[place &+ 2]
                  place &+= 3
                }
                unsafe rows[output] = red
                unsafe rows[output &+ 1] = green
                unsafe rows[output &+ 2] = blue
                output &+= 3
              }
            }
          }
        }
      }
      count = height * newWidth * 3
    }
  }

  /// Red, green and blue of pixels with opacity, on white.
  static func opaque(_ pixels: [UInt8]) -> [UInt8] {
    let count = pixels.count / 4
    return unsafe [UInt8](unsafeUninitializedCapacity: 3 * count) { colors, initialized in
      unsafe pixels.withUnsafeBufferPointer { pixels in
        var (source, target) = (0, 0)
        while target < 3 &* count {
          let opacity = unsafe Int(pixels[source &+ 3])
          for channel in 0..<3 {
            let value = unsafe pixels[source &+ channel]
            unsafe colors[target &+ channel] =
              opacity == 255 ? value : UInt8((Int(value) * opacity + 255 * (255 - opacity) + 127) / 255)
          }
          source &+= 4
          target &+= 3
        }
      }
      initialized = 3 * count
    }
  }
}
