internal import Support

/// A source of bytes that is read once, from front to back.
protocol ByteReader {
  /// The file behind the bytes, for error messages.
  var path: String { get }

  /// How many bytes may be allocated before any has arrived: no more than are known to be there, or than never matter.
  var firstCapacity: Int { get }

  /// Appends bytes until the output is full or the source ends: a shorter output means the end.
  func read(into output: inout OutputSpan<UInt8>) throws(DatasetError)

  /// The place of the byte at `offset` of this source.
  func position(_ offset: Int) -> DatasetError.Position

  /// Refuses a payload that the file behind this source cannot hold, before anybody allocates for it.
  ///
  /// - Parameters:
  ///   - byteCount: the bytes that the header promises after itself.
  ///   - headerByteCount: the bytes of the header, which have been read.
  func checkPromise(of byteCount: Int, after headerByteCount: Int) throws(DatasetError)
}

extension ByteReader {
  /// The next `count` bytes, or fewer at the end of the source.
  ///
  /// Memory grows with what arrives and never beyond `count`: a header may promise anything.
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

  /// Refuses a payload that the machine's memory cannot hold, such as the hole of a sparse file.
  func checkMemory(for byteCount: Int) throws(DatasetError) {
    // A system that does not say is taken at its header's word.
    // While memory grows, what there was stays beside it for a moment.
    guard let shortage = MemoryShortage(needed: byteCount + byteCount / 2) else { return }
    throw DatasetError(
      path: path, code: .tooLarge(largest: shortage.available, found: byteCount), position: position(4))
  }
}
