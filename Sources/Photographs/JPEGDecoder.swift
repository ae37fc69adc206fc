internal import CTurboJPEG

/// Reads JPEG files through libjpeg-turbo's own interface, which reports errors as values: that of libjpeg would jump over Swift's
/// frames.
enum JPEGDecoder {
  /// The first bytes of every JPEG file.
  static let signature: [UInt8] = [0xFF, 0xD8, 0xFF]

  /// Decodes a file, baseline or progressive, gray, in color, or in the four inks of printers.
  static func photograph(_ bytes: [UInt8]) throws(PhotographError) -> Photograph {
    guard let decoder = unsafe tjInitDecompress() else { throw .broken("there is no memory to read it") }
    defer { unsafe tjDestroy(decoder) }
    var (width, height, sampling, colors) = (Int32(0), Int32(0), Int32(0), Int32(0))
    guard
      unsafe tjDecompressHeader3(decoder, bytes, UInt(bytes.count), &width, &height, &sampling, &colors) == 0
    else { throw unsafe .broken(message(decoder)) }
    try Photograph.check(width: Int(width), height: Int(height))

    let isForPrinters = colors == Int32(TJCS_CMYK.rawValue) || colors == Int32(TJCS_YCCK.rawValue)
    let format = Int32(isForPrinters ? TJPF_CMYK.rawValue : TJPF_RGBA.rawValue)
    var pixels = [UInt8](repeating: 0, count: Int(width) * Int(height) * 4)
    // A file of few bytes may promise thousands of passes over a large picture.
    let flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS
    let status = unsafe tjDecompress2(
      decoder, bytes, UInt(bytes.count), &pixels, width, 0, height, format, Int32(flags))
    if status != 0 {
      let reason = unsafe message(decoder)
      // Some cameras leave bytes between segments, which harm nothing; everything else is missing or wrong.
      let isHarmless =
        unsafe tjGetErrorCode(decoder) == Int32(TJERR_WARNING.rawValue)
        && reason.contains("extraneous bytes before marker")
      guard isHarmless else { throw .broken(reason) }
    }
    if isForPrinters { convertInks(&pixels) }
    return Photograph(width: Int(width), height: Int(height), pixels: pixels)
  }

  /// Cyan, magenta, yellow and black, stored as what is left of the light, to red, green, blue and opacity.
  private static func convertInks(_ pixels: inout [UInt8]) {
    for first in stride(from: 0, to: pixels.count, by: 4) {
      let black = Int(pixels[first + 3])
      for channel in first..<first + 3 { pixels[channel] = UInt8((Int(pixels[channel]) * black + 127) / 255) }
      pixels[first + 3] = 255
    }
  }

  private static func message(_ decoder: tjhandle) -> String {
    guard let text = unsafe tjGetErrorStr2(decoder) else { return "unknown" }
    return unsafe String(cString: text)
  }
}
