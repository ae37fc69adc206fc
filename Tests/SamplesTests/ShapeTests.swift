import FoundationEssentials
import Samples
import Testing

struct ShapeTests {
  @Test func anImageAndAVector() {
    let image = Shape.image(height: 2, width: 3, channels: 4)
    #expect(image.isImage && image.dimensions == [2, 3, 4] && image.pixels == 6 && image.count == 24)
    #expect("\(image)" == "2×3×4")
    let vector = Shape.vector(5)
    #expect(!vector.isImage && vector.dimensions == [5] && vector.channels == 5 && vector.count == 5)
    #expect(vector.height == 1 && vector.width == 1 && "\(vector)" == "5")
    #expect(vector != .image(height: 1, width: 1, channels: 5))
  }

  /// A flattened shape keeps its image's shape if files need it, and it is part of its identity.
  @Test func aFlattenedImage() {
    let flat = Shape.image(height: 2, width: 3, channels: 4).flattened
    #expect(flat.dimensions == [24] && flat.flattenedFrom == [2, 3, 4] && flat.flattened == flat)
    #expect(flat != .vector(24))
    #expect(Shape.image(height: 2, width: 3, channels: 1).flattened == .vector(6))
    #expect(Shape.image(height: 1, width: 1, channels: 4).flattened == .vector(4))
  }

  @Test(arguments: ["[2,3,4]", "[5]"]) func jsonRoundTrips(text: String) throws {
    let shape = try JSONDecoder().decode(Shape.self, from: Data(text.utf8))
    #expect(String(decoding: try JSONEncoder().encode(shape), as: UTF8.self) == text)
  }

  @Test(arguments: [
    "[]", "[2,3]", "[0]", "[2,-3,4]", "[2,3,4,5]", "[1.5]", "7", "[8192,8192,2]", "[9999999999,9999999999,9999999999]",
  ])
  func otherJSONIsRefused(text: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Shape.self, from: Data(text.utf8)) }
  }

  @Test func anEmptyAxisStopsTheProcess() async {
    await #expect(processExitsWith: .failure) { _ = Shape.image(height: 2, width: 0, channels: 1) }
    await #expect(processExitsWith: .failure) { _ = Shape.vector(0) }
  }
}
