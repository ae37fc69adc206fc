import Foundation
import Photographs
import TestSupport
import Testing

/// Pictures of every supported kind have the values that Pillow reads.
@Suite(.conformance)
struct PictureTests {
  /// The script's output about its files.
  private struct Written: Decodable {
    /// Height and width.
    let sizes: [String: [Int]]
    let warned: [String]
  }

  @Test func everyPictureIsWhatPillowSees() throws {
    let folder = try TemporaryFolder()
    let written = try Python.json("pictures_write.py", folder.path, as: Written.self)
    #expect(written.sizes.count > 50)
    for (name, size) in written.sizes {
      let picture = try Photograph(decoding: folder.content(name))
      #expect([picture.height, picture.width] == size, "\(name)")
      let differences = zip(picture.pixels, try folder.content(name + ".rgba")).count { $0 != $1 }
      #expect(differences == 0, "\(name): \(differences) values differ")
      #expect(picture.warnings.isEmpty != written.warned.contains(name), "\(name): \(picture.warnings)")
    }
  }
}
