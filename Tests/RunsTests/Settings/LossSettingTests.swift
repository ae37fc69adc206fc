import CommandTestSupport
import Datasets
import Runs
import TestSupport
import Testing

/// The settings of the loss: `loss`, `focal_gamma` and `class_weights`.
struct LossSettingTests {
  @Test(arguments: [
    ("none", ClassWeights.none, "none"), ("balanced", .balanced, "balanced"),
    ("1,2,0.5", .list([1, 2, 0.5]), "1,2,0.5"),
    (" 1 , 0 , 1.0", .list([1, 0, 1]), "1,0,1"), ("3", .list([3]), "3"),
  ])
  func weightsAreReadAndWritten(text: String, expected: ClassWeights, canonical: String) {
    #expect(ClassWeights(text) == expected)
    #expect(expected.description == canonical && ClassWeights(canonical) == expected)
  }

  @Test(arguments: ["", "equal", "1,", "1,x", "-1,2", "nan,1", "inf", "0,0", "1;2", "1e7,1"])
  func otherWeightsAreRefused(text: String) {
    #expect(ClassWeights(text) == nil)
  }

  /// Every class counts the same in all, and the mean weight of an image is 1.
  @Test func balancedWeightsMakeClassesEqual() throws {
    let set = ImageSet(
      shape: .image(height: 1, width: 1, channels: 1), classNames: ["a", "b", "c", "d"],
      images: [UInt8](repeating: 0, count: 8), labels: [0, 0, 0, 0, 0, 1, 2, 2])
    let all = try SampleSource(set, normalization: .fashionMNIST, seed: 1)
    let weights = try #require(try ClassWeights.balanced.weights(for: all))
    #expect(weights == [0.4, 2, 1, 1])
    // Only the images of the source count, not the validation images beside them.
    let some = try SampleSource(set, indices: [0, 1, 5, 6], normalization: .fashionMNIST, seed: 1)
    #expect(try ClassWeights.balanced.weights(for: some) == [0.5, 1, 1, 1])
    #expect(try ClassWeights.none.weights(for: all) == nil)
    #expect(try ClassWeights.list([1, 2, 3, 4]).weights(for: all) == [1, 2, 3, 4])
    let error = try #require(throws: SettingError.self) { try ClassWeights.list([1, 2]).weights(for: all) }
    #expect(error.description == "class_weights: '1,2': expected a number for each of the 4 classes, found 2")
  }

  @Test func everyLossTrains() throws {
    let runs = try TinyRun(isInMemory: true)
    var hashes: Set<String> = []
    for (index, flags) in [
      [], ["--loss", "focal"], ["--loss", "focal", "--focal-gamma", "0.5"],
      ["--class-weights", "1,1,1,1,1,5,1,1,1,1", "--label-smoothing", "0.1"],
    ].enumerated() {
      let outcome = try runs.begin("run\(index)", flags)
      #expect(outcome.status == 0, "\(outcome.error)")
      hashes.insert(try #require(try outcome.json()["weights_sha256"] as? String))
    }
    #expect(hashes.count == 4)
  }

  /// The classes of the small data are equally frequent, up to the last images: balanced weights hardly differ from none.
  @Test func aLossContinuesWithTheSameBytes() throws {
    let runs = try TinyRun(isInMemory: true)
    let flags = ["--loss", "focal", "--class-weights", "balanced", "--augment", "mixup=1"]
    try #require(try runs.begin("whole", flags).status == 0)
    try #require(try runs.begin("run", flags + ["--max-steps", "4"]).status == 0)
    let outcome = try runs.resume("run", ["--max-steps", "6", "--threads", "3"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try runs.tool.json("run/config.json")["class_weights"] as? String == "balanced")
  }

  @Test(arguments: [
    (["--loss", "focl"], "--loss must be cross_entropy or focal, not 'focl'. Did you mean 'focal'?"),
    (["--loss", "focal", "--label-smoothing", "0.1"], "label_smoothing needs the loss cross_entropy, not focal."),
    (["--focal-gamma", "1"], "--focal-gamma applies only to the loss focal, not to cross_entropy."),
    (["--loss", "focal", "--focal-gamma", "11"], "--focal-gamma must be a number of at least 0 and at most 10"),
    (["--class-weights", "1,2"], "class_weights: '1,2': expected a number for each of the 10 classes, found 2"),
    (
      ["--class-weights", "heavy"],
      "--class-weights must be none, balanced, a list of numbers such as 1,2,0.5, or a CSV file such as weights.csv"
    ),
  ])
  func wrongLossesAreRefused(flags: [String], message: String) throws {
    let outcome = try TinyRun(isInMemory: true).begin("run", flags)
    #expect(outcome.status == 64)
    #expect(outcome.error.contains(message), "\(outcome.error)")
    #expect(outcome.output == "")
  }
}
