internal import Glibc

/// Files that the dynamic linker loaded into this process.
enum SharedObject {
  /// The path of the file at each address, with symbolic links resolved; nil if unknown, and for a nil address.
  static func paths(of addresses: [UnsafeRawPointer?]) -> [String?] {
    let regions = memoryMap().split(separator: UInt8(ascii: "\n")).compactMap(MappedFile.init)
    return unsafe addresses.map { address in
      let address = UInt(bitPattern: address)
      return regions.first { $0.addresses.contains(address) }?.path
    }
  }

  /// The memory map of this process; empty if the system provides none.
  private static func memoryMap() -> [UInt8] {
    let file = unsafe open("/proc/self/maps", O_RDONLY)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe block.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
      guard count > 0 else { return bytes }
      bytes += block[..<count]
    }
  }
}

/// A file that is mapped into this process's memory.
private struct MappedFile {
  /// Its addresses.
  let addresses: Range<UInt>
  /// The file's path.
  let path: String

  /// Parses a line of a memory map, described in proc(5); nil for memory that belongs to no file.
  ///
  /// A line is `first-last permissions offset device inode path`, with hexadecimal addresses; the last one is
  /// exclusive.
  init?(line: ArraySlice<UInt8>) {
    guard let start = line.firstIndex(of: UInt8(ascii: "/")) else { return nil }
    let words = line[..<start].split(whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "-") })
    guard words.count > 2,
      let first = UInt(String(decoding: words[0], as: UTF8.self), radix: 16),
      let last = UInt(String(decoding: words[1], as: UTF8.self), radix: 16),
      first <= last
    else { return nil }
    addresses = first..<last
    path = String(decoding: line[start...], as: UTF8.self)
  }
}
