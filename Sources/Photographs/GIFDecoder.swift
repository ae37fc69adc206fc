/// Reads the first frame of GIF files, on the full canvas.
///
/// The area outside the frame is transparent if the frame has a transparent color, otherwise it has the palette's first
/// color, as in Pillow. Source: CompuServe, "Graphics Interchange Format, version 89a", 1990.
enum GIFDecoder {
  /// Decodes a file.
  static func photograph(_ bytes: [UInt8]) throws(PhotographError) -> Photograph {
    var reader = LittleEndianReader(bytes, at: 6)
    let (screenWidth, screenHeight) = (try reader.number(2), try reader.number(2))
    let flags = try reader.byte()
    _ = try reader.take(2)
    var palette = try Self.palette(flags, &reader)
    var transparent: Int?
    while true {
      switch try reader.byte() {
      case 0x21:
        let isGraphicControl = try reader.byte() == 0xF9
        let content = try subBlocks(&reader)
        if isGraphicControl, content.count >= 4 { transparent = content[0] & 1 == 1 ? Int(content[3]) : nil }
      case 0x2C:
        let (left, top) = (try reader.number(2), try reader.number(2))
        let (width, height) = (try reader.number(2), try reader.number(2))
        let flags = try reader.byte()
        palette = try Self.palette(flags, &reader) ?? palette
        // The canvas grows to contain its first frame.
        let canvas = Canvas(
          width: max(screenWidth, left + width), height: max(screenHeight, top + height), left: left, top: top,
          frameWidth: width, frameHeight: height, isInterlaced: flags & 0x40 != 0)
        try Photograph.check(width: canvas.width, height: canvas.height)
        guard width > 0, height > 0 else { throw .broken("its first frame is \(width) × \(height) pixels") }
        let (indices, isWhole) = try LZWDecoder.indices(&reader, count: width * height)
        let pixels = canvas.pixels(indices, palette: palette, transparent: transparent)
        return Photograph(
          width: canvas.width, height: canvas.height, pixels: pixels,
          warnings: isWhole ? [] : ["the first frame ends early, after \(indices.count) of \(width * height) pixels"])
      case 0x3B: throw .broken("it ends without a frame")
      case let other: throw .broken("an unknown block type \(other) at byte \(reader.place - 1)")
      }
    }
  }

  /// A color table; nil if the flags say that it is absent.
  private static func palette(
    _ flags: Int, _ reader: inout LittleEndianReader
  ) throws(PhotographError) -> [UInt8]? {
    guard flags & 0x80 != 0 else { return nil }
    return Array(try reader.take(3 << (flags & 7 + 1)))
  }

  /// The content of blocks of at most 255 bytes, up to the empty one.
  private static func subBlocks(_ reader: inout LittleEndianReader) throws(PhotographError) -> [UInt8] {
    var content: [UInt8] = []
    while case let count = try reader.byte(), count > 0 { content += try reader.take(count) }
    return content
  }
}

/// The position of the first frame on the canvas.
private struct Canvas {
  let width: Int
  let height: Int
  let left: Int
  let top: Int
  let frameWidth: Int
  let frameHeight: Int
  let isInterlaced: Bool

  /// Red, green, blue and opacity of the whole canvas.
  func pixels(_ indices: [UInt8], palette: [UInt8]?, transparent: Int?) -> [UInt8] {
    let colors = (0..<256).flatMap { index -> [UInt8] in
      let opacity: UInt8 = index == transparent ? 0 : 255
      // Without a palette an index is a shade of gray.
      guard let palette else { return [UInt8(index), UInt8(index), UInt8(index), opacity] }
      guard 3 * index + 3 <= palette.count else { return [0, 0, 0, opacity] }
      return palette[3 * index..<3 * index + 3] + [opacity]
    }
    let background = 4 * (transparent ?? 0)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 4)
    for _ in 0..<width * height {
      for channel in background..<background + 4 { pixels.append(colors[channel]) }
    }
    for (number, row) in rows.enumerated() {
      let first = number * frameWidth
      for column in 0..<max(0, min(frameWidth, indices.count - first)) {
        let place = ((top + row) * width + left + column) * 4
        let color = 4 * Int(indices[first + column])
        for channel in 0..<4 { pixels[place + channel] = colors[color + channel] }
      }
    }
    return pixels
  }

  /// The frame's rows in storage order.
  private var rows: [Int] {
    guard isInterlaced else { return Array(0..<frameHeight) }
    return [(0, 8), (4, 8), (2, 4), (1, 2)].flatMap { first, step in
      Array(stride(from: first, to: frameHeight, by: step))
    }
  }
}

/// The Lempel–Ziv–Welch codes of a GIF frame: 3 to 12 bits, lowest bit first.
private enum LZWDecoder {
  /// The indices of a frame's pixels, and whether they are complete: a stream may end early.
  static func indices(
    _ reader: inout LittleEndianReader, count: Int
  ) throws(PhotographError) -> (indices: [UInt8], isWhole: Bool) {
    let smallest = try reader.byte()
    guard 1...8 ~= smallest else { throw .broken("its initial code size is \(smallest) bits") }
    let (clear, end) = (1 << smallest, 1 << smallest + 1)
    // Each code stands for the string of an earlier code plus one index.
    var prefixes = [Int](repeating: 0, count: 4096)
    var suffixes = (0..<4096).map { UInt8(truncatingIfNeeded: $0) }
    var (next, width) = (end + 1, smallest + 1)
    var previous: Int?
    var (bits, bitCount) = (0, 0)
    var block = ArraySlice<UInt8>()
    var indices: [UInt8] = []
    var run: [UInt8] = []
    while indices.count < count {
      while bitCount < width {
        if block.isEmpty {
          let size = try reader.byte()
          guard size > 0 else { return (indices, false) }
          block = try reader.take(size)
        }
        bits |= Int(block.removeFirst()) << bitCount
        bitCount += 8
      }
      let code = bits & (1 << width - 1)
      bits >>= width
      bitCount -= width
      if code == clear {
        (next, width, previous) = (end + 1, smallest + 1, nil)
        continue
      }
      if code == end { return (indices, false) }
      let isNew = code == next
      guard code < next || (isNew && previous != nil) else { throw .broken("its code \(code) is not defined yet") }
      // From the end. A code that is still incomplete ends with its first index.
      run.removeAll(keepingCapacity: true)
      if isNew { run.append(0) }
      var rest = isNew ? previous ?? 0 : code
      while rest > end {
        run.append(suffixes[rest])
        rest = prefixes[rest]
      }
      let first = UInt8(truncatingIfNeeded: rest)
      run.append(first)
      if isNew { run[0] = first }
      indices += run.reversed().prefix(count - indices.count)
      if let previous, next < 4096 {
        (prefixes[next], suffixes[next]) = (previous, first)
        next += 1
        if next == 1 << width, width < 12 { width += 1 }
      }
      previous = code
    }
    return (indices, true)
  }
}
