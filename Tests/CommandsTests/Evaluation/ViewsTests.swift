import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// Views of images in the verbs that predict.
struct ViewsTests {
  private static let images = "data/t10k-images-idx3-ubyte"

  @Test func predictionsAreThoseOfTheMeanWhateverTheBatch() throws {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "3")
    func answers(_ flags: String...) throws -> Data {
      let outcome = try tool.run(["predict", "run", Self.images, "--output", "all.npy", "--quiet"] + flags)
      #expect(outcome.status == 0 && outcome.error == "", "\(outcome.error)")
      return try Data(contentsOf: URL(fileURLWithPath: tool.folder.path + "/all.npy"))
    }
    let plain = try answers()
    let expected = try answers("--views", "flip,shift=1", "--threads", "1")
    #expect(expected != plain)
    for (size, threads) in [("1", "2"), ("7", "3"), ("64", "1")] {
      #expect(try answers("--views", "flip,shift=1", "--batch-size", size, "--threads", threads) == expected)
    }
    #expect(try answers("--tta", "none") == plain)
    // Another program's process computes the same bits.
    let batch = try tool.run(
      "batch", "run", "--data", "data", "--views", "flip,shift=1", "--jobs", "1", "--predictions", "files", "--json")
    #expect(batch.status == 0, "\(batch.error)")
    let row = try batch.json()
    #expect(row["tta"] as? String == "flip,shift=1")
    let file = try #require(row["predictions"] as? String)
    #expect(tool.folder.bytes(file).map { Data($0) } == expected)
    let evaluation = try tool.run("evaluate", "run", "--data", "data", "--views", "flip,shift=1", "--json").json()
    #expect(evaluation["accuracy"] as? Double == row["accuracy"] as? Double)
    #expect(evaluation["loss"] as? Double == row["loss"] as? Double)
  }

  @Test func everyResultNamesItsViews() throws {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "3")
    let line = try tool.run("predict", "run", Self.images + ":3", "--views", "flip", "--json").json()
    #expect(line["tta"] as? String == "flip")
    #expect(try tool.run("predict", "run", Self.images + ":3", "--json").json()["tta"] == nil)
    let errors = try tool.run("errors", "run", "--data", "data", "--views", "shift=2", "--json")
    #expect(try errors.json()["tta"] as? String == "shift=2")
    let text = try tool.run("errors", "run", "--data", "data", "--views", "shift=2").output
    #expect(text.contains(/mistakes +\d+ in 50 images, each in 3 views \(shift=2\)\n/), "\(text)")
    let report = try tool.run("report", "run", "--data", "data", "--views", "flip")
    #expect(report.status == 0 && report.error == "", "\(report.error)")
    let page = try tool.folder.text("run/report.html")
    #expect(page.contains("accuracy without views"))
    #expect(page.contains("the mean over 2 views of each image (flip); for the images alone, the accuracy is"))
  }

  @Test func aShiftAsLargeAsTheImageIsRefused() throws {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "1")
    let reason =
      "--views shift=28: the samples of the model \"lenet\" are 28×28×1; only images have views, and a shift must be less than their "
      + "height and width.\n"
    for arguments in [
      ["evaluate", "run", "--data", "data"], ["predict", "run", Self.images], ["errors", "run", "--data", "data"],
    ] {
      let outcome = try tool.run(arguments + ["--views", "shift=28"])
      #expect(
        outcome.status == 64 && outcome.output == "" && outcome.error == "jacquard: error: \(reason)",
        "\(outcome.error)")
    }
    let batch = try tool.run("batch", "run", "--data", "data", "--views", "shift=28", "--json")
    #expect(batch.status == 1)
    #expect(try batch.json()["exit_code"] as? Int == 64)
    #expect(try batch.json()["error"] as? String == String(reason.dropLast()))
  }
}
