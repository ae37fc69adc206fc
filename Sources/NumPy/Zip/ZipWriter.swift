internal import Support
internal import Compression

/// Writes ZIP archives without compression.
enum ZipWriter {
  /// The bytes of an archive. They depend only on names and contents: every file has the format's earliest date.
  ///
  /// - Precondition: names are unique and fewer than 65,535, and the archive stays below 4 GiB.
  static func archive(_ files: [(name: String, content: [UInt8])]) -> [UInt8] {
    let size = files.reduce(22) { $0 + 76 + 2 * $1.name.utf8.count + $1.content.count }
    require(
      size < UInt32.max && files.count < UInt16.max,
      "ZipWriter: \(files.count) files and \(size) bytes do not fit into a ZIP archive without ZIP64")
    require(Set(files.map(\.name)).count == files.count, "ZipWriter: two files have the same name")
    var archive: [UInt8] = []
    archive.reserveCapacity(size)
    var directory: [UInt8] = []
    for (name, content) in files {
      let offset = UInt32(archive.count)
      let common = common(name: name, content: content)
      archive.append(littleEndian: 0x0403_4B50 as UInt32)
      archive += common
      archive += name.utf8
      archive += content
      directory.append(littleEndian: 0x0201_4B50 as UInt32)
      directory.append(littleEndian: 20 as UInt16)
      directory += common
      // No comment, the first disk, no attributes.
      directory += repeatElement(0, count: 10)
      directory.append(littleEndian: offset)
      directory += name.utf8
    }
    let start = UInt32(archive.count)
    archive += directory
    archive.append(littleEndian: 0x0605_4B50 as UInt32)
    archive.append(littleEndian: 0 as UInt32)
    archive.append(littleEndian: UInt16(files.count))
    archive.append(littleEndian: UInt16(files.count))
    archive.append(littleEndian: UInt32(directory.count))
    archive.append(littleEndian: start)
    archive.append(littleEndian: 0 as UInt16)
    return archive
  }

  /// The common part of a file's header and its directory entry.
  private static func common(name: String, content: [UInt8]) -> [UInt8] {
    var fields: [UInt8] = []
    // Version 2.0; bit 11 says that the name is UTF-8; stored.
    for value: UInt16 in [20, 1 << 11, 0] { fields.append(littleEndian: value) }
    // Midnight on January 1, 1980.
    for value: UInt16 in [0, 0x21] { fields.append(littleEndian: value) }
    let size = UInt32(content.count)
    for value in [CRC32.checksum(of: content.span), size, size] { fields.append(littleEndian: value) }
    for value in [UInt16(name.utf8.count), 0] { fields.append(littleEndian: value) }
    return fields
  }
}
