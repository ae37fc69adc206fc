internal import CZlib

/// Unpacks a gzip file, member after member, and checks every trailer.
///
/// zlib's own `gzread` reports a truncated file only when it is closed, and passes on unpacked what is no gzip at all; so this calls
/// `inflate` itself. Source of the format: RFC 1952.
@safe
final class GzipReader: ByteReader {
  /// Big enough that system calls do not count, small enough to stay in a processor's second-level cache.
  private static let chunkByteCount = 256 * 1024

  private let file: InputFile
  // zlib keeps the stream's address in its own state, so the stream must never move.
  private let stream: UnsafeMutablePointer<z_stream>
  private let chunk: UnsafeMutableBufferPointer<UInt8>
  private var fileOffset = 0
  private var memberOffset = 0
  private var trailerOffset = 0
  private var section = DatasetError.GzipSection.header
  private var isFinished = false

  init(_ file: InputFile) throws(DatasetError) {
    self.file = file
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    unsafe chunk = .allocate(capacity: Self.chunkByteCount)
    // 15 is the largest window; 16 more asks for the gzip format and nothing else.
    let status = unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw try damage(status) }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe chunk.deallocate()
    unsafe stream.deallocate()
  }

  /// Whether a gzip member starts at `offset` of the file.
  static func isGzip(_ file: InputFile, at offset: Int) throws(DatasetError) -> Bool {
    try file.bytes(at: offset, count: 2) == [0x1F, 0x8B]
  }

  var path: String { file.path }

  func position(_ offset: Int) -> DatasetError.Position {
    .unpacked(offset)
  }

  func checkPromise(of byteCount: Int, after headerByteCount: Int) throws(DatasetError) {
    // Deflate spends at least two bits on a copy of at most 258 bytes: no file unpacks to more than 1032 times its size.
    let (largest, overflow) = file.byteCount.multipliedReportingOverflow(by: 1032)
    guard overflow || byteCount <= largest else {
      throw DatasetError(
        path: path, code: .implausibleSize(promised: byteCount, largest: largest), position: position(4))
    }
  }

  func read(into output: inout OutputSpan<UInt8>) throws(DatasetError) {
    while !output.isFull && !isFinished {
      try refill()
      let status = inflateBlock(into: &output)
      let isBetweenBlocks = enterSection()
      switch status {
      case Z_STREAM_END:
        try startNextMember()
      case Z_OK:
        break
      case Z_BUF_ERROR:
        // No progress. Only the end of the file can be the reason, unless zlib stopped to show the boundary of a block.
        guard unsafe isBetweenBlocks || stream.pointee.avail_in > 0 else {
          throw DatasetError(path: path, code: .gzipCutShort(in: section), position: .file(fileOffset))
        }
      default:
        throw try damage(status)
      }
    }
  }

  /// Gives zlib more of the file when it has used up what it had.
  private func refill() throws(DatasetError) {
    guard unsafe stream.pointee.avail_in == 0 else { return }
    var output = unsafe OutputSpan(buffer: chunk, initializedCount: 0)
    try file.read(at: fileOffset, into: &output)
    let count = unsafe output.finalize(for: chunk)
    unsafe stream.pointee.next_in = chunk.baseAddress
    unsafe stream.pointee.avail_in = UInt32(count)
    fileOffset += count
  }

  /// Lets zlib run to the end of a block, of the chunk, or of the output; returns its status.
  private func inflateBlock(into output: inout OutputSpan<UInt8>) -> Int32 {
    unsafe output.withUnsafeMutableBufferPointer { buffer, initializedCount in
      guard let start = buffer.baseAddress else { return Z_BUF_ERROR }
      let room = UInt32(clamping: buffer.count - initializedCount)
      unsafe stream.pointee.next_out = start + initializedCount
      unsafe stream.pointee.avail_out = room
      let status = unsafe inflate(stream, Z_BLOCK)
      initializedCount += Int(unsafe room - stream.pointee.avail_out)
      return status
    }
  }

  /// Notes which section of the member comes next; returns whether zlib stands between two blocks.
  ///
  /// After `Z_BLOCK`, zlib's `data_type` has 128 set after the header and after each block, and 64 while the last block is the current one.
  private func enterSection() -> Bool {
    let flags = unsafe stream.pointee.data_type
    guard flags & 128 != 0 else { return false }
    if flags & 64 == 0 {
      section = .body
    } else {
      section = .trailer
      trailerOffset = unsafe memberOffset + Int(stream.pointee.total_in)
    }
    return true
  }

  /// Goes on to the member after the one that has ended, or finds the end of the file.
  private func startNextMember() throws(DatasetError) {
    let end = unsafe memberOffset + Int(stream.pointee.total_in)
    guard end < file.byteCount else {
      isFinished = true
      return
    }
    guard try Self.isGzip(file, at: end) else {
      throw DatasetError(path: path, code: .gzipTrailingBytes(count: file.byteCount - end), position: .file(end))
    }
    unsafe inflateReset(stream)
    memberOffset = end
    section = .header
  }

  /// What an unwelcome status of zlib means.
  private func damage(_ status: Int32) throws(DatasetError) -> DatasetError {
    if status == Z_MEM_ERROR {
      return DatasetError(path: path, code: .cannotRead(errorNumber: SystemError.outOfMemory))
    }
    if section == .trailer, let error = try trailerDamage() { return error }
    // How far zlib had read when it noticed: the fault lies there or a few bytes before.
    let offset = unsafe memberOffset + Int(stream.pointee.total_in)
    let reason = unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "zlib status \(status)"
    return DatasetError(path: path, code: .gzipCorrupt(reason: reason), position: .file(offset))
  }

  /// Which of the trailer's two numbers is wrong.
  private func trailerDamage() throws(DatasetError) -> DatasetError? {
    let trailer = try file.bytes(at: trailerOffset, count: 8)
    let numbers = [trailer.prefix(4), trailer.dropFirst(4)].map {
      $0.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    let checksum = unsafe UInt32(truncatingIfNeeded: stream.pointee.adler)
    let length = unsafe UInt32(truncatingIfNeeded: stream.pointee.total_out)
    if numbers[0] != checksum {
      return DatasetError(
        path: path, code: .gzipChecksum(expected: numbers[0], found: checksum), position: .file(trailerOffset))
    }
    if numbers[1] != length {
      return DatasetError(
        path: path, code: .gzipLength(expected: numbers[1], found: length), position: .file(trailerOffset + 4))
    }
    return nil
  }
}
