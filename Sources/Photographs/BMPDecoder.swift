/// Reads Windows bitmaps: 1 to 32 bits, palettes, run lengths and masks, with or without a file header.
///
/// Source: Microsoft, "Bitmap storage", with the older headers of OS/2.
enum BMPDecoder {
  /// The lengths of the known headers; each header begins with its length.
  private static let headers = [12, 40, 52, 56, 64, 108, 124]

  /// Whether bytes begin with a header's length.
  static func isHeader(_ bytes: some Collection<UInt8>) -> Bool {
    let digits = bytes.prefix(4)
    return digits.count == 4 && headers.contains(digits.reversed().reduce(0) { $0 << 8 | Int($1) })
  }

  /// Decodes a file.
  static func photograph(_ bytes: [UInt8]) throws(PhotographError) -> Photograph {
    let hasFileHeader = bytes.starts(with: PictureFormat.bmp.signature)
    var reader = LittleEndianReader(bytes, at: hasFileHeader ? 10 : 0)
    let offset = hasFileHeader ? try reader.number(4) : 0
    let layout = try Layout(&reader)
    try Photograph.check(width: layout.width, height: layout.height)
    // Bytes between the palette and the pixels are unused.
    let start = max(offset, reader.place)
    let indices: [UInt8]
    switch layout.compression {
    case 1, 2: indices = try runs(bytes, from: start, layout)
    default: return Photograph(width: layout.width, height: layout.height, pixels: try rows(bytes, from: start, layout))
    }
    let colors = layout.colors
    var pixels: [UInt8] = []
    pixels.reserveCapacity(indices.count * 4)
    for row in 0..<layout.height {
      let stored = layout.isTopDown ? row : layout.height - 1 - row
      for place in stored * layout.width..<(stored + 1) * layout.width {
        let first = 4 * Int(indices[place])
        for channel in first..<first + 4 { pixels.append(colors[channel]) }
      }
    }
    return Photograph(width: layout.width, height: layout.height, pixels: pixels)
  }

  /// Pixels that are stored one by one, in rows of a multiple of four bytes.
  private static func rows(_ bytes: [UInt8], from start: Int, _ layout: Layout) throws(PhotographError) -> [UInt8] {
    let stride = (layout.width * layout.bits + 31) / 32 * 4
    // The last row need not be padded.
    let needed = stride * (layout.height - 1) + (layout.width * layout.bits + 7) / 8
    guard start <= bytes.count, needed <= bytes.count - start else {
      throw .broken("its pixels need \(needed) bytes, but \(max(0, bytes.count - start)) are there")
    }
    let colors = layout.colors
    var pixels: [UInt8] = []
    pixels.reserveCapacity(layout.width * layout.height * 4)
    for row in 0..<layout.height {
      let first = start + (layout.isTopDown ? row : layout.height - 1 - row) * stride
      for column in 0..<layout.width {
        switch layout.bits {
        case 24:
          let place = first + 3 * column
          for channel in (0..<3).reversed() { pixels.append(bytes[place + channel]) }
          pixels.append(255)
        case 16, 32:
          let size = layout.bits / 8
          var value = 0
          for place in (first + size * column..<first + size * (column + 1)).reversed() {
            value = value << 8 | Int(bytes[place])
          }
          for channel in 0..<4 { pixels.append(layout.value(of: channel, masked: value)) }
        default:
          let bit = column * layout.bits
          let shift = 8 - layout.bits - bit % 8
          let index = 4 * (Int(bytes[first + bit / 8]) >> shift & (1 << layout.bits - 1))
          for channel in index..<index + 4 { pixels.append(colors[channel]) }
        }
      }
    }
    return pixels
  }

  /// Indices from run-length codes, in storage order: a count and a value, or escapes.
  private static func runs(_ bytes: [UInt8], from start: Int, _ layout: Layout) throws(PhotographError) -> [UInt8] {
    guard start <= bytes.count else { throw .broken("its pixels begin after its end") }
    var reader = LittleEndianReader(bytes, at: start)
    var indices = [UInt8](repeating: 0, count: layout.width * layout.height)
    var (column, row) = (0, 0)
    // Pixels beyond the end of a row are dropped, as in other readers.
    func put(_ value: Int) {
      if column < layout.width, row < layout.height { indices[row * layout.width + column] = UInt8(value) }
      column += 1
    }
    while row < layout.height {
      let (count, value) = (try reader.byte(), try reader.byte())
      switch (count, value) {
      case (0, 0): (column, row) = (0, row + 1)
      case (0, 1): return indices
      case (0, 2): (column, row) = (column + (try reader.byte()), row + (try reader.byte()))
      case (0, let length):
        let byteCount = layout.bits == 8 ? length : (length + 1) / 2
        let content = Array(try reader.take(byteCount))
        for place in 0..<length {
          put(layout.bits == 8 ? Int(content[place]) : Int(content[place / 2]) >> (place % 2 == 0 ? 4 : 0) & 15)
        }
        _ = try reader.take(min(byteCount % 2, reader.rest))
      default:
        for place in 0..<count { put(layout.bits == 8 ? value : value >> (place % 2 == 0 ? 4 : 0) & 15) }
      }
    }
    return indices
  }

  /// The contents of the headers.
  private struct Layout {
    let width: Int
    let height: Int
    let isTopDown: Bool
    let bits: Int
    let compression: Int
    /// Blue, green, red and, except in the oldest files, an unused byte.
    private let palette: [UInt8]
    private let colorByteCount: Int
    /// Red, green, blue and opacity.
    private let masks: [Int]

    init(_ reader: inout LittleEndianReader) throws(PhotographError) {
      let start = reader.place
      let length = try reader.number(4)
      guard BMPDecoder.headers.contains(length) else { throw .broken("its header has \(length) bytes") }
      let isOld = length == 12
      let (storedWidth, storedHeight) =
        isOld ? (try reader.number(2), try reader.number(2)) : (try reader.signed(), try reader.signed())
      _ = try reader.number(2)
      bits = try reader.number(2)
      compression = isOld ? 0 : try reader.number(4)
      if !isOld { _ = try reader.take(12) }
      let colorCount = isOld ? 0 : try reader.number(4)
      (width, height, isTopDown) = (storedWidth, abs(storedHeight), storedHeight < 0)
      let isKnown =
        switch compression {
        case 0: [1, 2, 4, 8, 16, 24, 32].contains(bits)
        case 1: bits == 8
        case 2: bits == 4
        case 3, 6: [16, 24, 32].contains(bits)
        default: false
        }
      guard isKnown else { throw .broken("pixels of \(bits) bits with compression \(compression) are not supported") }
      var masks = bits == 16 ? [0x7C00, 0x03E0, 0x001F, 0] : [0xFF_0000, 0xFF00, 0xFF, 0]
      if !isOld, compression == 3 || compression == 6 {
        // In the header, or after the shortest one.
        _ = try reader.number(4)
        masks = []
        let count = compression == 6 || length >= 56 && length != 64 ? 4 : 3
        for _ in 0..<count { masks.append(try reader.number(4)) }
        if count == 3 { masks.append(0) }
      }
      self.masks = masks
      if reader.place < start + length { _ = try reader.take(start + length - reader.place) }
      colorByteCount = isOld ? 3 : 4
      if bits <= 8 {
        let most = 1 << bits
        let count = colorCount == 0 ? most : min(colorCount, most)
        palette = Array(try reader.take(min(count * colorByteCount, reader.rest)))
      } else {
        palette = []
      }
    }

    /// Red, green, blue and opacity of each index, black beyond the palette.
    var colors: [UInt8] {
      (0..<256).flatMap { index -> [UInt8] in
        let first = index * colorByteCount
        guard first + 3 <= palette.count else { return [0, 0, 0, 255] }
        return [palette[first + 2], palette[first + 1], palette[first], 255]
      }
    }

    /// A channel of masked bits, scaled to 8 bits; without an opacity mask, the pixel is opaque.
    func value(of channel: Int, masked value: Int) -> UInt8 {
      let mask = masks[channel]
      guard mask != 0 else { return channel == 3 ? 255 : 0 }
      let shift = mask.trailingZeroBitCount
      return UInt8(min(255, (value & mask) >> shift * 255 / (mask >> shift)))
    }
  }
}
