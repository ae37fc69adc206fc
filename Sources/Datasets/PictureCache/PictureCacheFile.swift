internal import Files
internal import Samples
internal import Support
internal import Synchronization

/// A file of decoded pictures: a first page with a mark, the pixels, a description in JSON, and a foot with the description's size
/// and hash.
///
/// The pixels begin at `pixelOffset`, `[N, H, W, C]`. The description holds the XXH64 of each block of them.
struct PictureCacheFile {
  /// What the file says about itself.
  struct Description {
    var digest: String
    var folder: String
    var settings: String
    var fileCount: Int
    var height: Int
    var width: Int
    var channels: Int
    /// The files that are not pictures: their indices, and why.
    var broken: [(index: Int, reason: String)]
    var checksums: [UInt64] = []

    var count: Int { fileCount - broken.count }
    /// The bytes of all pixels; nil if they overflow.
    var pixelByteCount: Int? {
      var product = 1
      for factor in [count, height, width, channels] {
        let (next, isOverflow) = product.multipliedReportingOverflow(by: factor)
        guard factor > 0, !isOverflow else { return nil }
        product = next
      }
      return product
    }
  }

  /// Why a file is not used.
  struct Refusal: Error, Equatable {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  static let mark: [UInt8] = Array("jacquard decoded pictures\n".utf8)
  static let pixelOffset = 4096
  static let blockByteCount = 1 << 22
  private static let footMark: [UInt8] = Array("JQPIXEND".utf8)
  private static let footByteCount = 24
  private static let largestDescription = 1 << 28

  let description: Description
  private let file: RegularFile

  /// Reads and checks everything but the pixels. Nothing is allocated that the file's size does not justify.
  ///
  /// - Throws: a `Refusal` for a damaged or foreign file, `FileError` for one that cannot be read.
  init(path: String) throws {
    // A link could lead anywhere.
    file = try RegularFile(path: path, followsLink: false)
    guard file.byteCount >= Self.pixelOffset + Self.footByteCount,
      try Self.bytes(of: file, at: 0, count: Self.mark.count) == Self.mark
    else { throw Refusal("it is not a cache of pictures, or its beginning is gone") }
    let foot = try Self.bytes(of: file, at: file.byteCount - Self.footByteCount, count: Self.footByteCount)
    guard foot.suffix(8) == Self.footMark[...] else { throw Refusal("its end is missing") }
    let size = foot.littleEndian(at: 0, as: UInt64.self)
    let rest = file.byteCount - Self.pixelOffset - Self.footByteCount
    guard size <= UInt64(min(rest, Self.largestDescription)) else { throw Refusal("its end is damaged") }
    let start = file.byteCount - Self.footByteCount - Int(size)
    let text = try Self.bytes(of: file, at: start, count: Int(size))
    var hash = XXH64()
    hash.update(text.span)
    guard hash.digest() == foot.littleEndian(at: 8, as: UInt64.self),
      let value = try? JSONReader.value(of: text), let description = Description(value)
    else { throw Refusal("its description is damaged") }
    let blocks = description.pixelByteCount.map { ($0 + Self.blockByteCount - 1) / Self.blockByteCount }
    guard description.pixelByteCount == start - Self.pixelOffset, blocks == description.checksums.count else {
      throw Refusal("its size does not fit its description")
    }
    self.description = description
  }

  /// The pixels, after a comparison of every block with its hash, on all processors.
  func pixels() throws -> StoredBytes {
    let count = description.pixelByteCount ?? 0
    let pixels: StoredBytes
    if count >= StoredBytes.fewestMappedBytes,
      let mapped = try? StoredBytes(mapping: file, from: Self.pixelOffset, count: count)
    {
      pixels = mapped
    } else {
      pixels = StoredBytes(try Self.bytes(of: file, at: Self.pixelOffset, count: count))
      guard pixels.count == count else { throw Refusal("it was cut short") }
    }
    let expected = description.checksums
    let damaged = Mutex<Int?>(nil)
    Parallel.perform(count: expected.count) { block in
      let range = block * Self.blockByteCount..<min(count, (block + 1) * Self.blockByteCount)
      if Self.checksum(of: pixels, range) != expected[block] { damaged.withLock { $0 = min($0 ?? block, block) } }
    }
    if let block = damaged.withLock({ $0 }) {
      throw Refusal("its pixels are damaged near byte \(Self.pixelOffset + block * Self.blockByteCount)")
    }
    return pixels
  }

  private static func checksum(of bytes: StoredBytes, _ range: Range<Int>) -> UInt64 {
    var hash = XXH64()
    hash.update(bytes.part(range))
    return hash.digest()
  }

  /// The size of the file in bytes.
  var byteCount: Int { file.byteCount }

  /// When it was written, in seconds since 1970.
  var seconds: Int { Int(file.stamp?.changeSeconds ?? 0) }

  /// The description and the foot as they are written.
  static func end(_ description: Description) -> [UInt8] {
    let text = Array(description.json.text.utf8)
    var hash = XXH64()
    hash.update(text.span)
    var bytes = text
    bytes.append(littleEndian: UInt64(text.count))
    bytes.append(littleEndian: hash.digest())
    return bytes + footMark
  }

  /// The first page.
  static var beginning: [UInt8] { mark + [UInt8](repeating: 0, count: pixelOffset - mark.count) }

  private static func bytes(of file: RegularFile, at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    try [UInt8](capacity: count) { (output: inout OutputSpan<UInt8>) throws(FileError) in
      try file.read(at: offset, into: &output)
    }
  }
}

extension PictureCacheFile.Description {
  /// The description as it is stored.
  var json: JSONValue {
    [
      "key": .string(digest), "folder": .string(folder), "settings": .string(settings),
      "files": .integer(fileCount), "height": .integer(height), "width": .integer(width),
      "channels": .integer(channels),
      "broken": .array(broken.map { .array([.integer($0.index), .string($0.reason)]) }),
      "checksums": .array(checksums.map { .string(String($0, radix: 16)) }),
    ]
  }

  /// Reads a stored description; nil if a part is missing or impossible.
  init?(_ value: JSONValue) {
    guard let digest = value["key"]?.string, let folder = value["folder"]?.string,
      let settings = value["settings"]?.string, let files = value["files"]?.integer,
      let height = value["height"]?.integer, let width = value["width"]?.integer,
      let channels = value["channels"]?.integer, let broken = value["broken"]?.array,
      let checksums = value["checksums"]?.array
    else { return nil }
    let limit = 0...Int(Int32.max)
    guard limit ~= files, limit ~= height, limit ~= width, channels == 1 || channels == 3 else { return nil }
    self.init(
      digest: digest, folder: folder, settings: settings, fileCount: files, height: height, width: width,
      channels: channels, broken: [])
    for item in broken {
      guard let pair = item.array, pair.count == 2, let index = pair[0].integer, let reason = pair[1].string,
        index > self.broken.last?.index ?? -1, index < files
      else { return nil }
      self.broken.append((index, reason))
    }
    for item in checksums {
      guard let text = item.string, let checksum = UInt64(text, radix: 16) else { return nil }
      self.checksums.append(checksum)
    }
  }

  /// The indices of the files that are images.
  var kept: [Int] {
    let broken = Set(broken.map(\.index))
    return (0..<fileCount).filter { !broken.contains($0) }
  }
}
