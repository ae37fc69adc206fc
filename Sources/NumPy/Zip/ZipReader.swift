internal import Compression
package import Files
internal import Support

/// The files of a ZIP archive in memory, or in a mapped file.
///
/// Source of the format: PKWARE's APPNOTE 6.3. It supports what `.npz` files use: stored and deflated files on one
/// disk, below 4 GiB, not encrypted. The directory at the end is authoritative; of the headers before the files, only
/// the length is used.
package struct ZipReader {
  /// The files, in the order of the directory.
  package let entries: [ZipEntry]
  private let bytes: StoredBytes

  private static let endSize = 22
  private static let directorySize = 46
  private static let headerSize = 30

  /// Reads the directory and checks every number in it.
  ///
  /// - Parameter maximumContentByteCount: the limit of the unpacked size of all files together.
  package init(_ bytes: [UInt8], maximumContentByteCount: Int) throws(ZipError.Problem) {
    try self.init(StoredBytes(bytes), maximumContentByteCount: maximumContentByteCount)
  }

  /// Reads the directory and checks every number in it.
  ///
  /// - Parameter maximumContentByteCount: the limit of the unpacked size of all files together, but for stored ones in a mapped
  ///   archive, which need no memory.
  package init(_ bytes: StoredBytes, maximumContentByteCount: Int) throws(ZipError.Problem) {
    self.bytes = bytes
    let end = try Self.endRecord(bytes)
    let count = Int(bytes.littleEndian(at: end + 10, as: UInt16.self))
    let offset = Int(bytes.littleEndian(at: end + 16, as: UInt32.self))
    guard count < 0xFFFF, offset < 0xFFFF_FFFF else { throw .tooLarge }
    var entries: [ZipEntry] = []
    var place = offset
    for _ in 0..<count {
      entries.append(try Self.entry(bytes, &place, end: end, directory: offset))
    }
    try Self.check(entries, maximumContentByteCount, isMapped: bytes.isMapped)
    self.entries = entries
  }

  /// The content of a file, with a valid checksum.
  package func content(of entry: ZipEntry) throws(ZipError.Problem) -> [UInt8] {
    let content =
      switch entry.method {
      case .stored: Array(bytes.copy(entry.range))
      case .deflated: try inflated(entry)
      }
    let found = CRC32.checksum(of: content.span)
    guard found == entry.checksum else {
      throw .wrongChecksum(name: entry.name, expected: entry.checksum, found: found)
    }
    return content
  }

  /// Compares the content of a stored file with its checksum, without a copy.
  package func check(stored entry: ZipEntry) throws(ZipError.Problem) {
    var found: UInt32 = 0
    for first in stride(from: entry.range.lowerBound, to: entry.range.upperBound, by: 1 << 22) {
      let end = min(entry.range.upperBound, first + 1 << 22)
      found = CRC32.checksum(of: bytes.part(first..<end), continuing: found)
    }
    guard found == entry.checksum else {
      throw .wrongChecksum(name: entry.name, expected: entry.checksum, found: found)
    }
  }

  private func inflated(_ entry: ZipEntry) throws(ZipError.Problem) -> [UInt8] {
    let stream: InflateStream
    do throws(InflateStream.OutOfMemory) {
      stream = try InflateStream(.raw)
    } catch {
      throw .outOfMemory
    }
    var offset = entry.range.lowerBound
    var failure: ZipError.Problem?
    // One byte more than the entry says, to detect a file that contains more.
    var content = [UInt8](capacity: entry.byteCount + 1) { output in
      failure = inflate(stream, entry, from: &offset, into: &output)
    }
    if let failure { throw failure }
    guard content.count == entry.byteCount else {
      throw .wrongSize(name: entry.name, expected: entry.byteCount, found: content.count)
    }
    content.reserveCapacity(0)
    return content
  }

  /// Unpacks until the stream ends or the output is full; returns what is wrong.
  private func inflate(
    _ stream: InflateStream, _ entry: ZipEntry, from offset: inout Int, into output: inout OutputSpan<UInt8>
  ) -> ZipError.Problem? {
    while !output.isFull {
      if stream.needsInput {
        let part = offset..<min(entry.range.upperBound, offset + InflateStream.inputCapacity)
        offset += stream.refill { input in
          let piece = bytes.part(part)
          for index in piece.indices { input.append(piece[index]) }
        }
      }
      switch stream.inflate(into: &output) {
      case .progress: continue
      case .end: return nil
      case .stalled where stream.needsInput && offset == entry.range.upperBound: return .cutShort(name: entry.name)
      case .stalled: continue
      case .outOfMemory: return .outOfMemory
      case .damaged(let reason): return .damaged(name: entry.name, reason: reason)
      }
    }
    return nil
  }

  /// The offset of the end record, which a comment of up to 65,535 bytes may follow.
  private static func endRecord(_ bytes: StoredBytes) throws(ZipError.Problem) -> Int {
    let last = bytes.count - endSize
    guard last >= 0 else { throw .noDirectory(guess: describe(bytes)) }
    for place in stride(from: last, through: max(0, last - 0xFFFF), by: -1)
    where bytes[place] == 0x50 && bytes.littleEndian(at: place, as: UInt32.self) == 0x0605_4B50 {
      let comment = Int(bytes.littleEndian(at: place + 20, as: UInt16.self))
      if place + endSize + comment == bytes.count { return place }
    }
    throw .noDirectory(guess: bytes.starts(with: [0x50, 0x4B]) ? nil : describe(bytes))
  }

  /// A guess of what a file is, from its beginning.
  private static func describe(_ bytes: StoredBytes) -> String? {
    ContentGuess.describe(Array(bytes.copy(0..<min(bytes.count, 1 << 16))))
  }

  /// Reads the directory's entry at `place`, and moves on to the next.
  private static func entry(
    _ bytes: StoredBytes, _ place: inout Int, end: Int, directory: Int
  ) throws(ZipError.Problem) -> ZipEntry {
    guard place + directorySize <= end, bytes.littleEndian(at: place, as: UInt32.self) == 0x0201_4B50 else {
      throw .damagedDirectory(offset: place)
    }
    let start = place
    func short(_ offset: Int) -> Int { Int(bytes.littleEndian(at: start + offset, as: UInt16.self)) }
    func long(_ offset: Int) -> Int { Int(bytes.littleEndian(at: start + offset, as: UInt32.self)) }
    let nameEnd = start + directorySize + short(28)
    place = nameEnd + short(30) + short(32)
    guard place <= end else { throw .damagedDirectory(offset: start) }
    let name = String(decoding: bytes.copy(start + directorySize..<nameEnd), as: UTF8.self)
    guard short(8) & 1 == 0 else { throw .encrypted(name: name) }
    guard let method = ZipEntry.Method(rawValue: UInt16(short(10))) else {
      throw .unknownMethod(name: name, short(10))
    }
    let (packed, size, header) = (long(20), long(24), long(42))
    guard max(packed, size, header) < 0xFFFF_FFFF else { throw .tooLarge }
    guard header + headerSize <= directory, bytes.littleEndian(at: header, as: UInt32.self) == 0x0403_4B50 else {
      throw .damagedHeader(name: name, offset: header)
    }
    let data =
      header + headerSize + Int(bytes.littleEndian(at: header + 26, as: UInt16.self))
      + Int(bytes.littleEndian(at: header + 28, as: UInt16.self))
    guard data + packed <= directory else { throw .damagedHeader(name: name, offset: header) }
    return ZipEntry(
      name: name, method: method, checksum: UInt32(long(16)), range: data..<data + packed, byteCount: size)
  }

  /// Rejects content that needs more memory than the file's size justifies.
  private static func check(_ entries: [ZipEntry], _ maximum: Int, isMapped: Bool) throws(ZipError.Problem) {
    var names: Set<String> = []
    // Unpacked content is held twice until it is converted to arrays.
    let maximum = min(maximum, (Hardware.memoryByteCount ?? .max) / 2)
    var sum = 0
    for entry in entries {
      guard names.insert(entry.name).inserted else { throw .repeatedName(entry.name) }
      // Deflate spends at least two bits on a copy of at most 258 bytes: nothing unpacks to more than 1032 times its
      // size.
      let largest = entry.method == .stored ? entry.range.count : entry.range.count * 1032
      guard entry.byteCount <= largest, entry.method == .deflated || entry.byteCount == entry.range.count else {
        throw .wrongSize(name: entry.name, expected: entry.byteCount, found: entry.range.count)
      }
      if !isMapped || entry.method != .stored { sum += entry.byteCount }
      guard sum <= maximum else { throw .contentTooLarge(maximum: maximum) }
    }
    let ranges = entries.sorted { $0.range.lowerBound < $1.range.lowerBound }
    for (one, next) in zip(ranges, ranges.dropFirst()) where next.range.lowerBound < one.range.upperBound {
      throw .overlap(one.name, next.name)
    }
  }
}

extension StoredBytes {
  /// The integer whose lowest byte is at `offset`.
  fileprivate func littleEndian<Integer: FixedWidthInteger & UnsignedInteger>(
    at offset: Int, as type: Integer.Type
  ) -> Integer {
    (0..<Integer.bitWidth / 8).reduce(0) { $0 | Integer(self[offset + $1]) << (8 * $1) }
  }
}
