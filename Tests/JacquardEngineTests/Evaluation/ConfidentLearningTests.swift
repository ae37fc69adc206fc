import JacquardEngine
import TestSupport
import Testing

/// Probably wrong labels by confident learning.
struct ConfidentLearningTests {
  @Test func aConfidentOtherClassMakesALabelSuspect() {
    // Thresholds: of class 0 (0.9 + 0.8 + 0.1) / 3 = 0.6, of class 1 (0.7 + 0.5) / 2 = 0.6; class 2 has no samples.
    let probabilities: [Float] = [
      0.9, 0.1, 0, 0.8, 0.2, 0, 0.1, 0.85, 0.05, 0.3, 0.7, 0, 0.05, 0.5, 0.45,
    ]
    let found = ConfidentLearning(probabilities, labels: [0, 0, 0, 1, 1], classes: 3)
    #expect(found.suspects.map(\.place) == [2])
    #expect(found.suspects.first?.meant == 1)
    #expect(abs((found.suspects.first?.labelProbability ?? 0) - 0.1) < 1e-6)
    #expect(found.joint == [[2, 1, 0], [0, 1, 0], [0, 0, 0]])
    #expect(abs((found.thresholds[0] ?? 0) - 0.6) < 1e-6 && found.thresholds[2] == nil)
  }

  @Test func theLeastProbableLabelsComeFirst() {
    // Three samples of class 0 that are of class 1, among ten of each.
    var probabilities: [Float] = []
    var labels: [Int32] = []
    for sample in 0..<20 {
      let label = sample % 2
      labels.append(Int32(label))
      let own: Float = sample == 4 ? 0.1 : sample == 8 ? 0.02 : sample == 12 ? 0.1 : 0.9
      probabilities += label == 0 ? [own, 1 - own] : [1 - own, own]
    }
    let found = ConfidentLearning(probabilities, labels: labels, classes: 2)
    // Equal ones in the order of the samples.
    #expect(found.suspects.map(\.place) == [8, 4, 12])
    #expect(found.suspects.allSatisfy { $0.meant == 1 })
  }

  @Test func nothingIsSuspectWhereAllAgreeOrNothingIsKnown() {
    let agreed = ConfidentLearning([0.9, 0.1, 0.2, 0.8], labels: [0, 1], classes: 2)
    #expect(agreed.suspects.isEmpty)
    let even = ConfidentLearning([0.5, 0.5, 0.5, 0.5], labels: [0, 1], classes: 2)
    #expect(even.suspects.isEmpty)
    #expect(ConfidentLearning([], labels: [], classes: 2).suspects.isEmpty)
  }
}
