internal import Files
internal import Support

/// A source of bytes that is read once, from front to back.
protocol ByteReader {
  /// The file behind the bytes, for error messages.
  var path: String { get }

  /// The number of bytes that may be allocated before any has arrived: at most the known size, or a harmless amount.
  var firstCapacity: Int { get }

  /// Appends bytes until the output is full or the source ends; a shorter output means the end.
  func read(into output: inout OutputSpan<UInt8>) throws(DatasetError)

  /// The next `count` bytes without a copy, which do not count as read; nil if they have to be read.
  func mapped(_ count: Int) -> StoredBytes?

  /// The position of the byte at `offset` of this source.
  func position(_ offset: Int) -> DatasetError.Position

  /// Rejects a payload that the file behind this source cannot contain, before memory is allocated for it.
  ///
  /// - Parameters:
  ///   - byteCount: the bytes after the header, according to the header.
  ///   - headerByteCount: the bytes of the header, which have been read.
  func checkPromise(of byteCount: Int, after headerByteCount: Int) throws(DatasetError)
}

extension ByteReader {
  func mapped(_ count: Int) -> StoredBytes? { nil }

  /// The next `count` bytes, or fewer at the end of the source.
  ///
  /// Memory grows with the bytes that arrive and never beyond `count`, because a header can claim anything.
  func read(_ count: Int) throws(DatasetError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let goal = min(count, max(firstCapacity, 2 * bytes.count))
      let room = goal - bytes.count
      bytes.reserveCapacity(goal)
      try bytes.append(addingCapacity: room) { (output: inout OutputSpan<UInt8>) throws(DatasetError) in
        try read(into: &output)
      }
      guard bytes.count == goal else { break }
    }
    return bytes
  }

  /// Rejects a payload that does not fit into memory, such as the hole of a sparse file.
  func checkMemory(for byteCount: Int) throws(DatasetError) {
    // If the memory is unknown, the header is trusted. While an array grows, its old copy exists for a moment.
    guard let shortage = MemoryShortage(needed: byteCount + byteCount / 2) else { return }
    throw DatasetError(
      path: path, code: .tooLarge(largest: shortage.available, found: byteCount), position: position(4))
  }
}
