/// An `.npz` file in memory: arrays by name.
public struct NumPyArchive: Equatable, Sendable {
  /// An array with its name.
  public struct Member: Equatable, Sendable {
    /// The name, without `.npy`.
    public let name: String
    /// The array.
    public let array: NumPyArray

    /// Names an array.
    public init(name: String, array: NumPyArray) {
      self.name = name
      self.array = array
    }
  }

  /// The arrays, in the order of the file.
  public var members: [Member]

  /// Puts arrays together, to be written.
  public init(_ members: [Member]) { self.members = members }

  /// The array of this name, or nil.
  public subscript(name: String) -> NumPyArray? { members.first { $0.name == name }?.array }

  /// Reads the file at `path`, stored or deflated, as `numpy.savez` and `numpy.savez_compressed` write it.
  ///
  /// - Parameter maximumByteCount: how large a file to accept, and how much it may unpack to.
  /// - Throws: `.file` when it cannot be read, `.zip` or `.numPy` when it is not acceptable.
  public init(contentsOf path: String, maximumByteCount: Int = 4 << 30) throws(InterchangeError) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileReader.bytes(ofFileAt: path, maximumByteCount: maximumByteCount)
    } catch {
      throw .file(error)
    }
    try self.init(file: bytes, path: path, maximumByteCount: maximumByteCount)
  }

  /// Reads the file whose whole content is `file`, as `init(contentsOf:)` does; `path` is the name that errors give it.
  public init(file: [UInt8], path: String, maximumByteCount: Int = 4 << 30) throws(InterchangeError) {
    members = []
    let archive: ZipReader
    do throws(ZipError.Problem) {
      archive = try ZipReader(file, maximumContentByteCount: maximumByteCount)
    } catch {
      throw .zip(ZipError(path: path, problem: error))
    }
    for entry in archive.entries {
      let content: [UInt8]
      do throws(ZipError.Problem) {
        content = try archive.content(of: entry)
      } catch {
        throw .zip(ZipError(path: path, problem: error))
      }
      do throws(NumPyError) {
        let array = try NumPyArray(file: content, path: "\(path), \(ForeignText.quoted(entry.name))")
        members.append(Member(name: Self.arrayName(entry.name), array: array))
      } catch {
        throw .numPy(error)
      }
    }
  }

  /// The bytes of the file: the same for the same content, everywhere and always; nothing is compressed.
  ///
  /// - Precondition: no two arrays have one name, and all of it stays below 4 GiB.
  public func serialized() -> [UInt8] {
    ZipWriter.archive(members.map { ($0.name + Self.suffix, $0.array.serialized()) })
  }

  /// Writes the file, so that at `path` there is the old one or all of the new one at any time.
  ///
  /// - Throws: a `FileError`; the old file is then untouched.
  /// - Precondition: as for `serialized()`.
  public func write(to path: String) throws(FileError) {
    try AtomicFile.write(serialized(), to: path)
  }

  private static let suffix = ".npy"

  private static func arrayName(_ fileName: String) -> String {
    fileName.hasSuffix(suffix) ? String(fileName.dropLast(suffix.count)) : fileName
  }
}
