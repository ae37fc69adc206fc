internal import Support

/// How much each place of an image speaks for a class: a number per place, in rows; negative numbers speak against it.
public struct SaliencyMap: Hashable, Sendable {
  /// The number of rows.
  public let height: Int
  /// The number of places in a row.
  public let width: Int
  /// The numbers, `[height][width]`.
  public let values: [Float]

  /// A map of numbers, `[height][width]`.
  public init(height: Int, width: Int, values: [Float]) {
    require(
      height > 0 && width > 0 && values.count == height * width,
      "SaliencyMap: found \(values.count) numbers for \(height)×\(width) places")
    self.height = height
    self.width = width
    self.values = values
  }

  /// The largest magnitude; 0 for a map of zeros.
  public var largest: Float { values.reduce(0) { max($0, $1.magnitude) } }

  /// The map of another size, by bilinear interpolation between the centers of places; beyond the outermost centers it stays constant.
  public func resized(height newHeight: Int, width newWidth: Int) -> SaliencyMap {
    require(newHeight > 0 && newWidth > 0, "SaliencyMap: \(newHeight)×\(newWidth) is no size")
    let rows = (0..<newHeight).map { Self.place($0, of: newHeight, in: height) }
    let columns = (0..<newWidth).map { Self.place($0, of: newWidth, in: width) }
    var result: [Float] = []
    result.reserveCapacity(newHeight * newWidth)
    for row in rows {
      for column in columns {
        func mixed(_ row: Int) -> Double {
          let (left, right) = (values[row * width + column.first], values[row * width + column.second])
          return Double(left) * (1 - column.share) + Double(right) * column.share
        }
        result.append(Float(mixed(row.first) * (1 - row.share) + mixed(row.second) * row.share))
      }
    }
    return SaliencyMap(height: newHeight, width: newWidth, values: result)
  }

  /// The two old places between whose centers a new place's center lies, and the share of the second.
  private static func place(_ index: Int, of count: Int, in oldCount: Int) -> (first: Int, second: Int, share: Double) {
    let center = (Double(index) + 0.5) * Double(oldCount) / Double(count) - 0.5
    let position = min(max(center, 0), Double(oldCount - 1))
    let first = Int(position)
    return (first, min(first + 1, oldCount - 1), position - Double(first))
  }
}

extension LogitGradients {
  /// The class activation map of a sample at the layer's resolution: `max(0, Σ over channels of α · activation)`, in which a channel's `α` is the mean of
  /// its gradients over all places (Grad-CAM; Selvaraju et al. 2017).
  ///
  /// A layer without spatial extent gives a map of one place.
  public func gradCAM(_ sample: Int) -> SaliencyMap {
    let (pixels, channels) = (layerShape.pixels, layerShape.channels)
    let first = sample * layerShape.count
    var weights = [Double](repeating: 0, count: channels)
    for place in 0..<pixels {
      for channel in 0..<channels { weights[channel] += Double(layerGradients[first + place * channels + channel]) }
    }
    let values = (0..<pixels).map { place in
      let sum = (0..<channels).reduce(0.0) {
        $0 + weights[$1] / Double(pixels) * Double(activations[first + place * channels + $1])
      }
      // A NaN stays one.
      return Float(sum < 0 ? 0 : sum)
    }
    return SaliencyMap(height: layerShape.height, width: layerShape.width, values: values)
  }

  /// The largest magnitude of the input's gradient among the channels of each pixel (Simonyan, Vedaldi and Zisserman 2013).
  public func inputMap(_ sample: Int) -> SaliencyMap {
    let first = sample * inputShape.count
    let values = (0..<inputShape.pixels).map { place in
      (0..<inputShape.channels).reduce(Float(0)) {
        let value = inputGradients[first + place * inputShape.channels + $1].magnitude
        return value.isNaN || value > $0 ? value : $0
      }
    }
    return SaliencyMap(height: inputShape.height, width: inputShape.width, values: values)
  }
}
