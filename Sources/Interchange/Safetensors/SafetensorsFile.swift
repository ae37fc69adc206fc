internal import Support
internal import Files

/// A safetensors file in memory: named tensors of `Float` and strings beside them; whole numbers may be bytes in the file.
///
/// This type does not know what the tensors mean; the caller decides on layouts and names.
public struct SafetensorsFile: Equatable, Sendable {
  /// Strings beside the tensors, such as the model's description.
  public var metadata: [String: String]
  /// The tensors, in the order of the file.
  public var tensors: [NamedTensor]
  /// The tensors of the file whose element type cannot become `Float`, such as I64, in which PyTorch counts batches. A caller can report them as left
  /// out. They are never written.
  public private(set) var skipped: [SafetensorsEntry] = []

  /// Combines tensors and metadata, to be written.
  public init(metadata: [String: String] = [:], tensors: [NamedTensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The content of a file of another format.
  init(tensors: [NamedTensor], skipped: [SafetensorsEntry]) {
    metadata = [:]
    self.tensors = tensors
    self.skipped = skipped
  }

  /// The key of the metadata that says what bytes stand for. In a file without it, tensors of bytes are listed in `skipped`.
  public static let quantizationKey = "jacquard.quantization"

  /// The shapes of the tensors, by name.
  package var shapes: [String: [Int]] { Dictionary(tensors.map { ($0.name, $0.shape) }) { first, _ in first } }

  /// The prefixes that wrappers of PyTorch add to every name of a state dictionary.
  private static let wrappers = ["module.", "_orig_mod.", "model."]

  /// The file without the prefix that wrappers have added to all of its names, such as `module.` of data parallel training, and that prefix; nil if
  /// the names have no such prefix.
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
      NamedTensor(
        name: String($0.name.dropFirst(prefix.count)), shape: $0.shape, values: $0.values, elementType: $0.elementType)
    }
    return (file, prefix)
  }

  /// Reads the file at `path`.
  ///
  /// F32 is read unchanged, F16 and BF16 become the same value in `Float`, F64 is rounded to the nearest (beyond the range of `Float` to infinity).
  /// I8 is read from files with the key `quantizationKey`. All other types are listed in `skipped`.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - maximumByteCount: the largest accepted size; the whole file is read into memory, a large one only after its header has been
  ///     found to match its size.
  /// - Throws: `.file` if it cannot be read, `.safetensors` if it is not acceptable.
  public init(contentsOf path: String, maximumByteCount: Int = 4 << 30) throws(InterchangeError) {
    try Self.checkLargeFile(path, maximumByteCount: maximumByteCount)
    let bytes = try InterchangeError.content(ofFileAt: path, maximumByteCount: maximumByteCount)
    do throws(SafetensorsError) {
      try self.init(bytes: bytes, path: path)
    } catch {
      throw .safetensors(error)
    }
  }

  /// Files up to this size are read before any check.
  private static let smallByteCount = 64 << 20

  /// Rejects a large file by its header, before memory is allocated for all of it, because a file with holes can have any size.
  private static func checkLargeFile(_ path: String, maximumByteCount: Int) throws(InterchangeError) {
    let byteCount: Int
    let beginning: [UInt8]
    do throws(FileError) {
      guard let count = try FileReader.byteCount(ofFileAt: path), smallByteCount < count, count <= maximumByteCount
      else { return }
      byteCount = count
      let length = try FileReader.beginning(ofFileAt: path, byteCount: 8)
      let promised = length.count == 8 ? length.littleEndian(at: 0, as: UInt64.self) : 0
      // If it is not a header, the first bytes still identify the file.
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

  /// The strings beside the tensors of the file at `path`. Only the header is read; numbers and checksum are not checked.
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

  /// Reads a file from its content, `bytes`, like `init(contentsOf:)`; errors name it `path`.
  public init(bytes: [UInt8], path: String) throws(SafetensorsError) {
    let header = try SafetensorsHeader(bytes: bytes, path: path)
    metadata = header.metadata
    // Only such a file says what its bytes stand for.
    let readsBytes = metadata[Self.quantizationKey] != nil
    tensors = []
    for entry in header.entries {
      if let values = entry.values(in: bytes, dataOffset: header.dataOffset, readsBytes: readsBytes) {
        tensors.append(
          NamedTensor(
            name: entry.name, shape: entry.shape, values: values,
            elementType: entry.elementType == .int8 ? .int8 : .float32))
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
