import Photographs
import Testing

/// Files that are not pictures, or no longer valid ones.
struct PNGDamageTests {
  /// A black picture of 1 × 1 pixels.
  private static let smallest: [UInt8] = [
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 0,
    0, 0, 0, 0x3A, 0x7E, 0x9B, 0x55, 0, 0, 0, 0x0A, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0x60, 0, 0, 0, 2, 0, 1,
    0x48, 0xAF, 0xA4, 0x71, 0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
  ]

  @Test func theSmallestPictureIsRead() throws {
    #expect(try Photograph(decoding: Self.smallest) == Photograph(width: 1, height: 1, pixels: [0, 0, 0, 255]))
  }

  @Test func everyTruncationIsRefused() {
    for count in 8..<Self.smallest.count - 12 {
      #expect(throws: PhotographError.self, "\(count) bytes") {
        try Photograph(decoding: Array(Self.smallest.prefix(count)))
      }
    }
  }

  @Test func everyDamagedByteOfHeaderAndContentIsRefused() {
    for place in 8..<Self.smallest.count - 12 {
      var bytes = Self.smallest
      bytes[place] ^= 0x55
      #expect(throws: PhotographError.self, "byte \(place)") { try Photograph(decoding: bytes) }
    }
  }

  /// Checked before memory is allocated: libpng would trust either number.
  @Test func promisesThatTheFileCannotKeepAreRefused() {
    var large = Self.smallest
    large.replaceSubrange(16..<24, with: [0, 0, 0x1F, 0x40, 0, 0, 0x1F, 0x40])
    #expect(throws: PhotographError.broken("8000 × 8000 pixels cannot fit into \(large.count) bytes")) {
      try Photograph(decoding: large)
    }
    var long = Self.smallest
    long.insert(contentsOf: [0x49, 0x6E, 0x74, 0x1A] + Array("eXIf".utf8), at: 33)
    #expect(throws: PhotographError.broken("the part at byte 33 needs 1231975450 bytes, but 30 are there")) {
      try Photograph(decoding: long)
    }
  }

  @Test func otherFilesAreNoPictures() {
    for (bytes, found) in [
      ([], "an empty file, 0 bytes"), (Array("<html>".utf8), "an HTML or XML page, perhaps from a failed download"),
      (Array("\u{89}PNG".utf8), "something else"),
      (Array("\0\0\0\u{18}ftypheic\0\0".utf8), "an HEIC picture, such as phones write"),
      (Array("P6\n1 1\n255\n".utf8), "a PBM, PGM or PPM picture"), (Array("II*\0".utf8), "a TIFF picture"),
      (Array("version https://git-lfs.github.com/spec/v1".utf8), "a Git LFS pointer, whose content was never fetched"),
    ] {
      let error = #expect(throws: PhotographError.self) { try Photograph(decoding: bytes) }
      #expect(error == .unknownFormat(found: found))
      #expect(
        error?.description == "expected a PNG, JPEG, WebP, GIF or BMP picture, found \(found); convert it first")
    }
  }
}
