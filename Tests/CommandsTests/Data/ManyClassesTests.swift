import CommandTestSupport
import Foundation
import NumPy
import TestSupport
import Testing

/// Data of a thousand classes, and of labels that only claim them: text within two screens, pages of a size that a browser opens.
struct ManyClassesTests {
  /// A run of a model that has learned almost nothing, on images of many classes.
  private static func trained(classes: Int, images: Int) throws -> Tool {
    let tool = try Tool()
    let pixels = (0..<images * 64).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    func labels(_ count: Int) -> [Int64] { (0..<count).map { Int64($0 * 7 % classes) } }
    var members: [NumPyArchive.Member] = []
    for part in ["train", "test"] {
      members += [
        .init(name: "x_\(part)", array: NumPyArray(shape: [images, 8, 8], bytes: pixels)),
        .init(name: "y_\(part)", array: NumPyArray(shape: [images], integers: labels(images))),
      ]
    }
    try tool.folder.write(Data(NumPyArchive(members).serialized()), to: "many.npz")
    try tool.folder.write((0..<classes).map { "class \($0)" }.joined(separator: "\n"), to: "many.classes.txt")
    try tool.folder.write(
      """
      {"name": "flat", "input_shape": [8, 8, 1], "class_names": [\((0..<classes).map { "\"class \($0)\"" }.joined(separator: ","))],
       "layers": [{"type": "flatten"}, {"type": "dense", "output_features": \(classes)}]}
      """, to: "flat.json")
    let outcome = try tool.run(
      "train", "--model", "flat.json", "--data", "many.npz", "--out", "run", "--max-steps", "3", "--quiet")
    try #require(outcome.status == 0, "\(outcome.error)")
    return tool
  }

  @Test func aThousandClassesFitOnTwoScreens() throws {
    let tool = try Self.trained(classes: 1000, images: 2000)
    let evaluation = try tool.run("evaluate", "run")
    #expect(evaluation.status == 0)
    let lines = evaluation.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(lines.count <= 48, "\(lines.count)")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(evaluation.output.contains("The 10 of 1,000 classes with the lowest F1"))
    #expect(evaluation.output.contains("most confused"))
    let info = try tool.run("data", "info", "--data", "many.npz")
    #expect(info.output.split(separator: "\n").count <= 60)
    #expect(info.output.contains("1,000 classes, 0 of them without images in train."))
    let splits = try #require(
      try tool.run("data", "info", "--data", "many.npz", "--json").json()["splits"] as? [[String: Any]])
    #expect((splits[0]["classes"] as? [Any])?.count == 1000)

    let confusion = try #require(try tool.run("evaluate", "run", "--json").json()["confusion"] as? [[Int]])
    #expect(confusion.count == 1000)

    #expect(try tool.run("plot", "confusion", "run", "--output", "confusion.svg").status == 0)
    #expect(try tool.folder.text("confusion.svg").contains("most confused of 1,000 classes"))
    let report = try tool.run("report", "run", "--json").json()
    #expect(try #require(report["bytes"] as? Int) < 15 << 20, "\(report)")
    let page = try tool.folder.text("run/report.html")
    for words in [
      "Samples of the first 40 classes", "The 50 of 1,000 classes with the lowest F1.",
      "These are the 30 most confused of 1,000 classes.", "the markers of the 1,000 classes repeat.",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(try tool.run("plot", "features", "run", "--output", "features.svg").status == 0)
    let features = try tool.folder.text("features.svg")
    #expect(features.contains("the markers of the 1,000 classes repeat") && !features.contains(">class 7</text>"))
  }

  @Test func theProbabilitiesOfManyClassesFitInAPicture() throws {
    let tool = try Self.trained(classes: 1000, images: 1000)
    let pixels = (0..<64).map { UInt8($0) }
    try tool.folder.write(Data(NumPyArray(shape: [1, 8, 8], bytes: pixels).serialized()), to: "one.npy")
    let outcome = try tool.run("plot", "activations", "run", "one.npy:0", "--output", "layers.png")
    #expect(outcome.status == 0, "\(outcome.error)")
  }

  @Test func checkpointsOfOtherClassesCannotBeCompared() throws {
    let (tool, other) = (try Self.trained(classes: 20, images: 40), try Self.trained(classes: 30, images: 60))
    let outcome = try tool.run("compare", "run", other.folder.path + "/run")
    #expect(outcome.status == 78 && outcome.output.isEmpty)
    #expect(outcome.error.hasSuffix("/run: its classes differ from those of run, so they cannot be compared.\n"))
  }

  @Test func arraysTooSmallForAModelAreNotToBeResized() throws {
    let tool = try Self.trained(classes: 20, images: 40)
    let outcome = try tool.run("train", "--data", "many.npz", "--model", "cnn", "--out", "small")
    #expect(outcome.status == 65 && !outcome.error.contains("--image-size"))
    #expect(outcome.error.hasSuffix("choose another --model, or save larger images.\n"), "\(outcome.error)")
  }

  /// The square of 5,000 classes is 25 million cells: no picture and no page shows them all.
  @Test func fiveThousandClassesAreShownByTheWorst() throws {
    let tool = try Self.trained(classes: 5000, images: 5000)
    for verb in [["evaluate", "run"], ["errors", "run"]] {
      let outcome = try tool.run(verb)
      #expect(outcome.status == 0, "\(verb): \(outcome.error)")
      #expect(outcome.output.split(separator: "\n").count <= 60, "\(verb)")
    }
    #expect(try tool.run("plot", "confusion", "run", "--output", "confusion.png").status == 0)
    let report = try tool.run("report", "run", "--json").json()
    #expect(try #require(report["bytes"] as? Int) < 15 << 20, "\(report)")
  }

  /// A label of 59,000 makes 59,001 classes, whose square is more than any memory.
  @Test func oneLargeLabelTakesLittleMemory() throws {
    let tool = try Tool()
    let labels = (0..<60).map { Int64($0 == 7 ? 59_000 : $0 % 10) }
    let pixels = (0..<60 * 784).map { UInt8(truncatingIfNeeded: $0 * 31) }
    let members: [NumPyArchive.Member] = ["train", "test"].flatMap { part in
      [
        .init(name: "x_\(part)", array: NumPyArray(shape: [60, 28, 28], bytes: pixels)),
        .init(name: "y_\(part)", array: NumPyArray(shape: [60], integers: labels)),
      ]
    }
    try tool.folder.write(Data(NumPyArchive(members).serialized()), to: "odd.npz")
    let outcome = try tool.run(
      "train", "--model", "lenet", "--data", "odd.npz", "--out", "run", "--max-steps", "1", "--threads", "1",
      "--batch-size", "20")
    #expect(outcome.status == 0, "\(outcome.error)")
    for verb in [
      ["evaluate", "run", "--json"], ["evaluate", "run"], ["errors", "run"],
      ["plot", "confusion", "run", "--output", "c.svg"],
      ["data", "info", "--data", "odd.npz"],
    ] {
      let outcome = try tool.run(verb)
      #expect(outcome.status == 0, "\(verb): \(outcome.error.suffix(300))")
      #expect(outcome.output.utf8.count < 16 << 20, "\(verb)")
      if !verb.contains("--json") {
        #expect(outcome.output.split(separator: "\n").count < 100, "\(verb)")
      }
    }
  }
}
