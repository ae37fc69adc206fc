import Photographs
import Testing

/// Pictures of every kind, and broken ones.
struct DecodingTests {
  private static let colors = [Fixtures.red, Fixtures.green, Fixtures.blue, Fixtures.white]
  /// Red, green, blue and white in gray, by ITU-R BT.601.
  private static let grays = [76, 150, 29, 255].map { [$0, $0, $0, 255] }

  @Test(arguments: [
    ("quadrants.jpg", colors, 3), ("quadrants-progressive.jpg", colors, 3), ("quadrants-gray.jpg", grays, 3),
    ("quadrants-inks.jpg", colors, 3), ("quadrants-palette.png", [], 0), ("quadrants-deep.png", colors, 0),
    ("quadrants-clear.png", colors, 0),
  ])
  func everyKindIsDecoded(name: String, colors: [[Int]], tolerance: Int) throws {
    let picture = try Fixtures.picture(name)
    #expect(picture.width == 16 && picture.height == 8)
    Fixtures.expect(picture, colors, within: tolerance, name)
  }

  @Test func palettesAndTransparencyAreResolved() throws {
    let palette = try Fixtures.picture("quadrants-palette.png")
    // One of the four colors is transparent.
    #expect(Fixtures.quadrants(palette).count { $0[3] == 0 } == 1)
    let clear = try Fixtures.picture("quadrants-clear.png")
    #expect(Array(clear.pixels.prefix(8)) == [10, 20, 30, 0, 10, 20, 30, 128])
    let bits = try Fixtures.picture("quadrants-bits.png")
    #expect(Fixtures.quadrants(bits)[3] == Fixtures.white)
  }

  /// Where the stored quadrants appear: upper left, upper right, lower left, lower right.
  @Test(arguments: [
    (1, "RGBW"), (2, "GRWB"), (3, "WBGR"), (4, "BWRG"), (5, "RBGW"), (6, "BRWG"), (7, "WGBR"), (8, "GWRB"),
  ])
  func camerasMayBeHeldInAnyWay(orientation: Int, seen: String) throws {
    let colors: [Character: [Int]] = [
      "R": Fixtures.red, "G": Fixtures.green, "B": Fixtures.blue, "W": Fixtures.white,
    ]
    for (name, tolerance) in [("quadrants.jpg", 3), ("quadrants-clear.png", 0)] {
      var bytes = try Fixtures.bytes(name)
      // The tag, its type and its count, then the value: in the JPEG with high bytes first, in the PNG with low ones.
      let isJPEG = name.hasSuffix("jpg")
      let entry: [UInt8] = isJPEG ? [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 1] : [0x12, 0x01, 3, 0, 1, 0, 0, 0, 1, 0]
      let found = bytes.firstIndex(of: entry)
      bytes[try #require(found, "\(name)") + (isJPEG ? 9 : 8)] = UInt8(orientation)
      if !isJPEG { bytes = CyclicRedundancy.repaired(bytes, chunk: "eXIf") }
      let picture = try Photograph(decoding: bytes)
      #expect(picture.width == (orientation < 5 ? 16 : 8))
      Fixtures.expect(picture, seen.compactMap { colors[$0] }, within: tolerance, "\(name) \(orientation)")
    }
  }

  @Test(arguments: ["quadrants.jpg", "quadrants-progressive.jpg", "quadrants-clear.png", "quadrants-deep.png"])
  func truncatedFilesAreRefused(name: String) throws {
    let bytes = try Fixtures.bytes(name)
    // The last bytes only mark the end of the file.
    for count in stride(from: 0, to: bytes.count - 14, by: 3) {
      let error = #expect(throws: PhotographError.self, "\(name), \(count) bytes") {
        try Photograph(decoding: Array(bytes.prefix(count)))
      }
      #expect(error?.description.isEmpty == false)
    }
  }

  @Test(arguments: ["quadrants.jpg", "quadrants-inks.jpg", "quadrants-clear.png", "quadrants-palette.png"])
  func noDamageEndsTheProcess(name: String) throws {
    let bytes = try Fixtures.bytes(name)
    var outcomes: Set<Bool> = []
    for place in 2..<bytes.count {
      for flip in [0x01, 0x80, 0xFF] as [UInt8] {
        var damaged = bytes
        damaged[place] ^= flip
        // Some damage to a JPEG cannot be detected; the result must still be complete.
        let picture = try? Photograph(decoding: damaged)
        outcomes.insert(picture == nil)
        if let picture { #expect(picture.pixels.count == picture.width * picture.height * 4) }
      }
    }
    #expect(outcomes.contains(true))
  }

  @Test func enormousPicturesAreRefusedBeforeTheyAreUnpacked() throws {
    // A JPEG's height and width follow its marker SOF0; those of a PNG are in its first chunk.
    var jpeg = try Fixtures.bytes("quadrants.jpg")
    let frame = try #require(jpeg.firstIndex(of: [0xFF, 0xC0]))
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xFD, 0xE8, 0xFD, 0xE8])
    #expect(throws: PhotographError.tooLarge(width: 65_000, height: 65_000)) { try Photograph(decoding: jpeg) }
    for (width, height) in [(40_000, 10), (30_000, 30_000)] {
      var png = try Fixtures.bytes("quadrants-deep.png")
      let sizes = [width, height].flatMap { size in (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } }
      png.replaceSubrange(16..<24, with: sizes)
      png = CyclicRedundancy.repaired(png, chunk: "IHDR")
      let error = #expect(throws: PhotographError.self) { try Photograph(decoding: png) }
      #expect(error == .tooLarge(width: width, height: height))
      #expect(error?.description.contains("found \(width) × \(height); make it smaller first") == true)
    }
  }
}

extension [UInt8] {
  /// The offset of a sequence of bytes.
  func firstIndex(of part: [UInt8]) -> Int? {
    indices.first { self[$0...].starts(with: part) }
  }
}

/// PNG's checksums.
enum CyclicRedundancy {
  /// The file with the right checksum after the first chunk of a type.
  static func repaired(_ bytes: [UInt8], chunk: String) -> [UInt8] {
    guard let type = bytes.firstIndex(of: Array(chunk.utf8)) else { return bytes }
    let length = bytes[type - 4..<type].reduce(0) { $0 << 8 | Int($1) }
    var register = UInt32.max
    for byte in bytes[type..<type + 4 + length] {
      register ^= UInt32(byte)
      for _ in 0..<8 { register = register >> 1 ^ (register & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    var repaired = bytes
    let end = type + 4 + length
    repaired.replaceSubrange(end..<end + 4, with: (0..<4).map { UInt8(truncatingIfNeeded: ~register >> (24 - 8 * $0)) })
    return repaired
  }
}
