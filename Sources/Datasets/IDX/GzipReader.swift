internal import Files
internal import Compression

/// Unpacks a gzip file, member after member, and checks every trailer.
///
/// zlib's own `gzread` reports a truncated file only when it is closed, and passes through data that is not gzip; so
/// this type unpacks the stream itself. Source of the format: RFC 1952.
final class GzipReader: ByteReader {
  private let file: InputFile
  private let stream: InflateStream
  private var fileOffset = 0
  private var memberOffset = 0
  private var trailerOffset = 0
  private var section = DatasetError.GzipSection.header
  private var isFinished = false

  init(_ file: InputFile) throws(DatasetError) {
    self.file = file
    do throws(InflateStream.OutOfMemory) {
      stream = try InflateStream(.gzip)
    } catch {
      throw Self.outOfMemory(file)
    }
  }

  /// Whether a gzip member starts at `offset` of the file.
  static func isGzip(_ file: InputFile, at offset: Int) throws(DatasetError) -> Bool {
    try file.bytes(at: offset, count: 2) == [0x1F, 0x8B]
  }

  var path: String { file.path }

  /// The size is unknown before unpacking.
  var firstCapacity: Int { 1 << 20 }

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
      let status = stream.inflate(into: &output)
      let isBetweenBlocks = enterSection()
      switch status {
      case .end:
        try startNextMember()
      case .progress:
        break
      case .stalled:
        // No progress: the file has ended, unless zlib stopped at the boundary of a block.
        guard isBetweenBlocks || !stream.needsInput else {
          throw DatasetError(path: path, code: .gzipCutShort(in: section), position: .file(fileOffset))
        }
      case .outOfMemory:
        throw Self.outOfMemory(file)
      case .damaged(let reason):
        throw try damage(reason)
      }
    }
  }

  /// Gives the stream more of the file when its input is used up.
  private func refill() throws(DatasetError) {
    guard stream.needsInput else { return }
    let (file, offset) = (file, fileOffset)
    fileOffset += try stream.refill { (output) throws(DatasetError) in try file.read(at: offset, into: &output) }
  }

  /// Records which section of the member comes next; returns whether the stream is between two blocks.
  private func enterSection() -> Bool {
    guard stream.isAtBoundary else { return false }
    if stream.isInLastBlock {
      section = .trailer
      trailerOffset = memberOffset + stream.consumedByteCount
    } else {
      section = .body
    }
    return true
  }

  /// Continues with the next member, or finds the end of the file.
  private func startNextMember() throws(DatasetError) {
    let end = memberOffset + stream.consumedByteCount
    guard end < file.byteCount else {
      isFinished = true
      return
    }
    guard try Self.isGzip(file, at: end) else {
      // Tapes and some servers pad files; gzip itself skips zero bytes.
      if try isZero(from: end) {
        isFinished = true
        return
      }
      throw DatasetError(path: path, code: .gzipTrailingBytes(count: file.byteCount - end), position: .file(end))
    }
    stream.reset()
    memberOffset = end
    section = .header
  }

  /// The largest number of zero bytes after a member, because a hole can have any size.
  private static let largestFilling = 1 << 24

  /// Whether only zero bytes follow, and not too many.
  private func isZero(from start: Int) throws(DatasetError) -> Bool {
    guard file.byteCount - start <= Self.largestFilling else { return false }
    var place = start
    while place < file.byteCount {
      let bytes = try file.bytes(at: place, count: min(1 << 16, file.byteCount - place))
      guard !bytes.isEmpty, bytes.allSatisfy({ $0 == 0 }) else { return false }
      place += bytes.count
    }
    return true
  }

  /// The error for a fault in the stream.
  private func damage(_ reason: String) throws(DatasetError) -> DatasetError {
    if section == .trailer, let error = try trailerDamage() { return error }
    // How far zlib had read: the fault is there or a few bytes earlier.
    let offset = memberOffset + stream.consumedByteCount
    return DatasetError(path: path, code: .gzipCorrupt(reason: reason), position: .file(offset))
  }

  private static func outOfMemory(_ file: InputFile) -> DatasetError {
    DatasetError(path: file.path, code: .cannotRead(errorNumber: SystemCode.outOfMemory.rawValue))
  }

  /// The error for the wrong number in the trailer.
  private func trailerDamage() throws(DatasetError) -> DatasetError? {
    let trailer = try file.bytes(at: trailerOffset, count: 8)
    let numbers = [trailer.prefix(4), trailer.dropFirst(4)].map {
      $0.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    let checksum = stream.checksum
    let length = UInt32(truncatingIfNeeded: stream.producedByteCount)
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
