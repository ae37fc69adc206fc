internal import LinearAlgebra
internal import Support
internal import VectorKernels
internal import Samples

/// A convolution of stride 1 over padded images, whose outputs and weights are padded to whole vectors.
struct DirectShape: Hashable, Sendable {
  let window: Window
  /// Floats per output pixel and per tap: 8, or a multiple of 16.
  let outputStride: Int

  /// Taps of the kernel: `windowHeight · windowWidth · inputChannels`.
  var taps: Int { window.size.height * window.size.width * window.input.channels }
  /// Floats of one output channel's weights for the data pass: each window row is filled up to whole vectors.
  var dataKernelCount: Int { window.size.height * dataRow }
  /// Floats of a window row in the data pass.
  var dataRow: Int { (window.size.width * window.input.channels + 15) / 16 * 16 }
  /// Floats after the last padded image that the data pass touches.
  static let slack = 16

  fileprivate var kernel: vk_direct {
    vk_direct(
      height: window.paddedHeight, width: window.paddedWidth, channels: window.input.channels,
      windowHeight: window.size.height, windowWidth: window.size.width, outputHeight: window.outputHeight,
      outputWidth: window.outputWidth, stride: outputStride)
  }

  fileprivate func outputCount(_ images: Int) -> Int { images * window.outputPixels * outputStride }
}

extension Kernels {
  /// output ← epilogue(padded ∗ weights `[taps][outputStride]`)
  static func directForward(
    _ shape: DirectShape, padded: Span<Float>, weights: Span<Float>, epilogue: borrowing Epilogue,
    output: inout MutableSpan<Float>, images: Int
  ) {
    requireCount(padded.count, holds: images * shape.window.paddedCount, "directForward input")
    requireCount(weights.count, holds: shape.taps * shape.outputStride, "directForward weights")
    requireCount(output.count, holds: shape.outputCount(images), "directForward output")
    unsafe padded.withUnsafeBufferPointer { p in
      unsafe weights.withUnsafeBufferPointer { w in
        unsafe output.withUnsafeMutableBufferPointer { o in
          unsafe epilogue.withKernel(channels: shape.outputStride) { epilogue in
            guard let from = p.baseAddress, let weights = w.baseAddress, let to = o.baseAddress else { return }
            var kernel = shape.kernel
            unsafe vk_direct_forward(&kernel, from, weights, epilogue, to, images)
          }
        }
      }
    }
  }

  /// accumulated `[taps][outputStride]` += the gradient of the weights
  static func directWeights(
    _ shape: DirectShape, padded: Span<Float>, gradient: Span<Float>, accumulated: inout MutableSpan<Float>,
    images: Int
  ) {
    requireCount(padded.count, holds: images * shape.window.paddedCount, "directWeights input")
    requireCount(gradient.count, holds: shape.outputCount(images), "directWeights gradient")
    requireCount(accumulated.count, holds: shape.taps * shape.outputStride, "directWeights output")
    unsafe padded.withUnsafeBufferPointer { p in
      unsafe gradient.withUnsafeBufferPointer { g in
        unsafe accumulated.withUnsafeMutableBufferPointer { a in
          guard let from = p.baseAddress, let gradient = g.baseAddress, let to = a.baseAddress else { return }
          var kernel = shape.kernel
          unsafe vk_direct_weights(&kernel, from, gradient, to, images)
        }
      }
    }
  }

  /// accumulated += the gradient of the padded images; `weights` is `[outputs][windowHeight][dataRow]`.
  static func directData(
    _ shape: DirectShape, gradient: Span<Float>, weights: Span<Float>, outputs: Int,
    accumulated: inout MutableSpan<Float>, images: Int
  ) {
    require(outputs <= shape.outputStride, "directData: \(outputs) outputs of \(shape.outputStride)")
    requireCount(gradient.count, holds: shape.outputCount(images), "directData gradient")
    requireCount(weights.count, holds: outputs * shape.dataKernelCount, "directData weights")
    requireCount(
      accumulated.count, holds: images * shape.window.paddedCount + DirectShape.slack, "directData output")
    unsafe gradient.withUnsafeBufferPointer { g in
      unsafe weights.withUnsafeBufferPointer { w in
        unsafe accumulated.withUnsafeMutableBufferPointer { a in
          guard let gradient = g.baseAddress, let weights = w.baseAddress, let to = a.baseAddress else { return }
          var kernel = shape.kernel
          unsafe vk_direct_data(&kernel, gradient, weights, to, outputs, images)
        }
      }
    }
  }
}
