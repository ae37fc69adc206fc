internal import Files

extension IDXArray {
  /// Reads a file, plain or gzip, and checks all of it.
  ///
  /// The content decides which, not the name. A gzip file is unpacked directly into the array's memory. That is
  /// allocated only after the size in the header has been compared with the file's size and the machine's memory, and
  /// it grows as bytes arrive. A large plain file is mapped.
  ///
  /// - Parameter path: the file.
  /// - Throws: `DatasetError` for a file that is missing, damaged, or not IDX.
  public init(contentsOf path: String) throws(DatasetError) {
    let file = try InputFile(path: path)
    if try GzipReader.isGzip(file, at: 0) {
      try self.init(from: GzipReader(file), isCompressed: true)
    } else {
      try self.init(from: PlainReader(file), isCompressed: false)
    }
  }

  private init(from reader: some ByteReader, isCompressed: Bool) throws(DatasetError) {
    let header = try IDXHeader(from: reader)
    let expected = header.payloadByteCount
    try reader.checkPromise(of: expected, after: header.byteCount)
    // The promise of a plain file is exactly what it holds.
    if let mapped = reader.mapped(expected) {
      self.init(
        path: reader.path, elementType: header.elementType, dimensions: header.dimensions, bytes: mapped,
        isCompressed: isCompressed)
      return
    }
    try reader.checkMemory(for: expected)

    let bytes = try reader.read(expected)
    guard bytes.count == expected else {
      throw DatasetError(
        path: reader.path, code: .tooFewElements(expectedBytes: expected, foundBytes: bytes.count),
        position: reader.position(header.byteCount + bytes.count))
    }
    // Requesting one more byte also makes a gzip reader check its last trailer.
    guard try reader.read(1).isEmpty else {
      throw DatasetError(
        path: reader.path, code: .tooManyElements(expectedBytes: expected, foundBytes: nil),
        position: reader.position(header.byteCount + expected))
    }
    self.init(
      path: reader.path, elementType: header.elementType, dimensions: header.dimensions,
      bytes: StoredBytes(bytes), isCompressed: isCompressed)
  }
}
