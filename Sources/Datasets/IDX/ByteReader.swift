/// A source of bytes that is read once, from front to back.
protocol ByteReader {
  /// The file behind the bytes, for error messages.
  var path: String { get }

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
  func read(_ count: Int) throws(DatasetError) -> [UInt8] {
    try [UInt8](capacity: count) { (output: inout OutputSpan<UInt8>) throws(DatasetError) in
      try read(into: &output)
    }
  }
}
