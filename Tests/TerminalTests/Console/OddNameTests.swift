import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// Untrusted names of classes, files and models: they reach no terminal, no formula and no markup, and none is lost.
struct OddNameTests {
  private static let classNames = [
    "=1+1", "a\u{1B}[31m\u{9B}2J", "caf\u{E9}", "cafe\u{301}", "x,\u{301}y\"\u{301}", "</script><b>",
  ]

  /// Pictures in folders of such names, with a network trained on them.
  private static func trained() throws -> Tool {
    let tool = try Tool()
    for (number, name) in classNames.enumerated() where !name.contains("/") {
      for picture in 0..<6 {
        try tool.folder.write(try png(number * 40 + picture), to: "odd/train/\(name)/-\(picture)\u{1B}.png")
        try tool.folder.write(try png(number * 40 + picture + 20), to: "odd/test/\(name)/=\(picture).png")
      }
    }
    let outcome = try tool.run(
      "train", "--data", "odd", "--model", "lenet", "--out", "run", "--max-steps", "2", "--batch-size", "10")
    try #require(outcome.status == 0, "\(outcome.error)")
    return tool
  }

  private static func png(_ shade: Int) throws -> Data {
    try OwnData.picture(shade)
  }

  @Test func namesThatLookTheSameAreTwoClasses() throws {
    let tool = try Self.trained()
    let info = try tool.run("data", "info", "--data", "odd", "--json").json()
    let splits = try #require(info["splits"] as? [[String: Any]])
    let classes = try #require(splits[0]["classes"] as? [[String: Any]])
    #expect(classes.count == 5)
    #expect(classes.allSatisfy { $0["count"] as? Int == 6 })
    let names = classes.compactMap { $0["class"] as? String }.map { Array($0.utf8) }
    #expect(Set(names) == Set(Self.classNames.dropLast().map { Array($0.utf8) }))
  }

  @Test func nothingReachesTheTerminal() throws {
    let tool = try Self.trained()
    for verb in [
      ["evaluate", "run"], ["errors", "run"], ["data", "info", "--data", "odd"], ["predict", "run", "odd/test/=1+1"],
      ["predict", "run", "odd", "--recursive", "--top", "3"], ["summary", "run"],
      ["compare", "run", "run/weights/last.safetensors"],
      ["errors", "run", "--true", "a\u{1B}[31m"], ["data", "show", "--data", "odd", "--terminal"],
      ["evaluate", "run", "--json"], ["batch", "run"], ["predict", "run", "a\u{1B}[0m.png"],
    ] {
      let outcome = try tool.run(verb)
      for text in [outcome.output, outcome.error] where verb[1] != "show" {
        #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{9B}" }, "\(verb)")
      }
      #expect(!(outcome.output + outcome.error).contains("\u{1B}[31m"), "\(verb)")
    }
  }

  @Test func tablesNamePicturesAndHoldNoFormula() throws {
    let tool = try Self.trained()
    let outcome = try tool.run("errors", "run", "--csv", "errors.csv", "--output", "errors.svg", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    let rows = try tool.folder.text("errors.csv").split(separator: "\n").dropFirst()
    #expect(!rows.isEmpty)
    #expect(rows.allSatisfy { $0.contains("odd/test/") && $0.contains(".png") }, "\(rows)")
    for row in rows { #expect(!row.utf8.starts(with: "=".utf8) && !row.contains(",=1+1")) }
    let first = try #require((try outcome.json()["mistakes"] as? [[String: Any]])?.first)
    #expect((first["path"] as? String)?.contains("odd/test/") == true)
    #expect(try tool.folder.text("errors.svg").contains("odd/test/"))
  }

  @Test func aBatchReadsItsOwnTable() throws {
    let tool = try Self.trained()
    let name = "=r,\u{301}\u{1B}"
    try #require(try tool.shell("mv run $'=r,\\xCC\\x81\\e'").status == 0)
    let first = try tool.run("batch", name, "--output", "table.csv", "--json")
    #expect(first.status == 0, "\(first.error)")
    let again = try tool.run("batch", name, "--output", "table.csv", "--resume")
    #expect(again.status == 0, "\(again.error)")
    #expect(try tool.folder.text("table.csv").split(separator: "\n").count == 2)
  }

  @Test func classFoldersThatAreNoTextAreSaid() throws {
    let tool = try Self.trained()
    try #require(try tool.shell("cp -r odd/train/cafe$'\\xCC\\x81' odd/train/$'caf\\xE9'").status == 0)
    let outcome = try tool.run("data", "info", "--data", "odd")
    #expect(outcome.status == 65, "\(outcome.error)")
    #expect(
      outcome.error.contains(
        "odd/train: a name that is not UTF-8: expected names that are text, found the bytes 63 61 66 E9"))
  }
}
