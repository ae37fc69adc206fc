import Photographs
import Testing

/// The formats besides PNG and JPEG, and unusual but valid files. `Conformance` compares all values with Pillow's.
struct FormatTests {
  /// Two red pixels on two blue ones, stored from the bottom.
  private static let bitmap: [UInt8] =
    Array("BM".utf8) + [70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24, 0]
    + [UInt8](repeating: 0, count: 24) + [255, 0, 0, 255, 0, 0, 0, 0, 0, 0, 255, 0, 0, 255, 0, 0]
  /// The two pixels red and blue, of a palette of two colors, on a screen of 2 × 1.
  private static let frame: [UInt8] =
    Array("GIF89a".utf8) + [2, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255, 0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2]
    + [2, 0x44, 0x0A, 0, 0x3B]

  @Test func bitmapsAreReadFromTheBottomWithAndWithoutTheirFileHeader() throws {
    let (red, blue) = ([255, 0, 0, 255] as [UInt8], [0, 0, 255, 255] as [UInt8])
    for bytes in [Self.bitmap, Array(Self.bitmap.dropFirst(14))] {
      #expect(try Photograph(decoding: bytes) == Photograph(width: 2, height: 2, pixels: red + red + blue + blue))
    }
    for count in 18..<Self.bitmap.count - 2 {
      #expect(throws: PhotographError.self, "\(count)") { try Photograph(decoding: Array(Self.bitmap.prefix(count))) }
    }
  }

  @Test func theFirstFrameIsReadAndTruncationIsRefused() throws {
    #expect(
      try Photograph(decoding: Self.frame)
        == Photograph(width: 2, height: 1, pixels: [255, 0, 0, 255, 0, 0, 255, 255]))
    for count in 13..<Self.frame.count - 3 {
      #expect(throws: PhotographError.self, "\(count)") { try Photograph(decoding: Array(Self.frame.prefix(count))) }
    }
  }

  @Test func framesThatEndEarlyAreWarnedOf() throws {
    var early = Self.frame
    // The end follows the first pixel: codes 4 (clear), 0, 5 (end), of three bits.
    early.replaceSubrange(early.count - 4..<early.count - 2, with: [0x44, 0x01])
    let picture = try Photograph(decoding: early)
    #expect(picture.warnings == ["the first frame ends early, after 1 of 2 pixels"])
    #expect(picture.pixels == [255, 0, 0, 255, 255, 0, 0, 255])
  }

  @Test func enormousScreensAreRefused() {
    var vast = Self.frame
    vast.replaceSubrange(6..<10, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(throws: PhotographError.tooLarge(width: 65_535, height: 65_535)) { try Photograph(decoding: vast) }
  }

  /// Files of cameras and programs that libjpeg warns about.
  @Test func warningsOfLibjpegAreWarnings() throws {
    let bytes = try Fixtures.bytes("quadrants.jpg")
    let plain = try Photograph(decoding: bytes)
    #expect(plain.warnings == [])
    let version = try #require(bytes.firstIndex(of: Array("JFIF\0".utf8))) + 5
    var old = bytes
    old.replaceSubrange(version..<version + 2, with: [0, 0])
    let tables = try #require(bytes.firstIndex(of: [0xFF, 0xDB]))
    let extraneous = Array(bytes[..<tables]) + [0, 1, 2, 3] + Array(bytes[tables...])
    for (odd, warning) in [
      (old, "unknown JFIF revision number 0.00"), (extraneous, "4 extraneous bytes before marker 0xdb"),
    ] {
      let picture = try Photograph(decoding: odd)
      #expect(picture.pixels == plain.pixels)
      #expect(picture.warnings.count == 1 && picture.warnings[0].contains(warning), "\(picture.warnings)")
    }
    // A harmless warning does not hide a truncated file.
    for count in stride(from: 60, to: old.count - 2, by: 5) {
      #expect(throws: PhotographError.self, "\(count)") { try Photograph(decoding: Array(old.prefix(count))) }
    }
  }

  /// After a warning, libjpeg-turbo reports every error as a warning.
  @Test func errorsBehindAWarningAreErrors() throws {
    var bytes = try Fixtures.bytes("quadrants.jpg")
    let version = try #require(bytes.firstIndex(of: Array("JFIF\0".utf8))) + 5
    bytes.replaceSubrange(version..<version + 2, with: [0, 0])
    // A table of Huffman codes that no frame may have.
    let table = try #require(bytes.firstIndex(of: [0xFF, 0xC4]))
    bytes[table + 4] = 0x7F
    #expect(throws: PhotographError.self) { try Photograph(decoding: bytes) }
  }

  @Test func deepGrayIsItsUpperEightBitsAndGammaChangesNothing() throws {
    let plain = try Fixtures.bytes("quadrants-deep.png")
    let gamma: [UInt8] = [0, 0, 0, 4] + Array("gAMA".utf8) + [0, 1, 0x86, 0xA0, 0, 0, 0, 0]
    let marked = CyclicRedundancy.repaired(Array(plain[..<33]) + gamma + Array(plain[33...]), chunk: "gAMA")
    #expect(try Photograph(decoding: marked).pixels == Photograph(decoding: plain).pixels)
  }
}
