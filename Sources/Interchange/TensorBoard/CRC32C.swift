/// The checksum of TensorBoard's records: CRC-32C, the polynomial of Castagnoli (RFC 3720, appendix B.4). zlib has a different one.
package enum CRC32C {
  /// The remainder of each byte.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { word, _ in word >> 1 ^ (word & 1 == 1 ? 0x82F6_3B78 : 0) }
  }

  /// The checksum of all the bytes.
  package static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
    let table = table
    return ~bytes.reduce(UInt32.max) { word, byte in word >> 8 ^ table[Int(UInt8(truncatingIfNeeded: word) ^ byte)] }
  }

  /// The masked checksum that records contain: rotated and offset, so that a checksum of data that contains checksums stays meaningful.
  package static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let word = checksum(of: bytes)
    return (word >> 15 | word << 17) &+ 0xA282_EAD8
  }
}
