internal import Support
internal import VectorKernels
internal import Samples

extension Kernels {
  /// The maximum of each window and its position in the window as one byte.
  private static func maxPool(
    _ window: Window, input: Span<Float>, output: inout MutableSpan<Float>, choices: inout MutableSpan<UInt8>,
    images: Int
  ) {
    let outputs = images * window.outputPixels * window.input.channels
    requireCount(input.count, holds: images * window.input.count, "maxPool input")
    requireCount(output.count, holds: outputs, "maxPool output")
    requireCount(choices.count, holds: outputs, "maxPool choices")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe output.withUnsafeMutableBufferPointer { o in
        unsafe choices.withUnsafeMutableBufferPointer { c in
          guard let from = i.baseAddress, let to = o.baseAddress, let kept = c.baseAddress else { return }
          var kernel = window.kernel
          unsafe vk_max_pool(&kernel, from, to, kept, images)
        }
      }
    }
  }

  /// Sends each output gradient to the position that `maxPool` chose.
  private static func maxPoolBackward(
    _ window: Window, outputGradient: Span<Float>, choices: Span<UInt8>, inputGradient: inout MutableSpan<Float>,
    images: Int
  ) {
    let outputs = images * window.outputPixels * window.input.channels
    requireCount(outputGradient.count, holds: outputs, "maxPoolBackward outputGradient")
    requireCount(choices.count, holds: outputs, "maxPoolBackward choices")
    requireCount(inputGradient.count, holds: images * window.input.count, "maxPoolBackward inputGradient")
    unsafe outputGradient.withUnsafeBufferPointer { o in
      unsafe choices.withUnsafeBufferPointer { c in
        unsafe inputGradient.withUnsafeMutableBufferPointer { i in
          guard let from = o.baseAddress, let kept = c.baseAddress, let to = i.baseAddress else { return }
          var kernel = window.kernel
          unsafe vk_max_pool_backward(&kernel, from, kept, to, images)
        }
      }
    }
  }

  /// `maxPool` of an input whose pixels are `stride` floats apart. Only 2×2 windows that do not overlap may have more floats per pixel than channels.
  static func maxPool(
    _ window: Window, input: Span<Float>, stride: Int, output: inout MutableSpan<Float>,
    choices: inout MutableSpan<UInt8>, images: Int
  ) {
    guard window.isPlainPairs else {
      require(stride == window.input.channels, "maxPool: only 2×2 windows allow \(stride) floats per pixel")
      return maxPool(window, input: input, output: &output, choices: &choices, images: images)
    }
    let outputs = images * window.outputPixels * window.input.channels
    window.requireVectorStride(stride)
    requireCount(input.count, holds: images * window.input.pixels * stride, "maxPool input")
    requireCount(output.count, holds: outputs, "maxPool output")
    requireCount(choices.count, holds: outputs, "maxPool choices")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe output.withUnsafeMutableBufferPointer { o in
        unsafe choices.withUnsafeMutableBufferPointer { c in
          guard let from = i.baseAddress, let to = o.baseAddress, let kept = c.baseAddress else { return }
          var pixels = window.pixels(stride: stride)
          unsafe vk_max_pool_2x2(&pixels, from, to, kept, images)
        }
      }
    }
  }

  /// `maxPoolBackward` into a gradient whose pixels are `stride` floats apart; floats beyond the channels become 0.
  static func maxPoolBackward(
    _ window: Window, outputGradient: Span<Float>, choices: Span<UInt8>, inputGradient: inout MutableSpan<Float>,
    stride: Int, images: Int
  ) {
    guard window.isPlainPairs else {
      require(stride == window.input.channels, "maxPoolBackward: only 2×2 windows allow \(stride) floats per pixel")
      return maxPoolBackward(
        window, outputGradient: outputGradient, choices: choices, inputGradient: &inputGradient, images: images)
    }
    let outputs = images * window.outputPixels * window.input.channels
    requireCount(outputGradient.count, holds: outputs, "maxPoolBackward outputGradient")
    requireCount(choices.count, holds: outputs, "maxPoolBackward choices")
    window.requireVectorStride(stride)
    requireCount(inputGradient.count, holds: images * window.input.pixels * stride, "maxPoolBackward inputGradient")
    unsafe outputGradient.withUnsafeBufferPointer { o in
      unsafe choices.withUnsafeBufferPointer { c in
        unsafe inputGradient.withUnsafeMutableBufferPointer { i in
          guard let from = o.baseAddress, let kept = c.baseAddress, let to = i.baseAddress else { return }
          var pixels = window.pixels(stride: stride)
          unsafe vk_max_pool_2x2_backward(&pixels, from, kept, to, images)
        }
      }
    }
  }

  /// The mean of each window.
  static func averagePool(
    _ window: Window, countsPadding: Bool, input: Span<Float>, output: inout MutableSpan<Float>, images: Int
  ) {
    requireCount(input.count, holds: images * window.input.count, "averagePool input")
    requireCount(output.count, holds: images * window.outputPixels * window.input.channels, "averagePool output")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe output.withUnsafeMutableBufferPointer { o in
        guard let from = i.baseAddress, let to = o.baseAddress else { return }
        var kernel = window.kernel
        unsafe vk_average_pool(&kernel, countsPadding ? 1 : 0, from, to, images)
      }
    }
  }

  /// Spreads each output gradient evenly over its window.
  static func averagePoolBackward(
    _ window: Window, countsPadding: Bool, outputGradient: Span<Float>, inputGradient: inout MutableSpan<Float>,
    images: Int
  ) {
    requireCount(
      outputGradient.count, holds: images * window.outputPixels * window.input.channels,
      "averagePoolBackward outputGradient")
    requireCount(inputGradient.count, holds: images * window.input.count, "averagePoolBackward inputGradient")
    unsafe outputGradient.withUnsafeBufferPointer { o in
      unsafe inputGradient.withUnsafeMutableBufferPointer { i in
        guard let from = o.baseAddress, let to = i.baseAddress else { return }
        var kernel = window.kernel
        unsafe vk_average_pool_backward(&kernel, countsPadding ? 1 : 0, from, to, images)
      }
    }
  }
}
