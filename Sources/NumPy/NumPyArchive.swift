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

  /// Puts arrays together, to be written.
  public init(_ members: [Member]) { self.members = members }

  /// The array of this name, or nil.
  public subscript(name: String) -> NumPyArray? { members.first { $0.name == name }?.array }

  /// Reads the `.npz` file whose whole content is `file`, stored or deflated, as `numpy.savez` and `numpy.savez_compressed` write it.
  ///
  /// - Parameters:
  ///   - path: the name that errors give the file.
  ///   - names: the arrays to read, without `.npy`; what else the archive holds is not looked at. Nil for all.
  ///   - maximumByteCount: how much it may unpack to.
  /// - Throws: `.zip` or `.numPy` when it is not acceptable.
  public init(
    file: [UInt8], path: String, names: Set<String>? = nil, maximumByteCount: Int = 4 << 30
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
      // Files of different names may still be arrays of one: a.npy and a.
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

  /// The names of the arrays in the `.npz` file whose whole content is `file`; only its directory is read.
  public static func names(file: [UInt8], path: String) throws(NumPyArchiveError) -> [String] {
    do throws(ZipError.Problem) {
      return try ZipReader(file, maximumContentByteCount: Int.max).entries.map { arrayName($0.name) }
    } catch {
      throw .zip(ZipError(path: path, problem: error))
    }
  }

  /// The bytes of the file: the same for the same content, everywhere and always; nothing is compressed.
  ///
  /// - Precondition: no two arrays have one name, and all of it stays below 4 GiB.
  public func serialized() -> [UInt8] {
    ZipWriter.archive(members.map { ($0.name + Self.suffix, $0.array.serialized()) })
  }

  private static let suffix = ".npy"

  private static func arrayName(_ fileName: String) -> String {
    fileName.hasSuffix(suffix) ? String(fileName.dropLast(suffix.count)) : fileName
  }
}
