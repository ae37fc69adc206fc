internal import Support
internal import VectorKernels

extension Kernels {
  /// mean[c] and squares[c] = Σ (x − mean)² over the rows of `input`; rows ≥ 1.
  static func channelMoments(
    _ input: Span<Float>, mean: inout MutableSpan<Float>, squares: inout MutableSpan<Float>, rows: Int
  ) {
    let channels = mean.count
    require(rows >= 1, "channelMoments: needs at least one row")
    requireCount(input.count, holds: rows * channels, "channelMoments input")
    requireCount(squares.count, holds: channels, "channelMoments squares")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe mean.withUnsafeMutableBufferPointer { m in
        unsafe squares.withUnsafeMutableBufferPointer { s in
          guard let from = i.baseAddress, let mean = m.baseAddress, let squares = s.baseAddress else { return }
          unsafe vk_channel_moments(from, mean, squares, rows, channels)
        }
      }
    }
  }

  /// output ← x where x > 0, slope · x elsewhere, of x = (input − mean[c]) · scale[c] + offset[c]
  static func channelNormalize(
    _ input: Span<Float>, mean: Span<Float>, scale: Span<Float>, offset: Span<Float>, slope: Float,
    output: inout MutableSpan<Float>, rows: Int
  ) {
    let channels = scale.count
    requireCount(min(mean.count, offset.count), holds: channels, "channelNormalize mean and offset")
    requireCount(input.count, holds: rows * channels, "channelNormalize input")
    requireCount(output.count, holds: rows * channels, "channelNormalize output")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe mean.withUnsafeBufferPointer { m in
        unsafe scale.withUnsafeBufferPointer { s in
          unsafe offset.withUnsafeBufferPointer { f in
            unsafe output.withUnsafeMutableBufferPointer { o in
              guard let from = i.baseAddress, let mean = m.baseAddress, let scale = s.baseAddress,
                let offset = f.baseAddress, let to = o.baseAddress
              else { return }
              unsafe vk_channel_normalize(from, mean, scale, offset, slope, to, rows, channels)
            }
          }
        }
      }
    }
  }

  /// gradientSum[c] += Σ g and productSum[c] += Σ g · (x − mean[c])
  static func addChannelGradientSums(
    _ input: Span<Float>, gradient: Span<Float>, mean: Span<Float>, gradientSum: inout MutableSpan<Float>,
    productSum: inout MutableSpan<Float>, rows: Int
  ) {
    let channels = mean.count
    requireCount(input.count, holds: rows * channels, "addChannelGradientSums input")
    requireCount(gradient.count, holds: rows * channels, "addChannelGradientSums gradient")
    requireCount(gradientSum.count, holds: channels, "addChannelGradientSums gradientSum")
    requireCount(productSum.count, holds: channels, "addChannelGradientSums productSum")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe gradient.withUnsafeBufferPointer { g in
        unsafe mean.withUnsafeBufferPointer { m in
          unsafe gradientSum.withUnsafeMutableBufferPointer { s in
            unsafe productSum.withUnsafeMutableBufferPointer { p in
              guard let input = i.baseAddress, let gradient = g.baseAddress, let mean = m.baseAddress,
                let sums = s.baseAddress, let products = p.baseAddress
              else { return }
              unsafe vk_channel_gradient_sums(input, gradient, mean, sums, products, rows, channels)
            }
          }
        }
      }
    }
  }

  /// gradient ← scale · inverseDeviation · (gradient − meanGradient − normalized x · meanProduct), by channel, in place
  static func channelNormalizationBackward(
    _ input: Span<Float>, gradient: inout MutableSpan<Float>, scale: Span<Float>, statistics: ChannelStatistics,
    meanGradient: Span<Float>, meanProduct: Span<Float>, rows: Int
  ) {
    let channels = statistics.mean.count
    requireCount(input.count, holds: rows * channels, "channelNormalizationBackward input")
    requireCount(gradient.count, holds: rows * channels, "channelNormalizationBackward gradient")
    requireCount(
      min(scale.count, meanGradient.count, meanProduct.count), holds: channels, "channelNormalizationBackward channels")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe gradient.withUnsafeMutableBufferPointer { g in
        unsafe statistics.withUnsafePointers { mean, inverse in
          unsafe scale.withUnsafeBufferPointer { s in
            unsafe meanGradient.withUnsafeBufferPointer { mg in
              unsafe meanProduct.withUnsafeBufferPointer { mp in
                guard let input = i.baseAddress, let gradient = g.baseAddress, let scale = s.baseAddress,
                  let meanGradient = mg.baseAddress, let meanProduct = mp.baseAddress
                else { return }
                unsafe vk_channel_normalization_backward(
                  input, gradient, scale, mean, inverse, meanGradient, meanProduct, rows, channels)
              }
            }
          }
        }
      }
    }
  }
}

/// Means and inverse deviations by channel, `1 / √(variance + ε)`.
struct ChannelStatistics: ~Escapable {
  let mean: Span<Float>
  let inverseDeviation: Span<Float>

  @_lifetime(copy mean, copy inverseDeviation)
  init(mean: Span<Float>, inverseDeviation: Span<Float>) {
    require(mean.count == inverseDeviation.count, "ChannelStatistics: needs one deviation per mean")
    self.mean = mean
    self.inverseDeviation = inverseDeviation
  }

  fileprivate func withUnsafePointers(_ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Void) {
    unsafe mean.withUnsafeBufferPointer { m in
      unsafe inverseDeviation.withUnsafeBufferPointer { d in
        if let mean = m.baseAddress, let inverse = d.baseAddress { unsafe body(mean, inverse) }
      }
    }
  }
}
