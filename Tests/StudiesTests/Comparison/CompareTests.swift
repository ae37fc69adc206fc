import CommandTestSupport
import Foundation
import Photographs
import TestSupport
import Testing

/// `compare`.
struct CompareTests {
  private let runs: TinyRun

  init() throws {
    runs = try TinyRun(isInMemory: true)
    for seed in 1...3 {
      try #require(try runs.begin("run\(seed)", ["--seed", "\(seed)", "--epochs", "\(2 * seed)"]).status == 0)
    }
  }

  @Test func countsAreThoseOfTheAnswers() throws {
    let outcome = try runs.tool.run(
      "compare", "run1", "run2", "run3", "--data", "data", "--csv", "all.csv", "--output", "all.svg", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error == "")
    let json = try outcome.json()
    #expect(json["schema"] as? Int == 1 && json["count"] as? Int == 20 && json["split"] as? String == "test")
    #expect(json["csv"] as? String == "all.csv" && json["picture"] as? String == "all.svg")

    // The same answers from another verb.
    var answers: [[Int]] = []
    let models = try #require(json["models"] as? [[String: Any]])
    for (index, model) in models.enumerated() {
      let name = "run\(index + 1)"
      let lines = try runs.tool.run("predict", name, "t10k-images-idx3-ubyte", "--data", "data", "--json").output
      answers.append(
        try lines.split(separator: "\n").map { line in
          let answer = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
          return try #require(answer?["class"] as? Int)
        })
      let evaluated = try runs.tool.run("evaluate", name, "--data", "data", "--json").json()
      #expect(model["checkpoint"] as? String == name)
      #expect(model["accuracy"] as? Double == evaluated["accuracy"] as? Double)
      #expect(model["loss"] as? Double == evaluated["loss"] as? Double)
      #expect(model["accuracy_interval"] as? [Double] == evaluated["accuracy_interval"] as? [Double])
      let path = "\(name)/weights/last.safetensors"
      #expect(model["bytes"] as? Int == runs.tool.folder.bytes(path)?.count)
      #expect(
        try runs.tool.shell("sha256sum \(path)").output.hasPrefix(model["weights_sha256"] as? String ?? "none"))
      let summary = try runs.tool.run("summary", "tiny.json", "--json").json()
      #expect(model["parameters"] as? Int == summary["parameters"] as? Int)
      #expect(model["multiply_adds"] as? Int == summary["multiply_adds"] as? Int)
    }
    let truth = (0..<20).map { $0 % 10 }
    let pairs = try #require(json["pairs"] as? [[String: Any]])
    #expect(pairs.count == 3)
    for (pair, places) in zip(pairs, [(0, 1), (0, 2), (1, 2)]) {
      let (a, b) = (answers[places.0], answers[places.1])
      func count(_ isCounted: (Bool, Bool) -> Bool) -> Int {
        truth.indices.count { isCounted(a[$0] == truth[$0], b[$0] == truth[$0]) }
      }
      let (first, second) = (count { $0 && !$1 }, count { !$0 && $1 })
      #expect(pair["first"] as? String == "run\(places.0 + 1)" && pair["second"] as? String == "run\(places.1 + 1)")
      #expect(pair["both_right"] as? Int == count { $0 && $1 })
      #expect(pair["both_wrong"] as? Int == count { !$0 && !$1 })
      #expect(pair["only_first"] as? Int == first && pair["only_second"] as? Int == second)
      #expect(pair["same_answer"] as? Int == zip(a, b).count { $0 == $1 })
      #expect(pair["difference"] as? Double == Double(first - second) / 20)
      #expect(pair["method"] as? String == "exact")
      // Twice the lower tail of the binomial distribution.
      var (term, tail) = (1.0, 0.0)
      for k in 0...min(first, second) {
        tail += term
        term *= Double(first + second - k) / Double(k + 1)
      }
      let expected = min(1, 2 * tail / exp2(Double(first + second)))
      #expect(abs((pair["p_value"] as? Double ?? -1) - expected) <= 1e-4 * expected)
    }
    let different = truth.indices.filter { place in Set(answers.map { $0[place] }).count > 1 }
    try #require(!different.isEmpty)
    #expect(json["disagreements"] as? Int == different.count)
    let rows = try runs.tool.folder.text("all.csv").split(separator: "\n")
    #expect(rows[0] == "image,true,A_predicted,A_probability,B_predicted,B_probability,C_predicted,C_probability")
    #expect(Set(rows.dropFirst().compactMap { Int($0.prefix { $0 != "," }) }) == Set(different))
    let picture = try runs.tool.folder.text("all.svg")
    #expect(picture.contains("Disagreements") && picture.contains("A ✗ ") && picture.contains("A run1, B run2, C run3"))
    for place in different.prefix(24) { #expect(picture.contains("no. \(place)<")) }
  }

  @Test func peopleGetTables() throws {
    let outcome = try runs.tool.run("compare", "run1", "run3", "--data", "data", "--output", "p.png", "--count", "3")
    #expect(outcome.status == 0)
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "images         20, test")
    #expect(lines.contains { $0.hasPrefix("A  run1        tiny     0.") }, "\(outcome.output)")
    #expect(lines.contains { $0.hasPrefix("B  run3        tiny     0.") })
    #expect(lines.contains { $0.hasPrefix("A − B  ") && $0.contains("exact: ") })
    let bytes = try #require(runs.tool.folder.bytes("p.png"))
    #expect(try Photograph(decoding: Array(bytes)).width > 280)
  }

  @Test func equalCheckpointsAgree() throws {
    let json = try runs.tool.run("compare", "run1", "run1/weights/last.safetensors", "--data", "data", "--json").json()
    let pair = try #require((json["pairs"] as? [[String: Any]])?.first)
    #expect(pair["same_answer"] as? Int == 20 && pair["p_value"] as? Double == 1 && pair["difference"] as? Double == 0)
    #expect(json["disagreements"] as? Int == 0)
  }

  @Test func otherImagesAreRefused() throws {
    let outcome = try runs.tool.run("compare", "run1", "run2", "--data", "data", "--split", "validation")
    #expect(outcome.status == 78)
    #expect(
      outcome.error
        == "jacquard: error: run2: its run split the training set differently from that of run1, so their images "
        + "differ; compare them on --split test.\n")
    let one = try runs.tool.run("compare", "run1", "--data", "data")
    #expect(one.status == 64 && one.error.hasPrefix("jacquard: error: Name at least two checkpoints to compare."))
    #expect(try runs.tool.run("compare", "run1", "none", "--data", "data").status == 66)
    #expect(try runs.tool.run("compare", "run1", "run2", "--data", "data", "--output", "a.gif").status == 64)
  }
}
