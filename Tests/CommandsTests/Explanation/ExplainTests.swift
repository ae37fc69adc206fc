import CommandTestSupport
import Foundation
import Photographs
import TestSupport
import Testing

/// `explain`.
struct ExplainTests {
  private func tool() throws -> Tool {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "5")
    return tool
  }

  private static let images = "data/t10k-images-idx3-ubyte:0..4"

  private func lines(_ tool: Tool, _ arguments: String..., status: Int32 = 0) throws -> [[String: Any]] {
    let outcome = try tool.run(["explain", "run"] + arguments + ["--data", "data", "--json", "--quiet"])
    #expect(outcome.status == status, "\(outcome.error)")
    return try outcome.output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  private func map(_ line: [String: Any]) throws -> [[Double]] { try #require(line["map"] as? [[Double]]) }

  @Test(arguments: ["gradcam", "occlusion", "gradient"])
  func everyImageHasAMapOfItsPrediction(method: String) throws {
    let tool = try tool()
    let found = try lines(tool, Self.images, "--method", method, "-o", "why.png", "--scale", "1")
    let predicted = try tool.run("predict", "run", Self.images, "--data", "data", "--json").output
      .split(separator: "\n").map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
    try #require(found.count == 5 && predicted.count == 5)
    for (line, answer) in zip(found, predicted) {
      for key in ["input", "label"] { #expect(line[key] as? String == answer[key] as? String) }
      #expect(
        line["class"] as? Int == answer["class"] as? Int && line["predicted"] as? String == answer["label"] as? String)
      let difference = try #require(line["probability"] as? Double) - (try #require(answer["probability"] as? Double))
      #expect(abs(difference) < 1e-6)
      let map = try map(line)
      let side = method == "gradcam" ? 5 : 28
      #expect(map.count == side && map.allSatisfy { $0.count == side })
      #expect(line["height"] as? Int == side && line["width"] as? Int == side)
      #expect(line["layer"] as? String == (method == "gradcam" ? "pool2" : nil))
      #expect(line["patch"] as? Int == (method == "occlusion" ? 4 : nil))
      if method != "occlusion" { #expect(map.joined().allSatisfy { $0 >= 0 }) }
      #expect(map.joined().contains { $0 != 0 })
    }
    let picture = try Photograph(decoding: Array(Data(contentsOf: URL(fileURLWithPath: tool.folder.path + "/why.png"))))
    #expect(picture.width > 8 * 96)
    // Neither threads nor company change a map.
    let alone = try lines(tool, "data/t10k-images-idx3-ubyte:3", "--method", method, "--threads", "1")
    #expect(try map(alone[0]) == map(found[3]))
  }

  @Test func aClassAndALayerCanBeChosen() throws {
    let tool = try tool()
    let found = try lines(tool, Self.images, "--class", "sandal", "--layer", "relu1")
    #expect(
      found.allSatisfy { $0["class"] as? Int == 5 && $0["label"] as? String == "Sandal" && $0["height"] as? Int == 28 })
    #expect(Set(found.map { $0["predicted"] as? String }) != ["Sandal"])
    let other = try lines(tool, Self.images, "--class", "6", "--layer", "relu1")
    #expect(try map(other[0]) != map(found[0]))
  }

  @Test func linesNameTheStrongestPixel() throws {
    let tool = try tool()
    let outcome = try tool.run(
      "explain", "run", "data/t10k-images-idx3-ubyte:2", "--data", "data", "--method", "gradient")
    let map = try map(try lines(tool, "data/t10k-images-idx3-ubyte:2", "--method", "gradient")[0])
    let cells = outcome.output.dropLast().split(separator: "\t")
    try #require(cells.count == 6)
    let (row, column) = (try #require(Int(cells[4])), try #require(Int(cells[5])))
    #expect(map[row][column] == map.joined().max())
  }

  @Test func mistakesAreExplainedForBothClasses() throws {
    let tool = try tool()
    let found = try lines(tool, "--mistakes", "--count", "3", "-o", "why.svg")
    let mistakes = try #require(
      try tool.run("errors", "run", "--data", "data", "--count", "3", "--json").json()["mistakes"] as? [[String: Any]])
    try #require(found.count == 6 && mistakes.count == 3)
    for (place, mistake) in mistakes.enumerated() {
      let (wrong, right) = (found[2 * place], found[2 * place + 1])
      #expect(wrong["input"] as? String == "\(mistake["image"] as? Int ?? -1)")
      #expect(wrong["label"] as? String == mistake["predicted"] as? String)
      #expect(
        right["label"] as? String == mistake["true"] as? String && right["true"] as? String == right["label"] as? String
      )
    }
    #expect(try tool.folder.text("why.svg").components(separatedBy: "<image ").count == 10)
  }

  @Test func foldersOfPicturesAreExplained() throws {
    let tool = try Tool()
    try OwnData.pictures(in: tool.folder)
    let trained = try tool.run(
      "train", "--data", "pictures", "--model", "lenet", "--epochs", "1", "--out", "run", "--quiet")
    try #require(trained.status == 0, "\(trained.error)")
    try tool.folder.write("not a picture", to: "pictures/test/red/x.png")
    let outcome = try tool.run("explain", "run", "pictures/test/red", "-o", "why.png")
    #expect(outcome.status == 1)
    let rows = outcome.output.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(rows.count == 5 && rows.filter { $0[1] == "error" }.count == 1)
    #expect(outcome.error.contains("1 of 5 inputs failed"))
  }

  @Test(arguments: [
    (["--layer", "pol2"], "the model \"lenet\" has no layer \"pol2\"; did you mean \"pool2\"?"),
    (
      ["--layer", "fc1"],
      "the layer \"fc1\" of the model \"lenet\" gives 120, which has no places to show; the last layer that has is \"pool2\""
    ),
    (["--class", "Sandle"], "--class: there is no class 'Sandle'. Did you mean 'Sandal'?"),
    (
      ["--method", "occlusion", "--patch", "3", "--step", "4"],
      "--step 4 leaves gaps between squares of 3 pixels; choose at most 3."
    ),
  ])
  func whatDoesNotFitIsRefused(flags: [String], message: String) throws {
    let tool = try tool()
    let outcome = try tool.run(["explain", "run", Self.images, "--data", "data"] + flags)
    #expect(outcome.status == 64 || outcome.status == 78)
    #expect(outcome.output == "")
    #expect(outcome.error.contains(message), "\(outcome.error)")
    #expect(outcome.errorLines.count == 1)
  }

  @Test func vectorsHaveNoMap() throws {
    let tool = try Tool()
    try tool.folder.write(
      #"{"name": "flat", "input_shape": [784], "layers": [{"type": "dense", "output_features": 10}]}"#, to: "flat.json")
    try SmallData.write(in: tool.folder)
    _ = try tool.run("train", "--model", "flat.json", "--data", "data", "--out", "flat", "--max-steps", "1", "--quiet")
    let outcome = try tool.run("explain", "flat", Self.images, "--data", "data")
    #expect(outcome.status != 0 && outcome.output == "")
  }
}
