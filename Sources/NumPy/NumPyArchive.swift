package import Files
internal import Support

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

  /// Makes an archive of arrays, for writing.
  public init(_ members: [Member]) { self.members = members }

  /// The array of this name, or nil.
  public subscript(name: String) -> NumPyArray? { members.first { $0.name == name }?.array }

  /// Reads an `.npz` file from its content, stored or deflated, as written by `numpy.savez` and
  /// `numpy.savez_compressed`.
  ///
  /// - Parameters:
  ///   - path: the file's name in errors.
  ///   - names: the names of the arrays to read, without `.npy`; others are ignored. Nil for all.
  ///   - maximumByteCount: the largest accepted size after unpacking.
  /// - Throws: `.zip` or `.numPy` if it is not acceptable.
  public init(
    file: [UInt8], path: String, names: Set<String>? = nil, maximumByteCount: Int = 4 << 30
  ) throws(NumPyArchiveError) {
    try self.init(file: StoredBytes(file), path: path, names: names, maximumByteCount: maximumByteCount)
  }

  /// The same for a file that may be mapped.
  package init(
    file: StoredBytes, path: String, names: Set<String>? = nil, maximumByteCount: Int = 4 << 30
  ) throws(NumPyArchiveError) {
    members = []
    let archive: ZipReader
    do throws(ZipError.Problem) {
      archive = try ZipReader(file, maximumContentByteCount: maximumByteCount)
    } catch {
      throw .zip(ZipError(path: path, problem: error))
    }
    var found: Set<String> = []
    for entry in archive.entries {
      // Different file names can mean the same array: a.npy and a.
      let name = Self.arrayName(entry.name)
      guard found.insert(name).inserted else { throw .zip(ZipError(path: path, problem: .repeatedName(name))) }
      if let names, !names.contains(name) { continue }
      let content: [UInt8]
      do throws(ZipError.Problem) {
        content = try archive.content(of: entry)
      } catch {
        throw .zip(ZipError(path: path, problem: error))
      }
      do throws(NumPyError) {
        let array = try NumPyArray(file: content, path: "\(path), \(ForeignText.quoted(entry.name))")
        members.append(Member(name: name, array: array))
      } catch {
        throw .numPy(error)
      }
    }
  }

  /// Where the elements of an array are in the file, if they are stored plainly; the array's checksum is compared.
  ///
  /// - Returns: nil if there is no such array, or if it has to be unpacked or put in order.
  package static func layout(
    of name: String, file: StoredBytes, path: String
  ) throws(NumPyArchiveError) -> NumPyLayout? {
    let found: ZipEntry
    do throws(ZipError.Problem) {
      let archive = try ZipReader(file, maximumContentByteCount: Int.max)
      let entries = archive.entries.filter { arrayName($0.name) == name }
      guard let entry = entries.first, entries.count == 1, entry.method == .stored else { return nil }
      try archive.check(stored: entry)
      found = entry
    } catch {
      throw .zip(ZipError(path: path, problem: error))
    }
    do throws(NumPyError) {
      let start = found.range.lowerBound
      let end = min(found.range.upperBound, start + NumPyLayout.beginningByteCount)
      let layout = try NumPyLayout(
        beginning: Array(file.copy(start..<end)), byteCount: found.byteCount,
        path: "\(path), \(ForeignText.quoted(found.name))")
      return layout.isPlain ? layout.moved(by: start) : nil
    } catch {
      throw .numPy(error)
    }
  }

  /// The names of the arrays in an `.npz` file, from its content; only its directory is read.
  public static func names(file: [UInt8], path: String) throws(NumPyArchiveError) -> [String] {
    try names(file: StoredBytes(file), path: path)
  }

  /// The same for a file that may be mapped.
  package static func names(file: StoredBytes, path: String) throws(NumPyArchiveError) -> [String] {
    do throws(ZipError.Problem) {
      return try ZipReader(file, maximumContentByteCount: Int.max).entries.map { arrayName($0.name) }
    } catch {
      throw .zip(ZipError(path: path, problem: error))
    }
  }

  /// The bytes of the file, uncompressed. The same content always gives the same bytes.
  ///
  /// - Precondition: names are unique, and the file stays below 4 GiB.
  public func serialized() -> [UInt8] {
    ZipWriter.archive(members.map { ($0.name + Self.suffix, $0.array.serialized()) })
  }

  private static let suffix = ".npy"

  private static func arrayName(_ fileName: String) -> String {
    fileName.hasSuffix(suffix) ? String(fileName.dropLast(suffix.count)) : fileName
  }
}
