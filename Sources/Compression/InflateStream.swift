internal import Support
internal import CZlib

/// Unpacks deflated bytes piece by piece, as raw deflate (RFC 1951) or with gzip's frame (RFC 1952).
///
/// A thin layer over zlib's `inflate`, so that only this file uses pointers to it. The caller decides where bytes come from and how to treat an end
/// or an error.
@safe
package final class InflateStream {
  /// The frame around the deflated bytes.
  package enum Format {
    /// No frame.
    case raw
    /// A gzip header and trailer, which zlib reads and checks.
    case gzip
  }

  /// The result of a call to `inflate`.
  package enum Status: Equatable {
    /// It made progress.
    case progress
    /// The end of the stream, trailer included.
    case end
    /// Nothing could be read or nothing written.
    case stalled
    /// There was not enough memory.
    case outOfMemory
    /// The bytes are not a deflated stream; with zlib's reason.
    case damaged(String)
  }

  /// zlib could not allocate the memory that it needs.
  package struct OutOfMemory: Error {}

  /// Large enough that the cost of system calls does not matter, small enough for a processor's second-level cache.
  package static let inputCapacity = 256 * 1024

  // zlib keeps the stream's address in its own state, so the stream must never move.
  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableBufferPointer<UInt8>

  /// A stream at its beginning, without input.
  package init(_ format: Format) throws(OutOfMemory) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    unsafe input = .allocate(capacity: Self.inputCapacity)
    // 15 is the largest window; 16 more selects the gzip format only, a negative number no frame.
    let window: Int32 = format == .gzip ? 15 + 16 : -15
    let status = unsafe inflateInit2_(stream, window, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw OutOfMemory() }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe input.deallocate()
    unsafe stream.deallocate()
  }

  /// Whether all input is used up.
  package var needsInput: Bool { unsafe stream.pointee.avail_in == 0 }
  /// The number of bytes read since the beginning or the last `reset`.
  package var consumedByteCount: Int { Int(unsafe stream.pointee.total_in) }
  /// The number of bytes written since then.
  package var producedByteCount: Int { Int(unsafe stream.pointee.total_out) }
  /// The CRC-32 of the output, in the gzip format.
  package var checksum: UInt32 { UInt32(truncatingIfNeeded: unsafe stream.pointee.adler) }
  /// Whether the stream is after the header or between two blocks.
  package var isAtBoundary: Bool { unsafe stream.pointee.data_type & 128 != 0 }
  /// Whether the current block is the last one.
  package var isInLastBlock: Bool { unsafe stream.pointee.data_type & 64 != 0 }

  /// Refills the input, which must be used up: `fill` writes at most `inputCapacity` bytes.
  ///
  /// - Returns: the number of bytes.
  package func refill<Failure: Error>(
    _ fill: (inout OutputSpan<UInt8>) throws(Failure) -> Void
  ) throws(Failure) -> Int {
    require(needsInput, "InflateStream.refill: the input is not used up")
    var output = unsafe OutputSpan(buffer: input, initializedCount: 0)
    try fill(&output)
    let count = unsafe output.finalize(for: input)
    unsafe stream.pointee.next_in = input.baseAddress
    unsafe stream.pointee.avail_in = UInt32(count)
    return count
  }

  /// Unpacks to the end of a block, of the input, or of the output.
  package func inflate(into output: inout OutputSpan<UInt8>) -> Status {
    let status = unsafe output.withUnsafeMutableBufferPointer { buffer, initializedCount in
      guard let start = buffer.baseAddress else { return Z_BUF_ERROR }
      let room = UInt32(clamping: buffer.count - initializedCount)
      unsafe stream.pointee.next_out = start + initializedCount
      unsafe stream.pointee.avail_out = room
      let status = unsafe CZlib.inflate(stream, Z_BLOCK)
      initializedCount += Int(unsafe room - stream.pointee.avail_out)
      return status
    }
    return switch status {
    case Z_OK: .progress
    case Z_STREAM_END: .end
    case Z_BUF_ERROR: .stalled
    case Z_MEM_ERROR: .outOfMemory
    default: .damaged(unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "zlib status \(status)")
    }
  }

  /// Starts a new stream; the remaining input stays.
  package func reset() { unsafe inflateReset(stream) }
}
