import CommandTestSupport
import Foundation
import Photographs
import TestSupport
import Testing

/// `data clean`.
struct DataCleanTests {
  /// Pictures of colored squares, some of them wrong: four with other labels, two repeated, one of them in the test part, one dark, one of other proportions.
  private static func tool() throws -> Tool {
    let tool = try Tool()
    let folder = tool.folder
    try OwnData.pictures(in: folder, training: 200, test: 20)
    func move(_ from: String, _ to: String) throws {
      try FileManager.default.moveItem(
        atPath: folder.path + "/pictures/" + from, toPath: folder.path + "/pictures/" + to)
    }
    for (image, wrong) in wrong {
      try move("train/\(OwnData.classNames[image % 5])/\(name(image))", "train/\(wrong)/\(name(image))")
    }
    for (from, to) in [
      ("train/red/013.png", "train/red/zz-again.png"), ("train/blue/040.png", "test/blue/zz-again.png"),
    ] {
      try FileManager.default.copyItem(
        atPath: folder.path + "/pictures/" + from, toPath: folder.path + "/pictures/" + to)
    }
    try folder.write(try OwnData.picture(3, height: 20, width: 22), to: "pictures/train/green/zz-dark.png")
    try folder.write(try OwnData.picture(120, height: 60, width: 22), to: "pictures/train/green/zz-tall.png")
    return tool
  }

  private static let wrong = [(50, "red"), (61, "yellow"), (72, "blue"), (83, "cyan")]
  private static func name(_ number: Int) -> String { String(format: "%03d.png", number) }
  private static let flags = ["--data", "pictures", "--image-size", "20x22", "--quiet"]

  private func clean(_ tool: Tool, _ out: String, _ flags: String...) throws -> [String: Any] {
    let outcome = try tool.run(["data", "clean", "--out", out] + Self.flags + flags + ["--json"])
    #expect(outcome.status == 0, "\(outcome.error)")
    return try outcome.json()
  }

  @Test func smallPicturesAreOrdinaryAmongSmallOnes() throws {
    let tool = try Self.tool()
    let outcome = try tool.run(
      "data", "clean", "--data", "pictures", "--image-size", "60x66", "--reasons", "size", "--out", "sizes", "--json",
      "--quiet")
    let findings = try #require(try outcome.json()["findings"] as? [[String: Any]])
    #expect(findings.compactMap { $0["path"] as? String } == ["train/green/zz-tall.png"])
  }

  @Test func whatIsWrongIsFound() throws {
    let tool = try Self.tool()
    let json = try clean(tool, "cleaning")
    let findings = try #require(json["findings"] as? [[String: Any]])
    func found(_ reason: String) -> [(path: String, suggestion: String)] {
      findings.filter { $0["reason"] as? String == reason }
        .map { ($0["path"] as? String ?? "", $0["suggestion"] as? String ?? "") }
    }
    // The colors are easy, so every wrong label is found, and its own class suggested.
    let labels = found("label")
    for (image, wrong) in Self.wrong {
      let suggestion = labels.first { $0.path == "train/\(wrong)/\(Self.name(image))" }?.suggestion
      #expect(suggestion == OwnData.classNames[image % 5], "\(image)")
    }
    // The two strange pictures may be among them.
    #expect(labels.count <= 6, "\(labels)")
    let duplicates = found("duplicate")
    #expect(duplicates.contains { $0.path == "train/red/zz-again.png" && $0.suggestion.hasPrefix("train:") })
    #expect(duplicates.contains { $0.path == "train/blue/040.png" && $0.suggestion.hasPrefix("test:") })
    #expect(found("dark").map(\.path) == ["train/green/zz-dark.png"])
    #expect(found("size").map(\.path).contains("train/green/zz-tall.png"))
    #expect(found("size").map(\.suggestion).contains("22x60"))
    let counts = try #require(json["counts"] as? [String: Int])
    for reason in ["label", "duplicate", "blurred", "dark", "size"] { #expect(counts[reason] == found(reason).count) }

    let rows = try tool.folder.text("cleaning/findings.csv").split(separator: "\n")
    #expect(rows[0] == "part,index,path,label,reason,score,suggestion" && rows.count == findings.count + 1)
    let html = try tool.folder.text("cleaning/report.html")
    #expect(html.contains("<h2>") && html.contains("zz-tall.png") && !html.contains(tool.folder.path))
    let sheet = try Data(contentsOf: URL(fileURLWithPath: tool.folder.path + "/cleaning/sheet.png"))
    #expect(try Photograph(decoding: Array(sheet)).width > 500)
    // The table is one that training takes.
    let trained = try tool.run(
      ["train", "--model", "lenet", "--epochs", "1", "--out", "run", "--exclude", "cleaning/findings.csv"] + Self.flags)
    #expect(trained.status == 0, "\(trained.error)")
    let part = Set(findings.filter { $0["part"] as? String == "train" }.compactMap { $0["index"] as? Int })
    let evaluated = try tool.run("evaluate", "run", "--split", "train", "--json").json()
    #expect(evaluated["count"] as? Int == 203 - part.count)
  }

  @Test func aSecondStartContinuesAndChangesNothing() throws {
    let tool = try Self.tool()
    let command = (["data", "clean", "--out", "cut"] + Self.flags).joined(separator: " ")
    let stopped = try tool.shell(
      "'\(Tool.path)' \(command) & pid=$!; await $pid '[ -e cut/crossval/fold-2/config.json ]'; kill -TERM $pid; wait $pid"
    )
    #expect(stopped.status == 143 && !tool.folder.holds("cut/findings.csv"), "\(stopped.error)")
    _ = try clean(tool, "cut")
    _ = try clean(tool, "whole", "--threads", "1")
    for file in ["findings.csv", "crossval/predictions.npz", "sheet.png"] {
      #expect(tool.folder.bytes("cut/\(file)") == tool.folder.bytes("whole/\(file)"), "\(file)")
    }
    let labels = try clean(tool, "labels", "--crossval", "whole/crossval", "--reasons", "label")
    let findings = try #require(labels["findings"] as? [[String: Any]])
    #expect(findings.allSatisfy { $0["reason"] as? String == "label" } && !findings.isEmpty)
    // An archive alone does for labels and hashes.
    let alone = try clean(tool, "alone", "--crossval", "whole/crossval/predictions.npz")
    #expect(alone["uses_features"] as? Bool == false && labels["uses_features"] as? Bool == true)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let tool = try Self.tool()
    for (flags, status, message) in [
      (
        ["--reasons", "labels"], 64,
        "--reasons must be label, duplicate, blurred, dark or size, not 'labels'. Did you mean 'label'?"
      ),
      (["--count", "0"], 64, "--count must be a whole number from 1 to 1000"),
      (["--crossval", "none"], 66, "none: there is no predictions.npz"),
    ] as [([String], Int32, String)] {
      let outcome = try tool.run(["data", "clean", "--out", "out"] + Self.flags + flags)
      #expect(outcome.status == status && outcome.output == "" && outcome.error.contains(message), "\(outcome.error)")
      #expect(!tool.folder.holds("out"))
    }
  }
}
