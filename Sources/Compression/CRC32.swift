internal import CZlib

/// The checksum of gzip and ZIP (the polynomial of IEEE 802.3).
package enum CRC32 {
  /// The checksum of all the bytes.
  package static func checksum(of bytes: Span<UInt8>) -> UInt32 {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      UInt32(truncatingIfNeeded: unsafe crc32_z(0, buffer.baseAddress, buffer.count))
    }
  }
}
