internal import CCrypto

/// The SHA-256 hash of FIPS 180-4, which identifies a file by its content. OpenSSL computes it with the processor's
/// instructions for it.
package struct SHA256: Sendable {
  private var context = SHA256_CTX()

  /// Starts an empty hash.
  package init() {
    unsafe SHA256_Init(&context)
  }

  /// Adds bytes to the hash.
  package mutating func update(_ bytes: Span<UInt8>) {
    _ = unsafe bytes.withUnsafeBytes { unsafe SHA256_Update(&context, $0.baseAddress, $0.count) }
  }

  /// The hash of all bytes added so far: 32 bytes.
  package func digest() -> [UInt8] {
    var context = context
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    unsafe SHA256_Final(&digest, &context)
    return digest
  }
}
