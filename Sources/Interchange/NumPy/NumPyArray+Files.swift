public import Files
public import NumPy

extension NumPyArray {
  /// Reads the `.npy` file at `path`, in any version, byte order and memory order.
  ///
  /// - Parameter maximumByteCount: the largest accepted size; the whole file is read into memory.
  /// - Throws: `.file` if it cannot be read, `.numPy` if it is not acceptable.
  public init(contentsOf path: String, maximumByteCount: Int = 4 << 30) throws(InterchangeError) {
    let bytes = try InterchangeError.content(ofFileAt: path, maximumByteCount: maximumByteCount)
    do throws(NumPyError) {
      try self.init(file: bytes, path: path)
    } catch {
      throw .numPy(error)
    }
  }

  /// Writes an `.npy` file, atomically: `path` leads to the old file or the complete new one at any time.
  ///
  /// - Throws: a `FileError`; the old file is then unchanged.
  public func write(to path: String) throws(FileError) {
    try AtomicFile.write(serialized(), to: path)
  }
}
