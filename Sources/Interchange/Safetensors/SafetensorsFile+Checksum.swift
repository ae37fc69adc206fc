internal import Files

/// Detects damage. The format has no checksum, so ours is one of the strings in the metadata.
extension SafetensorsFile {
  /// The key of the checksum in the metadata.
  public static let checksumKey = "jacquard.checksum"

  /// Records the checksum of the content. After an intended change, call this again or remove the string.
  public mutating func addChecksum() { metadata[Self.checksumKey] = checksum }

  /// The correct checksum; nil if the file has none, or the right one.
  var damage: (stated: String, found: String)? {
    guard let stated = metadata[Self.checksumKey] else { return nil }
    let found = checksum
    return stated == found ? nil : (stated, found)
  }

  /// XXH64 over the strings without the checksum and over the tensors, each sorted by name: the length and the bytes of each key and value; then the
  /// length and the bytes of a tensor's name, its rank, its dimensions and its numbers as F32, in four bytes each. Lengths, ranks and dimensions have eight
  /// bytes, lowest first.
  ///
  /// The order of the file and its spaces do not matter, so a program that rewrites the same content does not change the checksum.
  private var checksum: String {
    var hash = XXH64()
    func add(_ number: Int) { hash.update((0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }) }
    func add(_ text: String) {
      add(text.utf8.count)
      hash.update(text.utf8)
    }
    let strings = metadata.filter { $0.key != Self.checksumKey }
    for key in strings.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      add(key)
      add(strings[key] ?? "")
    }
    for tensor in tensors.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      add(tensor.name)
      add(tensor.shape.count)
      tensor.shape.forEach(add)
      hash.update(tensor.values.span)
    }
    return "xxh64:" + hash.hexadecimal
  }
}
