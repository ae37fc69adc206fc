internal import Files

/// Reads an uncompressed file.
final class PlainReader: ByteReader {
  private let file: InputFile
  private var offset = 0

  init(_ file: InputFile) {
    self.file = file
  }

  var path: String { file.path }

  var firstCapacity: Int { max(file.byteCount, 1) }

  func read(into output: inout OutputSpan<UInt8>) throws(DatasetError) {
    let before = output.count
    try file.read(at: offset, into: &output)
    offset += output.count - before
  }

  func mapped(_ count: Int) -> StoredBytes? { file.mapped(offset..<offset + count) }

  func position(_ offset: Int) -> DatasetError.Position {
    .file(offset)
  }

  func checkPromise(of byteCount: Int, after headerByteCount: Int) throws(DatasetError) {
    let found = file.byteCount - headerByteCount
    if byteCount > found {
      throw DatasetError(
        path: path, code: .tooFewElements(expectedBytes: byteCount, foundBytes: found),
        position: position(file.byteCount))
    }
    if byteCount < found {
      throw DatasetError(
        path: path, code: .tooManyElements(expectedBytes: byteCount, foundBytes: found),
        position: position(headerByteCount + byteCount))
    }
  }
}
