internal import CTurboJPEG

/// Reads JPEG files through libjpeg-turbo's own interface, which returns errors. The libjpeg interface would jump over Swift's stack frames.
enum JPEGDecoder {
  /// Decodes a file: baseline or progressive; gray, color or CMYK.
  ///
  /// libjpeg's warnings are warnings here too: other readers decode such files to the same pixels. A file without an
  /// end marker is rejected, as in Pillow, because libjpeg would invent the rest.
  static func photograph(_ bytes: [UInt8]) throws(PhotographError) -> Photograph {
    guard let decoder = unsafe tjInitDecompress() else { throw .broken("there is not enough memory to read it") }
    defer { unsafe tjDestroy(decoder) }
    var (width, height, sampling, colors) = (Int32(0), Int32(0), Int32(0), Int32(-1))
    // Warnings and unnamed sampling factors fail here like errors; only the size must be known.
    let status = unsafe tjDecompressHeader3(decoder, bytes, UInt(bytes.count), &width, &height, &sampling, &colors)
    guard status == 0 || (width > 0 && height > 0) else { throw unsafe .broken(message(decoder)) }
    try Photograph.check(width: Int(width), height: Int(height))

    let isForPrinters = colors == Int32(TJCS_CMYK.rawValue) || colors == Int32(TJCS_YCCK.rawValue)
    let format = Int32(isForPrinters ? TJPF_CMYK.rawValue : TJPF_RGBA.rawValue)
    // A small file can contain thousands of passes over a large picture.
    let flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS
    func decode(onto value: UInt8) -> (pixels: [UInt8], problem: String?) {
      var pixels = [UInt8](repeating: value, count: Int(width) * Int(height) * 4)
      let status = unsafe tjDecompress2(
        decoder, bytes, UInt(bytes.count), &pixels, width, 0, height, format, Int32(flags))
      return (pixels, status == 0 ? nil : unsafe message(decoder))
    }
    var (pixels, problem) = decode(onto: 0)
    guard hasEnd(bytes) else { throw .broken(problem ?? "Premature end of JPEG file") }
    if let problem {
      // After a warning, libjpeg-turbo reports every later error as a warning. A completely decoded picture does not
      // depend on the previous content of its memory.
      guard unsafe tjGetErrorCode(decoder) == Int32(TJERR_WARNING.rawValue), decode(onto: 255).pixels == pixels else {
        throw .broken(problem)
      }
    }
    if isForPrinters { convertInks(&pixels) }
    return Photograph(
      width: Int(width), height: Int(height), pixels: pixels, warnings: problem.map { [$0] } ?? [])
  }

  /// Whether the end marker follows the data of a scan.
  private static func hasEnd(_ bytes: [UInt8]) -> Bool {
    var place = 2
    var isInScan = false
    while place + 1 < bytes.count {
      guard bytes[place] == 0xFF else {
        // Scan data, or stray bytes.
        place += 1
        continue
      }
      switch bytes[place + 1] {
      case 0xD9 where isInScan: return true
      // Fill bytes may precede a marker.
      case 0xFF: place += 1
      // A data byte, and markers without a segment.
      case 0x00, 0x01, 0xD0...0xD9: place += 2
      case let marker:
        guard place + 3 < bytes.count else { return false }
        isInScan = isInScan || marker == 0xDA
        place += 2 + (Int(bytes[place + 2]) << 8 | Int(bytes[place + 3]))
      }
    }
    return false
  }

  /// Converts inverted cyan, magenta, yellow and black to red, green, blue and opacity.
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
