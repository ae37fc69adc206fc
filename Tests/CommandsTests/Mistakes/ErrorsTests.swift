import CommandTestSupport
import Foundation
import Photographs
import TestSupport
import Testing

/// `errors`.
struct ErrorsTests {
  /// A tool with a run that has learned almost nothing.
  private func tool() throws -> Tool {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "3")
    return tool
  }

  @Test func mistakesAreTheWorstFirst() throws {
    let tool = try tool()
    let outcome = try tool.run(
      "errors", "run", "--data", "data", "--count", "5", "--csv", "all.csv", "-o", "worst.svg", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error == "")
    let json = try outcome.json()
    let evaluation = try tool.run("evaluate", "run", "--data", "data", "--json").json()
    let accuracy = try #require(evaluation["accuracy"] as? Double)
    let count = Int((50 * (1 - accuracy)).rounded())
    try #require(count > 5)
    #expect(json["images"] as? Int == 50)
    #expect(json["count"] as? Int == count)
    #expect(json["picture"] as? String == "worst.svg")
    #expect(json["csv"] as? String == "all.csv")
    let mistakes = try #require(json["mistakes"] as? [[String: Any]])
    #expect(mistakes.count == 5)
    let losses = mistakes.compactMap { $0["loss"] as? Double }
    #expect(losses == losses.sorted(by: >))
    for mistake in mistakes {
      #expect(mistake["true"] as? String != mistake["predicted"] as? String)
      let own = try #require(mistake["true_probability"] as? Double)
      let loss = try #require(mistake["loss"] as? Double)
      #expect(try own <= #require(mistake["probability"] as? Double))
      #expect(abs(loss + log(own)) < 1e-3 * max(1, loss) || own < 1e-4)
    }

    let rows = try tool.folder.text("all.csv").split(separator: "\n")
    #expect(rows[0] == "image,true,predicted,probability,true_probability,loss")
    #expect(rows.count == count + 1)
    let all = rows.dropFirst().map { $0.split(separator: ",") }
    #expect(all.map { Double($0[5]) ?? -1 } == all.map { Double($0[5]) ?? -1 }.sorted(by: >))
    #expect(all.prefix(5).map { Int($0[0]) } == mistakes.map { $0["image"] as? Int })
    // The mean loss of all images follows from those of the mistakes and of the right answers.
    let total = try #require(evaluation["loss"] as? Double) * 50
    #expect(all.reduce(0) { $0 + (Double($1[5]) ?? 0) } < total)

    let picture = try tool.folder.text("worst.svg")
    #expect(picture.components(separatedBy: "<image ").count == 6)
    let first = try #require(mistakes.first)
    #expect(picture.contains(">✗ \(first["predicted"] as? String ?? "?")</text>"))
    #expect(picture.contains("<title>image \(first["image"] as? Int ?? -1): "))
  }

  @Test func oneTrueAndOnePredictedClassCanBeChosen() throws {
    let tool = try tool()
    let rows = try {
      _ = try tool.run("errors", "run", "--data", "data", "--csv", "all.csv")
      return try tool.folder.text("all.csv").split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
    }()
    let (label, answer) = (String(rows[0][1]), String(rows[0][2]))
    let names = [
      "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ]
    let number = try #require(names.firstIndex(of: answer))
    let chosen = try tool.run(
      "errors", "run", "--data", "data", "--true", label.uppercased(), "--predicted", "\(number)", "--json"
    ).json()
    #expect(chosen["count"] as? Int == rows.filter { $0[1] == label && $0[2] == answer }.count)
    let impossible = try tool.run(
      "errors", "run", "--data", "data", "--true", label, "--predicted", label, "-o", "n.png")
    #expect(impossible.status == 0)
    #expect(impossible.output.contains("mistakes    0 in 5 images"))
    let empty = try Photograph(
      decoding: Array(try Data(contentsOf: URL(fileURLWithPath: tool.folder.path + "/n.png"))))
    #expect(empty.width > 300)
  }

  @Test func aTableIsForPeople() throws {
    let outcome = try tool().run("errors", "run", "--data", "data", "--count", "2")
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "checkpoint  run")
    #expect(lines[3].hasPrefix("image  true"))
    #expect(lines.count == 8)
    let shown = try tool().run("errors", "run", "--data", "data", "--count", "2", "--terminal").output
    #expect(shown.contains("✗ ") && !shown.contains("\u{1B}"))
  }

  @Test(arguments: [
    (["--true", "Snaeker"], "--true: there is no class 'Snaeker'. Did you mean 'Sneaker'?", 64),
    (["--predicted", "10"], "--predicted: there is no class '10'. The classes are T-shirt/top,", 64),
    (["--count", "0"], "--count must be", 64), (["--csv", "missing/a.csv"], "the folder missing does not exist", 73),
    (["-o", "a.jpg"], "ends in .png or .svg", 64), (["--terminal", "--json"], "--json cannot print pictures", 64),
    (["--split", "validation"], "was trained without a validation set", 64),
  ])
  func wrongFlagsAreRefusedInOneLine(flags: [String], message: String, status: Int32) throws {
    let outcome = try tool().run(["errors", "run", "--data", "data"] + flags)
    #expect(outcome.status == status)
    #expect(outcome.output == "")
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.error.contains(message), "\(outcome.error)")
  }
}
