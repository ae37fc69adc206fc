/// What a file that is not of the expected format probably is, from its first bytes.
package enum ContentGuess {
  /// A description for a message, such as "a ZIP archive", or nil when the first bytes say nothing.
  package static func describe(_ bytes: [UInt8]) -> String? {
    signatures.first { bytes.starts(with: $0.bytes) }?.description
  }

  private static let signatures: [(bytes: [UInt8], description: String)] = [
    (Array("PK\u{3}\u{4}".utf8), "a ZIP archive, such as a PyTorch .pt or a NumPy .npz file"),
    ([0x80, 0x02], "a Python pickle"),
    ([0x1F, 0x8B], "a gzip file"),
    ([0x89] + Array("HDF".utf8), "an HDF5 file, such as Keras writes"),
    ([0x93] + Array("NUMPY".utf8), "a NumPy .npy file"),
    (Array("version https://git-lfs".utf8), "a Git LFS pointer, whose content was never fetched"),
    (Array("<".utf8), "an HTML or XML page, as a failed download leaves it"),
    (Array("{".utf8), "a JSON text"),
  ]
}
