import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// The output of `evaluate` besides the figures that `CheckpointTests` checks: views, confused pairs, and the text for people.
struct EvaluateTests {
  @Test func mirrorImagesAreAveraged() throws {
    let tool = try Tool()
    try tool.trainSmall("--epochs", "1")
    // The same set with every image mirrored: with both views of each image the results must agree, with one view they must not.
    for part in ["train", "t10k"] {
      let images = Array(
        try Data(contentsOf: URL(fileURLWithPath: tool.folder.path + "/data/\(part)-images-idx3-ubyte")))
      let rows = stride(from: 16, to: images.count, by: 28).flatMap { images[$0..<$0 + 28].reversed() }
      try tool.folder.write(Data(images[..<16] + rows), to: "mirrored/\(part)-images-idx3-ubyte")
      let labels = try Data(contentsOf: URL(fileURLWithPath: tool.folder.path + "/data/\(part)-labels-idx1-ubyte"))
      try tool.folder.write(labels, to: "mirrored/\(part)-labels-idx1-ubyte")
    }
    func loss(_ data: String, _ views: String) throws -> Double {
      let outcome = try tool.run("evaluate", "run", "--data", data, "--views", views, "--json")
      return try #require(try outcome.json()["loss"] as? Double)
    }
    for views in ["flip", "flip,shift=1"] { #expect(try loss("data", views) == loss("mirrored", views)) }
    #expect(try loss("data", "none") != loss("mirrored", "none"))
  }

  @Test func viewsThatAreMovedAreAveraged() throws {
    let tool = try Tool()
    try tool.trainSmall("--epochs", "1")
    func logitFree(_ flags: String...) throws -> [String: Any] {
      let outcome = try tool.run(["evaluate", "run", "--data", "data", "--json"] + flags)
      #expect(outcome.status == 0, "\(outcome.error)")
      return try outcome.json()
    }
    let (plain, shifted) = (try logitFree(), try logitFree("--tta", "shift"))
    #expect(plain["tta"] as? String == "none" && shifted["tta"] as? String == "shift=1")
    #expect(plain["plain"] == nil)
    // The figures without views are those of an evaluation without views.
    let apart = try #require(shifted["plain"] as? [String: Double])
    for key in ["loss", "accuracy", "expected_calibration_error"] {
      #expect(apart[key] == plain[key] as? Double, "\(key)")
    }
    #expect(apart.count == 3)
    #expect(plain["loss"] as? Double != shifted["loss"] as? Double)
    #expect(shifted["count"] as? Int == 50)
    let text = try tool.run("evaluate", "run", "--data", "data", "--views", "flip,shift=1").output
    #expect(text.contains("images             50, test, each in 6 views (flip,shift=1)\n"), "\(text)")
    #expect(
      text.contains(/without views +loss \d\.\d{4}, accuracy \d+\.\d\d %, calibration error \d+\.\d\d %\n/), "\(text)")
  }

  @Test func anUnknownViewIsRefused() throws {
    for (flag, value) in [("--tta", "rotate"), ("--views", "shift=0"), ("--views", "flip,flip"), ("--views", "")] {
      let outcome = try Tool().run("evaluate", "run", flag, value)
      #expect(outcome.status == 64 && outcome.output == "")
      #expect(outcome.error.contains(flag) && outcome.error.contains("flip,shift=N"), "\(outcome.error)")
    }
  }

  @Test func confusedPairsAreThoseOfTheMatrix() throws {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "1")
    let json = try tool.run("evaluate", "run", "--data", "data", "--json").json()
    let confusion = try #require(json["confusion"] as? [[Int]])
    let names = try #require(json["per_class"] as? [[String: Any]]).compactMap { $0["class"] as? String }
    let pairs = try #require(json["most_confused"] as? [[String: Any]])
    var wrong: [Int] = []
    for (label, row) in confusion.enumerated() {
      for (answer, count) in row.enumerated() where answer != label && count > 0 { wrong.append(count) }
    }
    #expect(pairs.count == min(5, wrong.count))
    #expect(pairs.compactMap { $0["count"] as? Int } == Array(wrong.sorted(by: >).prefix(5)))
    for pair in pairs {
      let row = try #require(names.firstIndex(of: pair["true"] as? String ?? ""))
      let column = try #require(names.firstIndex(of: pair["predicted"] as? String ?? ""))
      #expect(confusion[row][column] == pair["count"] as? Int)
    }
    let bins = try #require(json["calibration"] as? [[String: Any]])
    #expect(bins.count == 15)
    #expect(bins.reduce(0) { $0 + ($1["count"] as? Int ?? 0) } == 50)
  }

  @Test func theTextNamesIntervalAveragesAndTheSlowestPart() throws {
    let tool = try Tool()
    try tool.trainSmall("--epochs", "1")
    let text = try tool.run("evaluate", "run", "--data", "data").output
    #expect(text.contains(/accuracy +\d+\.\d\d %, 95 % interval \d+\.\d\d % to \d+\.\d\d %\n/), "\(text)")
    #expect(text.contains(/macro average +precision 0\.\d{4}, recall 0\.\d{4}, F1 0\.\d{4}\n/), "\(text)")
    #expect(text.contains(/slowest part +(reading the|computing the|working out the) \w+, \d/), "\(text)")
    #expect(text.contains("most confused"))
  }
}
