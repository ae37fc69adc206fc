/// Finds the orientation in a JPEG's Exif segment, a PNG's `eXIf` chunk or a WebP's `EXIF` chunk.
///
/// If it is missing or damaged, the picture stays as stored, because this does not make a picture unusable.
enum ExifReader {
  /// The orientation recorded in a file.
  static func orientation(_ bytes: [UInt8]) -> Orientation {
    let exif: ArraySlice<UInt8>? =
      switch PictureFormat(bytes) {
      case .jpeg: inJPEG(bytes)
      case .png: inPNG(bytes)
      case .webp: inWebP(bytes)
      case .gif, .bmp, nil: nil
      }
    return exif.flatMap(orientation(inTIFF:)) ?? .upright
  }

  /// The TIFF structure in a JPEG's segment APP1.
  private static func inJPEG(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var place = 2
    while place + 4 <= bytes.count, bytes[place] == 0xFF {
      let marker = bytes[place + 1]
      // Fill bytes may precede a marker; the picture data begins at SOS.
      if marker == 0xFF {
        place += 1
        continue
      }
      if marker == 0xDA { return nil }
      let length = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
      let end = place + 2 + length
      guard length >= 2, end <= bytes.count else { return nil }
      let content = bytes[place + 4..<end]
      if marker == 0xE1, content.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) { return content.dropFirst(6) }
      place = end
    }
    return nil
  }

  /// The TIFF structure in a PNG's chunk.
  private static func inPNG(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var place = PictureFormat.png.signature.count
    while place + 12 <= bytes.count {
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - place - 12 else { return nil }
      if bytes[place + 4..<place + 8].elementsEqual("eXIf".utf8) { return bytes[place + 8..<place + 8 + length] }
      place += 12 + length
    }
    return nil
  }

  /// The TIFF structure in a WebP's chunk; some programs begin it like a JPEG's segment.
  private static func inWebP(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var place = 12
    while place + 8 <= bytes.count {
      let length = bytes[place + 4..<place + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - place - 8 else { return nil }
      let content = bytes[place + 8..<place + 8 + length]
      if bytes[place..<place + 4].elementsEqual("EXIF".utf8) {
        return content.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) ? content.dropFirst(6) : content
      }
      // Chunks have an even length.
      place += 8 + length + length % 2
    }
    return nil
  }

  private static func orientation(inTIFF tiff: ArraySlice<UInt8>) -> Orientation? {
    let isLittleEndian = tiff.starts(with: [0x49, 0x49])
    guard isLittleEndian || tiff.starts(with: [0x4D, 0x4D]) else { return nil }
    func number(at offset: Int, count: Int) -> Int? {
      guard offset >= 0, offset <= tiff.count - count else { return nil }
      let part = tiff[tiff.startIndex + offset..<tiff.startIndex + offset + count]
      return isLittleEndian ? part.reversed().reduce(0) { $0 << 8 | Int($1) } : part.reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(at: 2, count: 2) == 42, let directory = number(at: 4, count: 4),
      let count = number(at: directory, count: 2)
    else { return nil }
    for entry in 0..<count {
      let offset = directory + 2 + 12 * entry
      guard let tag = number(at: offset, count: 2) else { return nil }
      // A short integer, in the first bytes of the value's field.
      if tag == 0x0112 { return number(at: offset + 8, count: 2).flatMap(Orientation.init) }
    }
    return nil
  }
}
