public import Files
public import NumPy

extension NumPyArchive {
  /// Reads the file at `path`, stored or deflated, as `numpy.savez` and `numpy.savez_compressed` write it.
  ///
  /// - Parameter maximumByteCount: the largest accepted size of the file, and of its unpacked content.
  /// - Throws: `.file` if it cannot be read, `.zip` or `.numPy` if it is not acceptable.
  public init(contentsOf path: String, maximumByteCount: Int = 4 << 30) throws(InterchangeError) {
    let bytes = try InterchangeError.content(ofFileAt: path, maximumByteCount: maximumByteCount)
    do throws(NumPyArchiveError) {
      try self.init(file: bytes, path: path, maximumByteCount: maximumByteCount)
    } catch {
      switch error {
      case .zip(let error): throw .zip(error)
      case .numPy(let error): throw .numPy(error)
      }
    }
  }

  /// Writes the file, atomically: `path` leads to the old file or the complete new one at any time.
  ///
  /// - Throws: a `FileError`; the old file is then unchanged.
  /// - Precondition: as for `serialized()`.
  public func write(to path: String) throws(FileError) {
    try AtomicFile.write(serialized(), to: path)
  }
}
