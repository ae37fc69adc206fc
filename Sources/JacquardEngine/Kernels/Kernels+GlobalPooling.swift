internal import VectorKernels
internal import Samples

extension Kernels {
  /// The mean over the pixels of each image, by channel.
  static func globalAverage(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, images: Int, shape: Shape
  ) {
    requireCount(input.count, holds: images * shape.count, "globalAverage input")
    requireCount(output.count, holds: images * shape.channels, "globalAverage output")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe output.withUnsafeMutableBufferPointer { o in
        guard let from = i.baseAddress, let to = o.baseAddress else { return }
        unsafe vk_global_average(from, to, images, shape.pixels, shape.channels)
      }
    }
  }

  /// Spreads each channel's gradient evenly over its pixels.
  static func globalAverageBackward(
    _ outputGradient: Span<Float>, into inputGradient: inout MutableSpan<Float>, images: Int, shape: Shape
  ) {
    requireCount(outputGradient.count, holds: images * shape.channels, "globalAverageBackward outputGradient")
    requireCount(inputGradient.count, holds: images * shape.count, "globalAverageBackward inputGradient")
    unsafe outputGradient.withUnsafeBufferPointer { o in
      unsafe inputGradient.withUnsafeMutableBufferPointer { i in
        guard let from = o.baseAddress, let to = i.baseAddress else { return }
        unsafe vk_global_average_backward(from, to, images, shape.pixels, shape.channels)
      }
    }
  }

  /// The largest value of each channel.
  static func globalMax(_ input: Span<Float>, into output: inout MutableSpan<Float>, images: Int, shape: Shape) {
    requireCount(input.count, holds: images * shape.count, "globalMax input")
    requireCount(output.count, holds: images * shape.channels, "globalMax output")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe output.withUnsafeMutableBufferPointer { o in
        guard let from = i.baseAddress, let to = o.baseAddress else { return }
        unsafe vk_global_max(from, to, images, shape.pixels, shape.channels)
      }
    }
  }

  /// Sends each channel's gradient to the first pixel whose input is the output.
  static func globalMaxBackward(
    _ outputGradient: Span<Float>, input: Span<Float>, output: Span<Float>,
    into inputGradient: inout MutableSpan<Float>,
    images: Int, shape: Shape
  ) {
    requireCount(min(outputGradient.count, output.count), holds: images * shape.channels, "globalMaxBackward output")
    requireCount(min(inputGradient.count, input.count), holds: images * shape.count, "globalMaxBackward input")
    unsafe outputGradient.withUnsafeBufferPointer { g in
      unsafe input.withUnsafeBufferPointer { i in
        unsafe output.withUnsafeBufferPointer { o in
          unsafe inputGradient.withUnsafeMutableBufferPointer { t in
            guard let gradient = g.baseAddress, let input = i.baseAddress, let output = o.baseAddress,
              let to = t.baseAddress
            else { return }
            unsafe vk_global_max_backward(input, output, gradient, to, images, shape.pixels, shape.channels)
          }
        }
      }
    }
  }
}
