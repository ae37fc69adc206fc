internal import CPNG

/// Reads PNG files through libpng's simplified interface, which reports errors as values: its other one would jump over Swift's frames.
enum PNGDecoder {
  /// The first bytes of every PNG file.
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Decodes a file of any depth and color type to sRGB with opacity.
  static func photograph(_ bytes: [UInt8]) throws(PhotographError) -> Photograph {
    try checkPromises(bytes)
    var image = unsafe png_image()
    unsafe image.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { unsafe png_image_free(&image) }
    var pixels: [UInt8] = []
    // libpng keeps the address of the bytes from the first call to the last.
    let failure = unsafe bytes.withUnsafeBytes { buffer -> PhotographError? in
      guard unsafe png_image_begin_read_from_memory(&image, buffer.baseAddress, buffer.count) != 0 else {
        return unsafe .broken(message(image))
      }
      let (width, height) = unsafe (Int(image.width), Int(image.height))
      do throws(PhotographError) { try Photograph.check(width: width, height: height) } catch { return error }
      // What PNG_FORMAT_RGBA stands for; the macro itself does not reach Swift.
      unsafe image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
      pixels = Array(repeating: 0, count: width * height * 4)
      let isRead = unsafe pixels.withUnsafeMutableBytes { target in
        unsafe png_image_finish_read(&image, nil, target.baseAddress, 0, nil) != 0
      }
      return isRead ? nil : unsafe .broken(message(image))
    }
    if let failure { throw failure }
    return unsafe Photograph(width: Int(image.width), height: Int(image.height), pixels: pixels)
  }

  /// Refuses chunks and pixels that cannot be in so few bytes, before libpng asks for memory for them.
  private static func checkPromises(_ bytes: [UInt8]) throws(PhotographError) {
    func number(at place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    // The header begins with width, height, depth and color type, from which the size of all rows follows. No byte of a deflate
    // stream holds more than 1032 (zlib's technical details).
    guard bytes.count >= 33, let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][bytes[25]] else {
      throw .broken("its header is damaged or cut off")
    }
    let (width, height) = (number(at: 16), number(at: 20))
    try Photograph.check(width: width, height: height)
    guard height * ((width * channels * Int(bytes[24]) + 7) / 8) <= bytes.count * 1032 else {
      throw .broken("\(width) × \(height) pixels cannot be in \(bytes.count) bytes")
    }
    // A chunk: its length, its name, its content, a checksum. What follows the last one is nobody's.
    var place = signature.count
    while place + 8 <= bytes.count, !bytes[place + 4..<place + 8].elementsEqual("IEND".utf8) {
      let length = number(at: place)
      guard length <= bytes.count - place - 12 else {
        let rest = max(0, bytes.count - place - 12)
        throw .broken("the part at byte \(place) promises \(length) bytes, and \(rest) are there")
      }
      place += 12 + length
    }
  }

  private static func message(_ image: png_image) -> String {
    unsafe withUnsafeBytes(of: image.message) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
