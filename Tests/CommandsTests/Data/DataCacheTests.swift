import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// Decoded pictures that the command keeps, and `data cache`.
struct DataCacheTests {
  private let tool: Tool

  init() throws {
    tool = try Tool(isInMemory: true)
    try OwnData.pictures(in: tool.folder, training: 50, test: 10)
  }

  private static let recipe = [
    "train", "--data", "pictures", "--batch-size", "10", "--epochs", "1", "--quiet", "--json", "--threads", "2",
  ]

  private func weights(_ run: String) -> Data? { tool.folder.bytes("\(run)/weights/last.safetensors") }

  private func files() throws -> [[String: Any]] {
    let outcome = try tool.run("data", "cache", "--json")
    #expect(outcome.status == 0 && outcome.error == "", "\(outcome.error)")
    return try #require(try outcome.json()["files"] as? [[String: Any]])
  }

  /// The path of the cache file of the training part.
  private func trainingFile() throws -> String {
    let file = try #require(try files().first { $0["count"] as? Int == 50 })
    return try #require(file["path"] as? String)
  }

  /// The same command, without a cache, when it makes one, when it uses it, and when it cannot make one.
  @Test func trainingHasTheSameBitsWithAndWithoutACache() throws {
    var without = tool
    without.environment["JACQUARD_CACHE"] = "off"
    #expect(try without.run(Self.recipe + ["--out", "off"]).status == 0)
    #expect(try files().isEmpty)
    without.environment["JACQUARD_CACHE"] = ""
    #expect(try without.run(Self.recipe + ["--out", "empty"]).status == 0)
    #expect(try files().isEmpty)
    for run in ["first", "second"] {
      let outcome = try tool.run(Self.recipe + ["--out", run])
      #expect(outcome.status == 0 && outcome.error == "", "\(outcome.error)")
      #expect(try files().map { $0["state"] as? String } == ["ready", "ready"])
    }
    without.environment["JACQUARD_CACHE"] = "/proc/nowhere"
    let nowhere = try without.run(Self.recipe + ["--out", "nowhere"])
    #expect(nowhere.status == 0)
    // One warning for both parts.
    #expect(nowhere.errorLines.count == 1)
    #expect(
      nowhere.error.hasPrefix("jacquard: warning: /proc/nowhere: cannot create the folder: ")
        && nowhere.error.hasSuffix("decoded pictures are not kept.\n"), "\(nowhere.error)")
    let expected = try #require(weights("off"))
    for run in ["empty", "first", "second", "nowhere"] { #expect(weights(run) == expected, "\(run)") }
  }

  @Test func theDefaultPlaceIsInTheHomeFolder() throws {
    let process = tool.folder("home")
    try FileManager.default.createDirectory(atPath: process, withIntermediateDirectories: true)
    let outcome = try tool.shell("unset JACQUARD_CACHE; HOME='\(process)' jacquard data info --data pictures")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try tool.folder.names("home/.cache/jacquard").count == 2)
  }

  /// A picture that changes is seen, and its folder's file is replaced.
  @Test func changedPicturesAreDecodedAgain() throws {
    _ = try tool.run("data", "info", "--data", "pictures")
    let before = try files()
    try tool.folder.write(try OwnData.picture(90, height: 20, width: 22), to: "pictures/train/red/003.png")
    let outcome = try tool.run("data", "info", "--data", "pictures", "--json")
    var without = tool
    without.environment["JACQUARD_CACHE"] = "off"
    #expect(try without.run("data", "info", "--data", "pictures", "--json").output == outcome.output)
    #expect(outcome.error == "")
    let after = try files()
    #expect(after.map { $0["name"] as? String } == before.map { $0["name"] as? String })
    // Another size is another file.
    #expect(try tool.run("data", "info", "--data", "pictures", "--image-size", "8").status == 0)
    #expect(try files().count == 4)
  }

  @Test(arguments: ["damaged", "cut", "foreign", "link"])
  func aBrokenFileIsMadeAgainAndSaidInOneLine(kind: String) throws {
    let first = try tool.run("data", "info", "--data", "pictures", "--json")
    let path = try trainingFile()
    let content = try Data(contentsOf: URL(fileURLWithPath: path))
    var broken = content
    switch kind {
    case "damaged": broken[5000] ^= 1
    case "cut": broken = broken.prefix(20_000)
    case "foreign": broken = Data("#!/bin/sh\necho something else\n".utf8)
    default:
      try FileManager.default.moveItem(atPath: path, toPath: tool.folder("elsewhere"))
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: tool.folder("elsewhere"))
    }
    if kind != "link" { try broken.write(to: URL(fileURLWithPath: path)) }
    let second = try tool.run("data", "info", "--data", "pictures", "--json")
    #expect(second.output == first.output && second.status == 0)
    #expect(second.errorLines.count == 1)
    #expect(
      second.error.hasPrefix("jacquard: warning: \(path): it")
        && second.error.hasSuffix("; the pictures are decoded again.\n"), "\(second.error)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == content)
    #expect(try tool.run("data", "info", "--data", "pictures").error == "")
  }

  /// Each call that changes a file of the cache fails once, as on a full disk: the work goes on, and nothing is left behind.
  @Test(arguments: [ENOSPC, EIO, EROFS])
  func aDiskThatFailsIsOneWarning(code: Int32) throws {
    var faulty = tool
    faulty.environment["LD_PRELOAD"] = TinyRun.faultLibrary
    faulty.environment["FAULT_FOLDER"] = tool.cache.path
    faulty.environment["FAULT_LOG"] = tool.folder("log")
    let expected = try faulty.run("data", "info", "--data", "pictures", "--json").output
    let calls = try tool.folder.text("log").split(separator: "\n").count
    #expect(calls >= 8)
    faulty.environment["FAULT_LOG"] = nil
    for number in 1...calls {
      for name in try tool.cache.names() { tool.cache.remove(name) }
      faulty.environment["FAULT_AT"] = "\(number)"
      faulty.environment["FAULT_ACTION"] = "\(code)"
      faulty.environment["FAULT_STICKY"] = "1"
      let outcome = try faulty.run("data", "info", "--data", "pictures", "--json")
      #expect(outcome.status == 0 && outcome.output == expected, "call \(number): \(outcome.error)")
      #expect(outcome.errorLines.count == 1, "call \(number): \(outcome.error)")
      #expect(outcome.error.contains("decoded pictures are not kept."), "call \(number): \(outcome.error)")
      faulty.environment["FAULT_AT"] = nil
      #expect(try tool.run("data", "info", "--data", "pictures", "--json").output == expected)
    }
  }

  @Test func aDiskWithoutSpaceIsNotFilled() throws {
    var full = tool
    full.environment["LD_PRELOAD"] = TinyRun.faultLibrary
    full.environment["FAULT_FREE"] = "1000"
    let outcome = try full.run("data", "info", "--data", "pictures")
    #expect(outcome.status == 0)
    #expect(outcome.error.contains("No space left on device") && outcome.errorLines.count == 1, "\(outcome.error)")
    #expect(try files().isEmpty)
  }

  @Test func severalProcessesMayStartAtOnce() throws {
    let outcome = try tool.shell(
      """
      for number in 1 2 3 4; do '\(Tool.path)' data info --data pictures --json > out$number 2> err$number & done; wait
      cat err*; cmp out1 out2 && cmp out1 out3 && cmp out1 out4 && jacquard data info --data pictures --json | cmp - out1
      """)
    #expect(outcome.status == 0 && outcome.output == "" && outcome.error == "", "\(outcome.output) \(outcome.error)")
    #expect(try files().map { $0["state"] as? String } == ["ready", "ready"])
  }

  /// A process that is killed in the middle leaves no file that another one would take for whole.
  @Test func aKilledProcessLeavesNothingThatCounts() throws {
    var killed = tool
    killed.environment["LD_PRELOAD"] = TinyRun.faultLibrary
    killed.environment["FAULT_FOLDER"] = tool.cache.path
    killed.environment["FAULT_ACTION"] = "kill"
    var ready = 0
    for number in 1...8 {
      killed.environment["FAULT_AT"] = "\(number)"
      _ = try killed.run("data", "info", "--data", "pictures")
      ready += try files().filter { $0["state"] as? String == "ready" }.count
      #expect(try files().allSatisfy { ["ready", "unfinished"].contains($0["state"] as? String) })
      let outcome = try tool.run("data", "info", "--data", "pictures")
      #expect(outcome.status == 0 && outcome.error == "", "\(outcome.error)")
      #expect(try tool.run("data", "cache", "--clear").status == 0)
      #expect(try tool.cache.names() == [])
    }
    #expect(ready > 0)
  }

  @Test func filesAreListedAndRemoved() throws {
    let empty = try tool.run("data", "cache")
    #expect(empty.output == "cache  \(tool.cache.path)\nkept   nothing\n")
    _ = try tool.run("data", "info", "--data", "pictures")
    let list = try files()
    #expect(list.map { $0["count"] as? Int }.sorted { $0 ?? 0 < $1 ?? 0 } == [10, 50])
    let training = try #require(list.first { $0["count"] as? Int == 50 })
    let name = try #require(training["name"] as? String)
    #expect(training["height"] as? Int == 20 && training["width"] as? Int == 22 && training["channels"] as? Int == 3)
    #expect((training["data"] as? String)?.hasSuffix("/pictures/train") == true)
    #expect(try #require(training["bytes"] as? Int) > 50 * 20 * 22 * 3)
    let table = try tool.run("data", "cache").output
    #expect(table.contains(name) && table.contains("20 × 22 × 3"))

    let wrong = try tool.run("data", "cache", "--remove", "nothing")
    #expect(wrong.status == 66 && wrong.error.contains("there is no 'nothing'"), "\(wrong.error)")
    let both = try tool.run("data", "cache", "--clear", "--remove", name)
    #expect(both.status == 64)
    let removed = try tool.run("data", "cache", "--remove", name, "--json").json()
    #expect(removed["removed"] as? [String] == [name])
    #expect((removed["files"] as? [Any])?.count == 1)
    try tool.cache.write("notes", to: "notes.txt")
    try tool.cache.write("half", to: ".jacquard-1.tmp")
    try tool.cache.write("not ours", to: "0000000000000000.pictures")
    #expect(
      try files().map { $0["state"] as? String }.compactMap(\.self).sorted() == ["damaged", "ready", "unfinished"])
    let cleared = try tool.run("data", "cache", "--clear")
    #expect(cleared.output.contains("removed  3 files"), "\(cleared.output)")
    // Only what the command wrote.
    #expect(try tool.cache.names() == ["notes.txt"])

    var off = tool
    off.environment["JACQUARD_CACHE"] = "off"
    #expect(try off.run("data", "cache").output == "Decoded pictures are not kept.\n")
    #expect(try off.run("data", "cache", "--json").json()["cache"] is NSNull)
  }

  /// `verify` looks at the files themselves.
  @Test func verifyDoesNotTrustTheCache() throws {
    _ = try tool.run("data", "info", "--data", "pictures")
    let time = try #require(
      try FileManager.default.attributesOfItem(atPath: tool.folder("pictures/train/red/003.png"))[.modificationDate]
        as? Date)
    let handle = try #require(FileHandle(forWritingAtPath: tool.folder("pictures/train/red/003.png")))
    try handle.write(contentsOf: Data("no picture any more".utf8))
    try handle.close()
    // As if nothing had happened: only reading the file shows it.
    try FileManager.default.setAttributes(
      [.modificationDate: time], ofItemAtPath: tool.folder("pictures/train/red/003.png"))
    let outcome = try tool.run("data", "verify", "--data", "pictures")
    #expect(outcome.status == 65 && outcome.error.contains("003.png"), "\(outcome.error)")
  }

  @Test func skippedPicturesAreRecordedEachTime() throws {
    try tool.folder.write("no picture", to: "pictures/train/red/zz.png")
    for run in ["one", "two"] {
      #expect(try tool.run(Self.recipe + ["--skip-broken", "--out", run]).status == 0)
      let provenance = try #require(try tool.json("\(run)/run.json")["provenance"] as? [String: Any])
      let skipped = try #require(provenance["skipped_pictures"] as? [[String: Any]])
      #expect(skipped.map { $0["path"] as? String } == ["pictures/train/red/zz.png"])
    }
    #expect(weights("one") == weights("two"))
  }
}
