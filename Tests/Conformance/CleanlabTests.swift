import Foundation
import Interchange
import JacquardEngine
import NumPy
import Randomness
import TestSupport
import Testing

/// Probably wrong labels, against cleanlab's on the same probabilities.
@Suite(.conformance)
struct CleanlabTests {
  /// Noisy probabilities for samples of `classes` classes, of which a share has a wrong label.
  private static func sample(_ seed: UInt64, count: Int, classes: Int, wrong: Double, sharpness: Double) -> (
    probabilities: [Float], labels: [Int32]
  ) {
    var generator = RandomStream(seed: seed, name: "cleanlab").generator(epoch: 0, index: 0)
    var (probabilities, labels): ([Float], [Int32]) = ([], [])
    for sample in 0..<count {
      let truth = sample % classes
      let isWrong = generator.unitDouble() < wrong
      labels.append(Int32(isWrong ? (truth + 1 + generator.integer(below: classes - 1)) % classes : truth))
      let logits = (0..<classes).map { choice in
        Double(generator.normal()) + (choice == truth ? sharpness : 0) + (choice == (truth + 1) % classes ? 1 : 0)
      }
      let powers = logits.map { exp($0) }
      let sum = powers.reduce(0, +)
      probabilities += powers.map { Float($0 / sum) }
    }
    return (probabilities, labels)
  }

  @Test func bothSuspectTheSameLabels() throws {
    let folder = try TemporaryFolder()
    var own: [String: [Int]] = [:]
    for (number, setting) in [
      (2, 0.1, 2.0), (3, 0.05, 3.0), (10, 0.1, 4.0), (10, 0.3, 2.0), (5, 0.0, 3.0), (40, 0.2, 5.0),
    ].enumerated() {
      let (classes, wrong, sharpness) = setting
      let (probabilities, labels) = Self.sample(
        UInt64(number), count: 3000, classes: classes, wrong: wrong, sharpness: sharpness)
      let name = "\(number)"
      try NumPyArray(shape: [labels.count, classes], floats: probabilities).write(
        to: folder("\(name).probabilities.npy"))
      try NumPyArray(shape: [labels.count], integers: labels.map(Int64.init)).write(to: folder("\(name).labels.npy"))
      own[name] = ConfidentLearning(probabilities, labels: labels, classes: classes).suspects.map(\.place)
    }
    let theirs = try Python.json("cleanlab_issues.py", folder.path, as: [String: [Int]].self)
    #expect(Set(theirs.keys) == Set(own.keys))
    for (name, found) in own {
      let expected = try #require(theirs[name])
      // Where several classes are confident but the most probable one is not, cleanlab takes the latter, and the paper the former.
      let (one, other) = (Set(found), Set(expected))
      #expect(Double(one.intersection(other).count) >= 0.99 * Double(one.union(other).count), "\(name)")
      #expect(found.filter(other.contains) == expected.filter(one.contains), "\(name), the order")
      #expect(found.count > (name == "4" ? 0 : 50), "\(name)")
    }
  }
}
