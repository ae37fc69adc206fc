import Foundation
import Interchange
import NumPy
import TestSupport
import Testing

/// NumPy reads what we write, and we read what NumPy writes.
@Suite(.conformance)
struct NumPyConformanceTests {
  /// The output of `numpy_read.py` for an array.
  private struct Found: Codable, Equatable {
    let name: String
    let dtype: String
    let shape: [Int]
    let bytes: [UInt8]
  }

  private static let shapes = [[], [0], [1], [7], [2, 3], [4, 1, 3], [2, 0, 5], [1, 28, 28, 3]]

  private static let written: [NumPyArchive.Member] = shapes.enumerated().flatMap { index, shape in
    let count = shape.reduce(1, *)
    return [
      NumPyArchive.Member(
        name: "float\(index)",
        array: NumPyArray(shape: shape, floats: (0..<count).map { Float($0) * -0.37 + 1e-20 })),
      NumPyArchive.Member(
        name: "größe/\(index)", array: NumPyArray(shape: shape, bytes: (0..<count).map { UInt8($0 % 256) })),
      NumPyArchive.Member(
        name: "integer\(index)",
        array: NumPyArray(shape: shape, integers: (0..<count).map { Int64($0) &* -9_007_199_254_740_993 })),
    ]
  }

  @Test func numPyReadsOurArrays() throws {
    let folder = try TemporaryFolder()
    for (index, member) in Self.written.enumerated() { try member.array.write(to: folder("\(index).npy")) }
    try NumPyArchive(Self.written).write(to: folder("all.npz"))
    let types: [NumPyElementType: String] = [.float32: "float32", .uint8: "uint8", .int64: "int64"]
    let expected = Self.written.map {
      Found(name: $0.name, dtype: types[$0.array.elementType] ?? "", shape: $0.array.shape, bytes: $0.array.bytes)
    }
    #expect(try Python.json("numpy_read.py", folder("all.npz"), as: [Found].self) == expected)
    for (index, array) in expected.enumerated() {
      let found = try Python.json("numpy_read.py", folder("\(index).npy"), as: [Found].self)
      #expect(found == [Found(name: "", dtype: array.dtype, shape: array.shape, bytes: array.bytes)])
    }
  }

  @Test func weReadNumPysArrays() throws {
    let folder = try TemporaryFolder()
    let expected = try Python.json("numpy_write.py", folder.path, as: [String: [Double]].self)
    // Twelve types, four shapes, both memory orders, both byte orders, three versions of the format.
    #expect(expected.count == 12 * 4 * 2 * 2 * 3)
    let shapes = [[], [5], [2, 3], [2, 3, 4]]
    for (name, values) in expected.sorted(by: { $0.key < $1.key }) {
      let array = try NumPyArray(contentsOf: folder(name + ".npy"))
      #expect(shapes.contains(array.shape) && array.count == values.count, "\(name)")
      #expect(array.floats == values.map { Float($0) }, "\(name)")
      #expect(array.integers == (array.elementType.isFloatingPoint ? nil : values.map { Int($0) }), "\(name)")
    }
    for archive in ["stored.npz", "deflated.npz", "large.npz"] {
      let arrays = try NumPyArchive(contentsOf: folder(archive))
      #expect(arrays.members.map(\.name) == ["images", "labels", "conv1.weight"])
      #expect(arrays["images"]?.shape == [3, 40, 50])
      #expect(arrays["images"]?.bytes == (0..<6000).map { UInt8($0 * 7 % 251) })
      #expect(arrays["labels"]?.integers == [2, 0, 1])
      #expect(arrays["conv1.weight"]?.floats == [0.5, -0.25])
    }
  }
}
