internal import Support
internal import VectorKernels
internal import Samples

extension Kernels {
  /// Copies the patches of output pixels `pixels` (numbered across images) into `columns`, one row `[kernelHeight][kernelWidth][channels.count]` per
  /// pixel; `channels` are the group's input channels.
  static func lowerPatches(
    _ window: Window, input: Span<Float>, pixels: Range<Int>, channels: Range<Int>,
    into columns: inout MutableSpan<Float>
  ) {
    let patch = window.size.height * window.size.width * channels.count
    let images = (pixels.upperBound + window.outputPixels - 1) / window.outputPixels
    requireCount(input.count, holds: images * window.input.count, "lowerPatches input")
    requireCount(columns.count, holds: pixels.count * patch, "lowerPatches columns")
    require(
      channels.upperBound <= window.input.channels, "lowerPatches: channels \(channels) of \(window.input.channels)")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe columns.withUnsafeMutableBufferPointer { c in
        guard let from = i.baseAddress, let to = c.baseAddress else { return }
        var kernel = window.kernel
        unsafe vk_lower_patches(
          &kernel, from, to, pixels.lowerBound, pixels.count, channels.lowerBound, channels.count)
      }
    }
  }

  /// Copies the patches of the four pixels of each 2×2 window `windows` of output pixels into `columns`, one row per pixel, window by window. Windows
  /// do not overlap and are numbered across images; a last odd row or column belongs to no window.
  static func lowerWindows(
    _ window: Window, input: Span<Float>, windows: Range<Int>, channels: Range<Int>,
    into columns: inout MutableSpan<Float>
  ) {
    let patch = window.size.height * window.size.width * channels.count
    let perImage = (window.outputHeight / 2) * (window.outputWidth / 2)
    require(
      perImage > 0, "lowerWindows: no 2×2 window fits into \(window.outputHeight)×\(window.outputWidth) pixels")
    let images = (windows.upperBound + perImage - 1) / perImage
    requireCount(input.count, holds: images * window.input.count, "lowerWindows input")
    requireCount(columns.count, holds: 4 * windows.count * patch, "lowerWindows columns")
    require(
      channels.upperBound <= window.input.channels, "lowerWindows: channels \(channels) of \(window.input.channels)")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe columns.withUnsafeMutableBufferPointer { c in
        guard let from = i.baseAddress, let to = c.baseAddress else { return }
        var kernel = window.kernel
        unsafe vk_lower_windows(
          &kernel, from, to, windows.lowerBound, windows.count, channels.lowerBound, channels.count)
      }
    }
  }

  /// The adjoint of `lowerPatches`: adds every element of `columns` to the input element that it was copied from.
  static func scatterPatches(
    _ window: Window, columns: Span<Float>, pixels: Range<Int>, channels: Range<Int>,
    into accumulated: inout MutableSpan<Float>
  ) {
    let patch = window.size.height * window.size.width * channels.count
    let images = (pixels.upperBound + window.outputPixels - 1) / window.outputPixels
    requireCount(accumulated.count, holds: images * window.input.count, "scatterPatches output")
    requireCount(columns.count, holds: pixels.count * patch, "scatterPatches columns")
    require(
      channels.upperBound <= window.input.channels, "scatterPatches: channels \(channels) of \(window.input.channels)")
    unsafe columns.withUnsafeBufferPointer { c in
      unsafe accumulated.withUnsafeMutableBufferPointer { a in
        guard let from = c.baseAddress, let to = a.baseAddress else { return }
        var kernel = window.kernel
        unsafe vk_scatter_patches(
          &kernel, from, to, pixels.lowerBound, pixels.count, channels.lowerBound, channels.count)
      }
    }
  }

  /// Copies `images` images with the window's padding around them.
  static func padImages(_ window: Window, input: Span<Float>, into padded: inout MutableSpan<Float>, images: Int) {
    requireCount(input.count, holds: images * window.input.count, "padImages input")
    requireCount(padded.count, holds: images * window.paddedCount, "padImages output")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe padded.withUnsafeMutableBufferPointer { p in
        guard let from = i.baseAddress, let to = p.baseAddress else { return }
        var kernel = window.kernel
        unsafe vk_pad_images(&kernel, from, to, window.paddedHeight, window.paddedWidth, images)
      }
    }
  }

  /// output ← the interior of `images` padded images
  static func cropImages(_ window: Window, padded: Span<Float>, into output: inout MutableSpan<Float>, images: Int) {
    requireCount(padded.count, holds: images * window.paddedCount, "cropImages input")
    requireCount(output.count, holds: images * window.input.count, "cropImages output")
    unsafe padded.withUnsafeBufferPointer { p in
      unsafe output.withUnsafeMutableBufferPointer { o in
        guard let from = p.baseAddress, let to = o.baseAddress else { return }
        var kernel = window.kernel
        unsafe vk_crop_images(&kernel, from, to, window.paddedHeight, window.paddedWidth, images)
      }
    }
  }
}
