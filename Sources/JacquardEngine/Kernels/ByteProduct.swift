internal import Support
internal import VectorKernels

/// The sizes of a product of activations in bytes by packed weights (`vk_bytes_product`).
///
/// A row of the left factor consists of runs of bytes of one image, or of one sample of a dense layer; every row has its runs at the same distances.
struct ByteProduct: Sendable {
  /// Columns of the right factor: output channels.
  let columns: Int
  /// The offset of each row's first byte in the input.
  let starts: [Int32]
  /// The offset of each run from the first byte of its row.
  let segmentStarts: [Int32]
  /// Terms in a run; the bytes after it, up to a multiple of four, meet weights of zero.
  let terms: Int
  /// Bytes of the input that all rows read, from the first on.
  let reach: Int

  init(columns: Int, starts: [Int32], segmentStarts: [Int32], terms: Int) {
    self.columns = columns
    self.starts = starts
    self.segmentStarts = segmentStarts
    self.terms = terms
    reach = Int(starts.max() ?? 0) + Int(segmentStarts.max() ?? 0) + (terms + 3) / 4 * 4
  }

  /// The number of columns in whole panels.
  var panelColumns: Int { (columns + 15) / 16 * 16 }

  /// The weights `[segments][terms][columns]` in the order in which the kernel reads them.
  func packed(_ weights: [Int8]) -> Storage<Int8> {
    let needed = segmentStarts.count * terms * columns
    require(weights.count == needed, "ByteProduct: needs \(needed) weights, found \(weights.count)")
    let packed = Storage<Int8>(count: vk_bytes_packed_count(columns, segmentStarts.count, (terms + 3) / 4))
    var target = packed.allMutable
    unsafe weights.withUnsafeBufferPointer { from in
      unsafe target.withUnsafeMutableBufferPointer { to in
        guard let from = from.baseAddress, let to = to.baseAddress else { return }
        unsafe vk_bytes_pack(from, segmentStarts.count, terms, columns, to)
      }
    }
    return packed
  }

  fileprivate func withKernel(
    rows: Int, stride: Int, _ body: (UnsafePointer<vk_bytes_product>) -> Void
  ) {
    unsafe starts.withUnsafeBufferPointer { starts in
      unsafe segmentStarts.withUnsafeBufferPointer { segments in
        var kernel = unsafe vk_bytes_product(
          rows: rows, columns: columns, segments: segments.count, quads: (terms + 3) / 4, outputStride: stride,
          starts: starts.baseAddress, segmentStarts: segments.baseAddress)
        unsafe body(&kernel)
      }
    }
  }
}

/// How the sums of a product become bytes or numbers, channel by channel.
struct ByteFinish: Sendable {
  /// What each sum starts with; whole panels.
  let start: [Int32]
  /// What each sum is multiplied by; whole panels.
  let multipliers: [Float]
  /// The byte that stands for zero.
  let zeroPoint: Int

  func withKernel(columns: Int, _ body: (UnsafePointer<vk_bytes_finish>) -> Void) {
    require(
      start.count >= columns && multipliers.count >= columns,
      "ByteFinish: needs \(columns) channels, found \(start.count) and \(multipliers.count)")
    unsafe start.withUnsafeBufferPointer { start in
      unsafe multipliers.withUnsafeBufferPointer { multipliers in
        var kernel = unsafe vk_bytes_finish(
          start: start.baseAddress, multipliers: multipliers.baseAddress, zeroPoint: Int32(zeroPoint))
        unsafe body(&kernel)
      }
    }
  }
}

/// The instructions that multiply bytes. All give the same integers.
enum ByteForm: Int32, CaseIterable, Sendable {
  /// Plain C.
  case plain = 0
  /// Bytes widened to 16 bits, with exact sums of two products.
  case avx2 = 1
  /// Sums of four products, in vectors of 256 bits.
  case avxVNNI = 2
  /// Sums of four products, in vectors of 512 bits.
  case avx512VNNI = 3

  /// The fastest that the processor and JACQUARD_VECTORS allow.
  static var best: ByteForm { ByteForm(rawValue: vk_bytes_form()) ?? .plain }

  /// Whether the processor and JACQUARD_VECTORS allow it.
  var isAllowed: Bool { vk_bytes_allows(rawValue) != 0 }
}

extension Kernels {
  /// Bytes that some kernels read after an input.
  static var byteSlack: Int { Int(VK_BYTES_SLACK) }
  /// The largest number of terms whose sum is exact.
  static var mostByteTerms: Int { Int(VK_BYTES_MOST_TERMS) }

  /// output [rows][columns] ← finish(A · B), with `stride` bytes from row to row
  static func multiply(
    _ product: ByteProduct, form: ByteForm = .best, rows: Int, input: Span<UInt8>, packed: Storage<Int8>,
    finish: ByteFinish, output: inout MutableSpan<UInt8>, stride: Int
  ) {
    let count = output.count
    unsafe output.withUnsafeMutableBufferPointer { output in
      unsafe multiply(
        product, form, rows: rows, input, packed, finish, bytes: output.baseAddress, floats: nil, count: count,
        stride: stride)
    }
  }

  /// output [rows][columns] ← the floats (A · B) · multiplier, with `stride` floats from row to row
  static func multiply(
    _ product: ByteProduct, form: ByteForm = .best, rows: Int, input: Span<UInt8>, packed: Storage<Int8>,
    finish: ByteFinish, floats output: inout MutableSpan<Float>, stride: Int
  ) {
    let count = output.count
    unsafe output.withUnsafeMutableBufferPointer { output in
      unsafe multiply(
        product, form, rows: rows, input, packed, finish, bytes: nil, floats: output.baseAddress, count: count,
        stride: stride)
    }
  }

  /// The product into bytes or into floats, of which `count` may be written.
  private static func multiply(
    _ product: ByteProduct, _ form: ByteForm, rows: Int, _ input: Span<UInt8>, _ packed: Storage<Int8>,
    _ finish: ByteFinish, bytes: UnsafeMutablePointer<UInt8>?, floats: UnsafeMutablePointer<Float>?, count: Int,
    stride: Int
  ) {
    check(product, rows: rows, input: input, packed: packed, form: form)
    requireCount(count, holds: (rows - 1) * stride + product.columns, "byte product output")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe packed.all.withUnsafeBufferPointer { p in
        guard let from = i.baseAddress, let weights = p.baseAddress, unsafe bytes != nil || floats != nil else {
          return
        }
        unsafe product.withKernel(rows: rows, stride: stride) { kernel in
          unsafe finish.withKernel(columns: product.panelColumns) { finish in
            unsafe vk_bytes_multiply(form.rawValue, kernel, from, weights, finish, bytes, floats)
          }
        }
      }
    }
  }

  private static func check(
    _ product: ByteProduct, rows: Int, input: Span<UInt8>, packed: Storage<Int8>, form: ByteForm
  ) {
    require(form.isAllowed, "byte product: this processor cannot run the form \(form)")
    require(
      0 < rows && rows <= product.starts.count, "byte product: needs 1 to \(product.starts.count) rows, found \(rows)")
    // A dense layer's rows after the last one are not there.
    let unread = Int(product.starts[product.starts.count - 1]) - Int(product.starts[rows - 1])
    requireCount(input.count, holds: product.reach - unread, "byte product input")
    requireCount(
      packed.count,
      holds: vk_bytes_packed_count(product.columns, product.segmentStarts.count, (product.terms + 3) / 4),
      "byte product weights")
  }
}
