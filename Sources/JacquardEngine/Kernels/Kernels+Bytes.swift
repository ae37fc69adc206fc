internal import Support
internal import VectorKernels

// Layers of eight-bit inference besides products.
extension Kernels {
  /// padded ← one image with the window's padding around it, whose bytes are `value`
  static func pad(
    _ window: Window, input: Span<UInt8>, with value: UInt8, into padded: inout MutableSpan<UInt8>
  ) {
    requireCount(input.count, holds: window.input.count, "pad input")
    requireCount(padded.count, holds: window.paddedCount, "pad output")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe padded.withUnsafeMutableBufferPointer { o in
        guard let from = i.baseAddress, let to = o.baseAddress else { return }
        var kernel = window.kernel
        unsafe vk_bytes_pad(&kernel, from, value, to, window.paddedHeight, window.paddedWidth)
      }
    }
  }

  /// The channels of a depthwise convolution, in whole vectors.
  static func depthwiseStride(_ channels: Int) -> Int { (channels + 31) / 32 * 32 }

  /// Filters each channel of one padded image, which `byteSlack` bytes follow; weights are `[height][width][depthwiseStride]`.
  static func depthwise(
    _ window: Window, padded: Span<UInt8>, weights: Span<Int16>, finish: ByteFinish, output: inout MutableSpan<UInt8>
  ) {
    let stride = depthwiseStride(window.input.channels)
    requireCount(padded.count, holds: window.paddedCount + byteSlack, "depthwise input")
    requireCount(weights.count, holds: window.size.height * window.size.width * stride, "depthwise weights")
    requireCount(output.count, holds: window.outputPixels * window.input.channels, "depthwise output")
    unsafe padded.withUnsafeBufferPointer { i in
      unsafe weights.withUnsafeBufferPointer { w in
        unsafe output.withUnsafeMutableBufferPointer { o in
          guard let from = i.baseAddress, let factors = w.baseAddress, let to = o.baseAddress else { return }
          var kernel = window.kernel
          unsafe finish.withKernel(columns: stride) { finish in
            unsafe vk_bytes_depthwise(&kernel, from, window.paddedWidth, factors, stride, finish, to)
          }
        }
      }
    }
  }

  /// The maximum of each window; padding never wins.
  static func maxPool(_ window: Window, input: Span<UInt8>, output: inout MutableSpan<UInt8>, images: Int) {
    requireCount(input.count, holds: images * window.input.count, "maxPool input")
    requireCount(output.count, holds: images * window.outputPixels * window.input.channels, "maxPool output")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe output.withUnsafeMutableBufferPointer { o in
        guard let from = i.baseAddress, let to = o.baseAddress else { return }
        var kernel = window.kernel
        unsafe vk_bytes_max_pool(&kernel, from, to, images)
      }
    }
  }

  /// The mean over the pixels of each image by channel: the sum of each byte minus `inputZeroPoint`, times `multiplier`.
  static func globalAverage(
    _ input: Span<UInt8>, zeroPoint inputZeroPoint: Int, multiplier: Float, to zeroPoint: Int,
    sums: inout MutableSpan<Int32>, output: inout MutableSpan<UInt8>, images: Int, pixels: Int, channels: Int
  ) {
    requireCount(input.count, holds: images * pixels * channels, "globalAverage input")
    requireCount(sums.count, holds: channels, "globalAverage sums")
    requireCount(output.count, holds: images * channels, "globalAverage output")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe sums.withUnsafeMutableBufferPointer { s in
        unsafe output.withUnsafeMutableBufferPointer { o in
          guard let from = i.baseAddress, let sums = s.baseAddress, let to = o.baseAddress else { return }
          unsafe vk_bytes_global_average(
            from, Int32(inputZeroPoint), multiplier, Int32(zeroPoint), sums, to, images, pixels, channels)
        }
      }
    }
  }

  /// One operand of a sum of bytes: the byte that stands for zero, and the factor of a step.
  struct ByteTerm: Sendable {
    let zeroPoint: Int
    let factor: Float
  }

  /// output[i] ← the byte of the sum of two values, in steps of the output
  static func add(
    _ a: Span<UInt8>, _ termA: ByteTerm, _ b: Span<UInt8>, _ termB: ByteTerm, zeroPoint: Int,
    output: inout MutableSpan<UInt8>
  ) {
    requireCount(a.count, holds: output.count, "add input")
    requireCount(b.count, holds: output.count, "add input")
    let count = output.count
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe output.withUnsafeMutableBufferPointer { o in
          guard let a = a.baseAddress, let b = b.baseAddress, let to = o.baseAddress else { return }
          unsafe vk_bytes_add(
            a, Int32(termA.zeroPoint), termA.factor, b, Int32(termB.zeroPoint), termB.factor, Int32(zeroPoint), to,
            count)
        }
      }
    }
  }

  /// output[row][column] ← table[input[row][column]], with `stride` bytes from row to row
  static func lookUp(
    _ table: [UInt8], _ input: Span<UInt8>, output: inout MutableSpan<UInt8>, rows: Int, columns: Int, stride: Int
  ) {
    require(table.count == 256, "lookUp: needs a table of 256 bytes, found \(table.count)")
    requireCount(input.count, holds: rows * columns, "lookUp input")
    requireCount(output.count, holds: (rows - 1) * stride + columns, "lookUp output")
    unsafe table.withUnsafeBufferPointer { t in
      unsafe input.withUnsafeBufferPointer { i in
        unsafe output.withUnsafeMutableBufferPointer { o in
          guard let table = t.baseAddress, let from = i.baseAddress, let to = o.baseAddress else { return }
          unsafe vk_bytes_look_up(table, from, to, rows, columns, stride)
        }
      }
    }
  }

  /// output[i] ← the byte of input[i]
  static func quantize(_ input: Span<Float>, _ range: QuantizedRange, into output: inout MutableSpan<UInt8>) {
    requireCount(output.count, holds: input.count, "quantize output")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe output.withUnsafeMutableBufferPointer { o in
        guard let from = i.baseAddress, let to = o.baseAddress else { return }
        unsafe vk_bytes_quantize(from, range.scale, Int32(range.zeroPoint), to, i.count)
      }
    }
  }

  /// output[i] ← the number that input[i] stands for
  static func dequantize(_ input: Span<UInt8>, _ range: QuantizedRange, into output: inout MutableSpan<Float>) {
    requireCount(output.count, holds: input.count, "dequantize output")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe output.withUnsafeMutableBufferPointer { o in
        guard let from = i.baseAddress, let to = o.baseAddress else { return }
        unsafe vk_bytes_dequantize(from, range.scale, Int32(range.zeroPoint), to, i.count)
      }
    }
  }
}
