import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `evaluate --by` and `--costs`.
struct GroupsAndCostsTests {
  private func tool() throws -> Tool {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "5")
    return tool
  }

  private func evaluate(_ tool: Tool, _ flags: String...) throws -> [String: Any] {
    let outcome = try tool.run(["evaluate", "run", "--data", "data", "--json"] + flags)
    #expect(outcome.status == 0, "\(outcome.error)")
    return try outcome.json()
  }

  /// The probabilities of the fifty test images.
  private func probabilities(_ tool: Tool) throws -> [[Double]] {
    try tool.run("predict", "run", "data/t10k-images-idx3-ubyte", "--data", "data", "--json").output
      .split(separator: "\n").map { line in
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return try #require(object?["probabilities"] as? [Double])
      }
  }

  private static let names = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]

  @Test func everyGroupHasItsAccuracy() throws {
    let tool = try tool()
    try tool.folder.write(
      "group,index\n" + (0..<50).map { "\($0 < 20 ? "front door" : "garden"),\($0)\n" }.joined(), to: "groups.csv")
    let rows = try #require(try evaluate(tool, "--by", "groups.csv")["by"] as? [[String: Any]])
    let right = try probabilities(tool).enumerated().map { image, row in
      row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 } == image % 10
    }
    let expected = [("front door", right[..<20]), ("garden", right[20...])].map { name, part in
      (name: name, count: part.count, accuracy: Double(part.count { $0 }) / Double(part.count))
    }.sorted { $0.accuracy > $1.accuracy }
    #expect(rows.map { $0["group"] as? String } == expected.map(\.name))
    #expect(rows.map { $0["count"] as? Int } == expected.map(\.count))
    for (row, group) in zip(rows, expected) {
      #expect(abs(try #require(row["accuracy"] as? Double) - group.accuracy) < 1e-6)
      let interval = try #require(row["accuracy_interval"] as? [Double])
      #expect(interval.count == 2 && interval[0] <= group.accuracy && group.accuracy <= interval[1])
    }
    let text = try tool.run("evaluate", "run", "--data", "data", "--by", "groups.csv").output
    #expect(text.contains(/front door +20 +\d+\.\d\d %/), "\(text)")
  }

  @Test func theLeastExpectedCostIsThatOfTheDefinition() throws {
    let tool = try tool()
    try tool.folder.write(
      "true,predicted,cost\nShirt,Coat,7\nBag,Sandal,0.5\nTrouser,Trouser,0.25\nDress,Coat,12.5\n", to: "costs.csv")
    var costs = (0..<10).map { label in (0..<10).map { $0 == label ? 0.0 : 1.0 } }
    (costs[6][4], costs[8][5], costs[1][1], costs[3][4]) = (7, 0.5, 0.25, 12.5)
    var (plain, least, right, changed) = (0.0, 0.0, 0, 0)
    for (image, row) in try probabilities(tool).enumerated() {
      let answer = row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
      let expected = (0..<10).map { choice in (0..<10).reduce(0.0) { $0 + row[$1] * costs[$1][choice] } }
      let best = expected.indices.reduce(answer) { expected[$1] < expected[$0] - 1e-9 ? $1 : $0 }
      plain += costs[image % 10][answer]
      least += costs[image % 10][best]
      right += best == image % 10 ? 1 : 0
      changed += best == answer ? 0 : 1
    }
    let found = try #require(try evaluate(tool, "--costs", "costs.csv")["costs"] as? [String: Any])
    #expect(abs(try #require(found["mean"] as? Double) - plain / 50) < 1e-6)
    #expect(abs(try #require(found["least_mean"] as? Double) - least / 50) < 1e-6)
    #expect(abs(try #require(found["least_accuracy"] as? Double) - Double(right) / 50) < 1e-6)
    #expect(found["changed"] as? Int == changed && changed > 0)
    #expect(found["threshold"] is NSNull)
  }

  @Test func twoClassesHaveAThreshold() throws {
    let tool = try Tool()
    try OwnData.pictures(in: tool.folder)
    for name in ["cyan", "green", "yellow"] {
      for part in ["train", "test"] {
        try FileManager.default.removeItem(atPath: tool.folder.path + "/pictures/\(part)/\(name)")
      }
    }
    let trained = try tool.run(
      "train", "--data", "pictures", "--model", "lenet", "--epochs", "1", "--out", "run", "--quiet")
    try #require(trained.status == 0, "\(trained.error)")
    // Blue taken for red costs 1; red taken for blue costs 3.
    try tool.folder.write("true,predicted,cost\nred,blue,3\n", to: "costs.csv")
    let json = try tool.run("evaluate", "run", "--costs", "costs.csv", "--json").json()
    #expect((json["costs"] as? [String: Any])?["threshold"] as? Double == 0.25)
    #expect(
      try tool.run("evaluate", "run", "--costs", "costs.csv").output.contains("0.2500 for the probability of red"))
  }

  @Test(arguments: [
    (
      "--costs", "true,predicted,cost\nShrit,Coat,7\n",
      "table.csv, line 2: there is no class 'Shrit'. Did you mean 'Shirt'?"
    ),
    (
      "--costs", "true,predicted,cost\nShirt,Coat,-1\n",
      "line 2: the cost must be a number from 0 to 1000000, not '-1'."
    ),
    ("--costs", "a,b\n", "table.csv, line 1: expected the columns true,predicted,cost."),
    ("--by", "index,group\n0,a\n", "the image 1 has no group"),
    ("--by", "index\n0\n", "there is no column \"group\""),
  ])
  func wrongTablesAreRefused(flag: String, table: String, message: String) throws {
    let tool = try tool()
    try tool.folder.write(table, to: "table.csv")
    let outcome = try tool.run("evaluate", "run", "--data", "data", flag, "table.csv")
    #expect(outcome.status == 65 && outcome.output == "" && outcome.error.contains(message), "\(outcome.error)")
  }
}
