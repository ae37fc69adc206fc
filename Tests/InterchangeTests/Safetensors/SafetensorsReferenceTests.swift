import Interchange
import Testing

/// A file written by the reference library (`Fixtures/make_reference.py`), with every supported element type and some unsupported ones.
struct SafetensorsReferenceTests {
  private let file: SafetensorsFile

  init() throws {
    file = try SafetensorsFile(contentsOf: fixture("reference.safetensors"))
  }

  @Test func namesShapesAndMetadataAreRead() {
    #expect(file.metadata == ["format": "pt", "note": "Ωmega \"quoted\" \\ and\ttabbed"])
    let shapes = Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.shape) })
    #expect(
      shapes == [
        "conv1.weight": [2, 1, 2, 2], "scalar": [], "empty": [0, 3], "größe.重み": [2], "half": [4], "brain": [3],
        "double": [2],
      ])
  }

  private static let expected: [(name: String, values: [Float])] = [
    ("conv1.weight", [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75]),
    ("scalar", [3.5]),
    ("empty", []),
    ("größe.重み", [Float(bitPattern: 1), -0.0]),
    // 6e-8 is nearest to the smallest binary16 above 0, which is 2^-24.
    ("half", [1.5, -65504, 0x1p-24, .infinity]),
    ("brain", [1.5, -0x1p100, 0]),
    // The double nearest to 0.1 rounds to the Float nearest to 0.1; -1e300 is beyond the range of Float.
    ("double", [0.1, -.infinity]),
  ]

  @Test(arguments: expected)
  func valuesOfEveryTypeAreRead(name: String, values: [Float]) throws {
    let tensor = try #require(file[name])
    #expect(tensor.values.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test func otherTensorsAreListed() {
    let found = file.skipped.map { "\($0.name) \($0.elementType.rawValue) \($0.shape)" }
    #expect(found == ["bn1.num_batches_tracked I64 []", "mask U8 [5]"])
  }
}
