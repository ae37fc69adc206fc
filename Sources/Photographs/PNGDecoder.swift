internal import CPNG

/// Reads PNG files through libpng, whose error jumps stay within the C functions of `CPNG`.
enum PNGDecoder {
  /// Decodes a file of any depth and color type.
  ///
  /// Values are those of the file, as in Pillow and OpenCV: the upper 8 of 16 bits, without conversion by `gAMA` or a
  /// profile.
  static func photograph(_ bytes: [UInt8]) throws(PhotographError) -> Photograph {
    try checkPromises(bytes)
    var reader = unsafe jacquard_png_reader()
    defer { unsafe jacquard_png_free(&reader) }
    var pixels: [UInt8] = []
    // libpng keeps the address of the bytes from the first call to the last.
    let failure = unsafe bytes.withUnsafeBufferPointer { buffer -> PhotographError? in
      guard unsafe jacquard_png_begin(&reader, buffer.baseAddress, buffer.count) != 0 else {
        return unsafe .broken(text(reader.error))
      }
      let (width, height) = unsafe (Int(reader.width), Int(reader.height))
      do throws(PhotographError) { try Photograph.check(width: width, height: height) } catch { return error }
      pixels = Array(repeating: 0, count: width * height * 4)
      return unsafe jacquard_png_finish(&reader, &pixels) != 0 ? nil : .broken(text(reader.error))
    }
    if let failure { throw failure }
    let warning = unsafe text(reader.warning)
    return unsafe Photograph(
      width: Int(reader.width), height: Int(reader.height), pixels: pixels, warnings: warning.isEmpty ? [] : [warning])
  }

  /// Rejects chunks and pixels that cannot be contained in the file's bytes, before libpng allocates memory for them.
  private static func checkPromises(_ bytes: [UInt8]) throws(PhotographError) {
    func number(at place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    // The header begins with width, height, depth and color type, which determine the size of all rows. Deflate packs
    // at most 1032 bytes into one (zlib's technical details).
    guard bytes.count >= 33, let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][bytes[25]] else {
      throw .broken("its header is damaged or cut off")
    }
    let (width, height) = (number(at: 16), number(at: 20))
    try Photograph.check(width: width, height: height)
    guard height * ((width * channels * Int(bytes[24]) + 7) / 8) <= bytes.count * 1032 else {
      throw .broken("\(width) × \(height) pixels cannot fit into \(bytes.count) bytes")
    }
    // A chunk: its length, name, content and checksum. Bytes after the last chunk are ignored.
    var place = PictureFormat.png.signature.count
    while place + 8 <= bytes.count, !bytes[place + 4..<place + 8].elementsEqual("IEND".utf8) {
      let length = number(at: place)
      guard length <= bytes.count - place - 12 else {
        let rest = max(0, bytes.count - place - 12)
        throw .broken("the part at byte \(place) needs \(length) bytes, but \(rest) are there")
      }
      place += 12 + length
    }
  }

  /// The text in a C array of characters.
  private static func text<Characters>(_ characters: Characters) -> String {
    let text = unsafe withUnsafeBytes(of: characters) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return text
  }
}
