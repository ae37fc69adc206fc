internal import CZlib

/// The checksum of gzip and ZIP (the polynomial of IEEE 802.3).
package enum CRC32 {
  /// The checksum of all the bytes.
  ///
  /// - Parameter earlier: the checksum of the bytes before them; 0 for none.
  package static func checksum(of bytes: Span<UInt8>, continuing earlier: UInt32 = 0) -> UInt32 {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      UInt32(truncatingIfNeeded: unsafe crc32_z(UInt(earlier), buffer.baseAddress, buffer.count))
    }
  }
}
