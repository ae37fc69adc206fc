import Foundation
import TestSupport
import Testing

/// Python uses the C interface through ctypes, on NumPy's own memory. Its interpreter has no sanitizer runtime for the library.
@Suite(.conformance, .enabled(if: Sanitizer.current == nil))
struct CInterfaceTests {
  private struct Found: Decodable {
    let tensors: [String: [Int]]
    let steps: [[Int]]
    let largestDifference: Double
    let refusals: [String]
    let example: [String]
    /// Results that are simply true or false.
    let facts: [String: Bool]

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      func value<Value: Decodable>(_ name: String) throws -> Value {
        try container.decode(Value.self, forKey: Key(stringValue: name))
      }
      tensors = try value("tensors")
      steps = try value("steps")
      largestDifference = try value("largest difference")
      refusals = try value("refusals")
      example = try value("example")
      facts = Dictionary(
        uniqueKeysWithValues: container.allKeys.compactMap { key in
          (try? container.decode(Bool.self, forKey: key)).map { (key.stringValue, $0) }
        })
    }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  @Test func pythonTrainsAndPredictsWithoutCopies() throws {
    let folder = try TemporaryFolder()
    let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let examples = Python.folder.deletingLastPathComponent().deletingLastPathComponent().path + "/Examples/python"
    let found = try Python.json(
      "c_interface.py", products.path + "/libJacquardC.so", examples, folder.path, as: Found.self)
    #expect(found.facts.count == 12 && found.facts.allSatisfy { $0.value }, "\(found.facts)")
    #expect(found.tensors == ["fc1.weight": [64, 2], "fc1.bias": [2]])
    // Three steps and an end in each of three epochs.
    #expect(found.steps.map { $0[0] } == [1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 9])
    #expect(found.steps.map { $0[1] } == [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1])
    #expect(found.largestDifference < 1e-5)
    try #require(found.refusals.count == 12)
    let words = [
      "did you mean \"lenet\"", "not contiguous", "float64", "labels[", "from a callback", "the channels are first",
      "images have the shape (20, 16, 8, 1); the model takes (N, 8, 8, 1)", "labels have the shape (39,)",
      "out has the shape (2, 40)", "did you mean 'learning_rate'", "did you mean 'adamw'", "out is read-only",
    ]
    for (refusal, words) in zip(found.refusals, words) { #expect(refusal.contains(words), "\(refusal)") }
    try #require(found.example.count == 7, "\(found.example)")
    #expect(found.example[0] == "61706 parameters, 500 images of (28, 28, 1)")
    #expect(found.example[4].hasSuffix("accuracy 1.0000"))
    #expect(found.example[6].hasPrefix("conv1.weight (5, 5, 1, 6), from -"))
  }
}
