public import Files
public import NumPy

extension NumPyArray {
  /// Reads the `.npy` file at `path`, whatever its version, byte order and memory order.
  ///
  /// - Parameter maximumByteCount: how large a file to accept; it is read into memory as a whole.
  /// - Throws: `.file` when it cannot be read, `.numPy` when it is not acceptable.
  public init(contentsOf path: String, maximumByteCount: Int = 4 << 30) throws(InterchangeError) {
    let bytes = try InterchangeError.content(ofFileAt: path, maximumByteCount: maximumByteCount)
    do throws(NumPyError) {
      try self.init(file: bytes, path: path)
    } catch {
      throw .numPy(error)
    }
  }

  /// Writes an `.npy` file, so that at `path` there is the old one or all of the new one at any time.
  ///
  /// - Throws: a `FileError`; the old file is then untouched.
  public func write(to path: String) throws(FileError) {
    try AtomicFile.write(serialized(), to: path)
  }
}
