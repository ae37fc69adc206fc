internal import Support
internal import Files

/// A safetensors file in memory: named tensors of `Float` and strings beside them.
///
/// Nothing here knows what the tensors mean; layouts and names are the caller's.
public struct SafetensorsFile: Equatable, Sendable {
  /// Strings beside the tensors, such as the model's description.
  public var metadata: [String: String]
  /// The tensors, in the order of the file.
  public var tensors: [NamedTensor]
  /// The tensors of the file that was read whose element type does not become `Float` (such as I64, which PyTorch counts batches
  /// in), so that a caller can say that they were left out. Never written.
  public private(set) var skipped: [SafetensorsEntry] = []

  /// Puts tensors and metadata together, to be written.
  public init(metadata: [String: String] = [:], tensors: [NamedTensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// What was read from a file of another format.
  init(tensors: [NamedTensor], skipped: [SafetensorsEntry]) {
    metadata = [:]
    self.tensors = tensors
    self.skipped = skipped
  }

  /// The shapes of the tensors, by name.
  package var shapes: [String: [Int]] { Dictionary(tensors.map { ($0.name, $0.shape) }) { first, _ in first } }

  /// What wrappers of PyTorch put before every name of a state dictionary.
  private static let wrappers = ["module.", "_orig_mod.", "model."]

  /// The file without what wrappers have put before all of its names, such as `module.` of data parallel training, and what that was;
  /// nil where the names have no such beginning.
  public var unwrapped: (file: SafetensorsFile, prefix: String)? {
    var prefix = ""
    let names = tensors.map(\.name) + skipped.map(\.name)
    while !names.isEmpty,
      let next = Self.wrappers.first(where: { wrapper in names.allSatisfy { $0.hasPrefix(prefix + wrapper) } })
    {
      prefix += next
    }
    guard !prefix.isEmpty else { return nil }
    var file = self
    file.tensors = tensors.map {
      NamedTensor(name: String($0.name.dropFirst(prefix.count)), shape: $0.shape, values: $0.values)
    }
    return (file, prefix)
  }

  /// Reads the file at `path`.
  ///
  /// F32 is read as it is, F16 and BF16 become the same value in `Float`, F64 is rounded to the nearest (beyond the range of `Float`
  /// to infinity). All other types are listed in `skipped`.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - maximumByteCount: how large a file to accept; it is read into memory as a whole, a large one only once its header has
  ///     been found to fit its size.
  /// - Throws: `.file` when it cannot be read, `.safetensors` when it is not acceptable.
  public init(contentsOf path: String, maximumByteCount: Int = 4 << 30) throws(InterchangeError) {
    try Self.checkLargeFile(path, maximumByteCount: maximumByteCount)
    let bytes = try InterchangeError.content(ofFileAt: path, maximumByteCount: maximumByteCount)
    do throws(SafetensorsError) {
      try self.init(bytes: bytes, path: path)
    } catch {
      throw .safetensors(error)
    }
  }

  /// Files up to this size are read before anything is checked.
  private static let smallByteCount = 64 << 20

  /// Rejects a large file by its header, before memory is allocated for all of it: a file with holes can have any size.
  private static func checkLargeFile(_ path: String, maximumByteCount: Int) throws(InterchangeError) {
    let byteCount: Int
    let beginning: [UInt8]
    do throws(FileError) {
      guard let count = try FileReader.byteCount(ofFileAt: path), smallByteCount < count, count <= maximumByteCount
      else { return }
      byteCount = count
      let length = try FileReader.beginning(ofFileAt: path, byteCount: 8)
      let promised = length.count == 8 ? length.littleEndian(at: 0, as: UInt64.self) : 0
      // If it is not a header, the first bytes still show what the file is.
      let headerByteCount = promised <= UInt64(SafetensorsHeader.maximumByteCount) ? Int(promised) : 1024
      beginning = try FileReader.beginning(ofFileAt: path, byteCount: 8 + headerByteCount)
    } catch {
      throw .file(error)
    }
    do throws(SafetensorsError) {
      _ = try SafetensorsHeader(beginning: beginning, byteCount: byteCount, path: path)
    } catch {
      throw .safetensors(error)
    }
  }

  /// The strings beside the tensors of the file at `path`, of which no more than the header is read: neither its numbers nor their checksum
  /// are looked at.
  public static func metadata(ofFileAt path: String) throws(InterchangeError) -> [String: String] {
    let byteCount: Int
    let beginning: [UInt8]
    do throws(FileError) {
      guard let count = try FileReader.byteCount(ofFileAt: path) else { return [:] }
      let length = try FileReader.beginning(ofFileAt: path, byteCount: 8)
      let promised = length.count == 8 ? length.littleEndian(at: 0, as: UInt64.self) : 0
      let headerByteCount = min(Int(clamping: promised), SafetensorsHeader.maximumByteCount, count)
      beginning = try FileReader.beginning(ofFileAt: path, byteCount: 8 + headerByteCount)
      byteCount = count
    } catch {
      throw .file(error)
    }
    do throws(SafetensorsError) {
      return try SafetensorsHeader(beginning: beginning, byteCount: byteCount, path: path).metadata
    } catch {
      throw .safetensors(error)
    }
  }

  /// Reads the file whose whole content is `bytes`, as `init(contentsOf:)` does; `path` is the name that errors give it.
  public init(bytes: [UInt8], path: String) throws(SafetensorsError) {
    let header = try SafetensorsHeader(bytes: bytes, path: path)
    metadata = header.metadata
    tensors = []
    for entry in header.entries {
      if let values = entry.values(in: bytes, dataOffset: header.dataOffset) {
        tensors.append(NamedTensor(name: entry.name, shape: entry.shape, values: values))
      } else {
        skipped.append(entry)
      }
    }
    if let damage {
      throw SafetensorsError(path: path, problem: .damaged(stated: damage.stated, found: damage.found))
    }
  }

  /// The first tensor of this name, or nil.
  public subscript(name: String) -> NamedTensor? {
    tensors.first { $0.name == name }
  }
}
