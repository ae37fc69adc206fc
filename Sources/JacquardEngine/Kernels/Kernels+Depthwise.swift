internal import LinearAlgebra
internal import Support
internal import VectorKernels

// Depthwise convolutions: weights are `[kernelHeight][kernelWidth][channels]`; outputs have the input's channels.
extension Kernels {
  /// output ← some rows of epilogue(input ∗ weights), numbered across the images
  static func depthwiseForward(
    _ window: Window, input: Span<Float>, weights: Span<Float>, epilogue: borrowing Epilogue,
    output: inout MutableSpan<Float>, rows: Range<Int>
  ) {
    let images = (rows.upperBound + window.outputHeight - 1) / window.outputHeight
    requireCount(input.count, holds: images * window.input.count, "depthwiseForward input")
    requireCount(weights.count, holds: window.weightCount, "depthwiseForward weights")
    requireCount(
      output.count, holds: rows.count * window.outputWidth * window.input.channels, "depthwiseForward output")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe weights.withUnsafeBufferPointer { w in
        unsafe output.withUnsafeMutableBufferPointer { o in
          guard let from = i.baseAddress, let factors = w.baseAddress, let to = o.baseAddress else { return }
          var kernel = window.kernel
          unsafe epilogue.withKernel(channels: window.input.channels) { epilogue in
            unsafe vk_depthwise_forward(&kernel, from, factors, epilogue, to, rows.lowerBound, rows.upperBound)
          }
        }
      }
    }
  }

  /// accumulated += the gradient of the input
  static func depthwiseData(
    _ window: Window, gradient: Span<Float>, weights: Span<Float>, accumulated: inout MutableSpan<Float>, images: Int
  ) {
    requireCount(gradient.count, holds: images * window.outputPixels * window.input.channels, "depthwiseData gradient")
    requireCount(weights.count, holds: window.weightCount, "depthwiseData weights")
    requireCount(accumulated.count, holds: images * window.input.count, "depthwiseData output")
    unsafe gradient.withUnsafeBufferPointer { g in
      unsafe weights.withUnsafeBufferPointer { w in
        unsafe accumulated.withUnsafeMutableBufferPointer { a in
          guard let from = g.baseAddress, let factors = w.baseAddress, let to = a.baseAddress else { return }
          var kernel = window.kernel
          unsafe vk_depthwise_data(&kernel, from, factors, to, images)
        }
      }
    }
  }

  /// accumulated += the gradient of the weights
  static func depthwiseWeights(
    _ window: Window, input: Span<Float>, gradient: Span<Float>, accumulated: inout MutableSpan<Float>, images: Int
  ) {
    requireCount(input.count, holds: images * window.input.count, "depthwiseWeights input")
    requireCount(
      gradient.count, holds: images * window.outputPixels * window.input.channels, "depthwiseWeights gradient")
    requireCount(accumulated.count, holds: window.weightCount, "depthwiseWeights output")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe gradient.withUnsafeBufferPointer { g in
        unsafe accumulated.withUnsafeMutableBufferPointer { a in
          guard let from = i.baseAddress, let back = g.baseAddress, let to = a.baseAddress else { return }
          var kernel = window.kernel
          unsafe vk_depthwise_weights(&kernel, from, back, to, images)
        }
      }
    }
  }
}

extension Window {
  /// The number of weights of a depthwise convolution: one for each position and channel.
  fileprivate var weightCount: Int { size.height * size.width * input.channels }
}
