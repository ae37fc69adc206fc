import NumPy
import Support

/// A file as written by `torch.save`, built by hand: a pickle of protocol 2 and numbers beside it, stored in a ZIP archive.
struct StateDictionaryBytes {
  /// The instructions of the pickle so far.
  private(set) var pickle: [UInt8] = [0x80, 2]
  /// The members of the archive beside the pickle.
  var members: [(name: String, content: [UInt8])] = []
  /// The folder of the members.
  var folder = "archive/"

  /// Appends instructions.
  mutating func add(_ bytes: [UInt8]) { pickle += bytes }

  mutating func text(_ text: String) { pickle += [0x58] + Self.little(text.utf8.count, 4) + Array(text.utf8) }

  mutating func integer(_ value: Int) { pickle += [0x8A, 8] + Self.little(value, 8) }

  mutating func global(_ module: String, _ name: String) { pickle += [0x63] + Array("\(module)\n\(name)\n".utf8) }

  mutating func sizes(_ values: [Int]) {
    pickle += [0x28]
    for value in values { integer(value) }
    pickle += [0x74]
  }

  /// A tensor that views a storage.
  mutating func tensor(
    storage key: String, type: String = "FloatStorage", count: Int, offset: Int = 0, shape: [Int], strides: [Int]
  ) {
    global("torch._utils", "_rebuild_tensor_v2")
    pickle += [0x28, 0x28]
    text("storage")
    global("torch", type)
    text(key)
    text("cpu")
    integer(count)
    pickle += [0x74, 0x51]
    integer(offset)
    sizes(shape)
    sizes(strides)
    pickle += [0x89]
    global("collections", "OrderedDict")
    pickle += [0x29, 0x52, 0x74, 0x52]
  }

  /// A dictionary whose entries `body` writes, each a key and a value.
  mutating func dictionary(_ body: (inout Self) -> Void) {
    pickle += [0x7D, 0x28]
    body(&self)
    pickle += [0x75]
  }

  /// Adds a storage of numbers.
  mutating func storage(_ key: String, _ values: [Float]) {
    members.append(("data/\(key)", values.flatMap { Self.little(Int($0.bitPattern), 4) }))
  }

  /// The file.
  func bytes() -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    let all: [(name: String, content: [UInt8])] =
      [("data.pkl", pickle + [0x2E]), ("byteorder", Array("little".utf8))] + members
    for (name, content) in all {
      let path = Array((folder + name).utf8)
      var fields: [UInt8] = [0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0]
      fields += Self.little(Int(Self.checksum(content)), 4)
      fields += Self.little(content.count, 4)
      fields += Self.little(content.count, 4)
      fields += Self.little(path.count, 4)
      directory += [0x50, 0x4B, 1, 2, 0x14, 0]
      directory += fields
      directory += [UInt8](repeating: 0, count: 10)
      directory += Self.little(file.count, 4)
      directory += path
      file += [0x50, 0x4B, 3, 4]
      file += fields
      file += path
      file += content
    }
    var end: [UInt8] = [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
    end += Self.little(all.count, 2)
    end += Self.little(all.count, 2)
    end += Self.little(directory.count, 4)
    end += Self.little(file.count, 4)
    end += [0, 0]
    return file + directory + end
  }

  private static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// The CRC-32 of the format, bit by bit.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var checksum = UInt32.max
    for byte in bytes {
      checksum ^= UInt32(byte)
      for _ in 0..<8 {
        let isOdd = checksum & 1 == 1
        checksum >>= 1
        if isOdd { checksum ^= 0xEDB8_8320 }
      }
    }
    return ~checksum
  }
}
