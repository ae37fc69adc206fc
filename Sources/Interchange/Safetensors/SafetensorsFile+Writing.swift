public import Files
internal import Support

extension SafetensorsFile {
  /// The bytes of the file; the same content always gives the same bytes.
  ///
  /// The metadata comes first, with its keys sorted; it is left out if it is empty. Then come the tensors in order, without gaps, as F32 or in bytes. Spaces
  /// pad the header to a multiple of 8 bytes, so that the data is aligned.
  ///
  /// - Precondition: names are unique, none is `__metadata__`, and the header stays within the format's limit.
  public func serialized() -> [UInt8] {
    var bytes = beginning()
    bytes.reserveCapacity(byteCount(beginning: bytes))
    for tensor in tensors {
      if tensor.elementType == .int8 { bytes += tensor.bytes } else { bytes.append(littleEndian: tensor.values) }
    }
    return bytes
  }

  /// Calls `body` with the same bytes, piece by piece, without copying the tensors.
  package func forEachPiece<Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Void) throws(Failure) {
    try body(beginning().span)
    for tensor in tensors {
      if tensor.elementType == .int8 {
        try body(tensor.bytes.span)
      } else {
        try body(tensor.values.span.littleEndianBytes)
      }
    }
  }

  /// The SHA-256 of the same bytes, in hexadecimal digits.
  package var sha256: String {
    var hash = SHA256()
    forEachPiece { hash.update($0) }
    return hash.hexadecimal
  }

  /// The size of the file in bytes.
  package var byteCount: Int { byteCount(beginning: beginning()) }

  /// Writes the file, atomically: `path` leads to the old file or the complete new one at any time.
  ///
  /// - Throws: a `FileError`; the old file is then unchanged.
  /// - Precondition: as for `serialized()`.
  public func write(to path: String) throws(FileError) {
    try AtomicFile.write(to: path) { (write) throws(FileError) in
      try forEachPiece { (piece) throws(FileError) in try write(piece) }
    }
  }

  private func byteCount(beginning: [UInt8]) -> Int {
    tensors.reduce(beginning.count) { $0 + $1.byteCount }
  }

  /// The bytes before the tensors: the length of the header, and the header.
  private func beginning() -> [UInt8] {
    let header = headerText()
    let paddedCount = (header.count + 7) / 8 * 8
    require(
      paddedCount <= SafetensorsHeader.maximumByteCount,
      "SafetensorsFile: the header would take \(paddedCount) bytes, but the format allows "
        + "\(SafetensorsHeader.maximumByteCount); shorten the metadata")
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt64(paddedCount))
    bytes += header
    bytes += repeatElement(UInt8(ascii: " "), count: paddedCount - header.count)
    return bytes
  }

  private func headerText() -> [UInt8] {
    var names: Set<String> = [SafetensorsHeaderDocument.metadataKey]
    var entries: [JSONValue.Member] = []
    if !metadata.isEmpty {
      let strings = metadata.sorted { $0.key < $1.key }.map { JSONValue.Member(name: $0.key, value: .string($0.value)) }
      entries.append(.init(name: SafetensorsHeaderDocument.metadataKey, value: .object(strings)))
    }
    var offset = 0
    for tensor in tensors {
      require(
        names.insert(tensor.name).inserted,
        "SafetensorsFile: the name \(tensor.name) occurs twice or is reserved for metadata")
      let end = offset + tensor.byteCount
      let entry: JSONValue = [
        "dtype": .string(tensor.elementType.rawValue), "shape": .array(tensor.shape.map(JSONValue.integer)),
        "data_offsets": [.integer(offset), .integer(end)],
      ]
      entries.append(.init(name: tensor.name, value: entry))
      offset = end
    }
    return Array(JSONValue.object(entries).text.utf8)
  }
}

extension NamedTensor {
  /// Its size in a file.
  fileprivate var byteCount: Int { values.count * elementType.bitWidth / 8 }

  /// Its whole numbers as bytes.
  fileprivate var bytes: [UInt8] { values.map { UInt8(bitPattern: Int8($0)) } }
}
