import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// Files of a run in which bits have changed: noticed at every load, with the way to make them again.
struct DamageTests {
  private let run: TinyRun

  init() throws {
    run = try TinyRun()
    let outcome = try run.begin("run", ["--keep-states", "1"])
    try #require(outcome.status == 0, "\(outcome.error)")
  }

  /// Changes one bit of a file of the run, in its numbers or in its header.
  private func damage(_ name: String, inHeader: Bool = false) throws {
    var bytes = try #require(run.tool.folder.bytes("run/\(name)"))
    let header = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    // A digit of the header, or the lowest bit of a number.
    let digit = bytes.range(of: Data("\"step\\\":".utf8)).map(\.upperBound)
    let place = inHeader ? try #require(digit) : 8 + header + (bytes.count - 8 - header) / 8 * 4
    bytes[place] ^= 1
    try run.tool.folder.write(bytes, to: "run/\(name)")
  }

  @Test(arguments: [
    ["evaluate", "run", "--data", "data"], ["predict", "run", "data/t10k-images-idx3-ubyte:0"],
    ["export", "run", "--output", "run.onnx"], ["plot", "filters", "run", "--output", "f.svg"], ["summary", "run"],
    ["reproduce", "run"], ["train", "--init-from", "run", "--model", "tiny.json", "--data", "data", "--out", "next"],
  ])
  func damagedWeightsAreRefused(arguments: [String]) throws {
    try damage("weights/last.safetensors")
    let outcome = try run.tool.run(arguments)
    #expect(outcome.status == 65, "\(outcome.output)\(outcome.error)")
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.error.contains("run/weights/last.safetensors: "), "\(outcome.error)")
    if arguments[0] != "reproduce" {
      #expect(outcome.error.contains("the file is damaged: its content has the checksum xxh64:"), "\(outcome.error)")
      #expect(outcome.error.contains("jacquard train --resume run"), "\(outcome.error)")
    }
    #expect(!run.tool.folder.holds("next"))
  }

  @Test(arguments: [false, true])
  func aDamagedStateIsNotResumed(inHeader: Bool) throws {
    try damage("state/last.safetensors", inHeader: inHeader)
    let outcome = try run.resume("run", ["--epochs", "3"])
    #expect(outcome.status == 65 && outcome.output == "", "\(outcome.error)")
    #expect(outcome.error.contains("run/state/last.safetensors: the file is damaged"), "\(outcome.error)")
    #expect(outcome.error.contains("replace it with the state after epoch 2: run/state/epoch-2.safetensors"))
    // The advice works.
    let copied = try run.tool.shell("cp run/state/epoch-2.safetensors run/state/last.safetensors")
    #expect(copied.status == 0)
    #expect(try run.resume("run", ["--epochs", "3"]).status == 0)
  }

  @Test(arguments: ["weights/last.safetensors", "weights/best.safetensors"])
  func resumingAFinishedRunMakesDamagedWeightsAgain(file: String) throws {
    let before = run.tool.folder.bytes("run/\(file)")
    try damage(file)
    #expect(run.tool.folder.bytes("run/\(file)") != before)
    let outcome = try run.resume("run")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(run.tool.folder.bytes("run/\(file)") == before)
    #expect(try run.tool.run("verify", "run").status == 0)
  }

  @Test func verifyLooksAtEveryFile() throws {
    let whole = try run.tool.run("verify", "run", "--json")
    #expect(whole.status == 0 && whole.error == "", "\(whole.error)")
    let files = try #require(try whole.json()["files"] as? [[String: Any]])
    #expect(files.allSatisfy { $0["status"] as? String == "whole" })
    #expect(
      Set(files.compactMap { $0["file"] as? String }) == [
        "run/config.json", "run/run.json", "run/state/last.safetensors", "run/state/epoch-1.safetensors",
        "run/state/epoch-2.safetensors", "run/metrics.csv", "run/events.jsonl", "run/weights/last.safetensors",
        "run/weights/best.safetensors",
      ])
    try damage("weights/last.safetensors")
    try damage("state/epoch-1.safetensors")
    run.tool.folder.remove("run/metrics.csv")
    let broken = try run.tool.run("verify", "run")
    #expect(broken.status == 65)
    #expect(
      broken.error
        == "jacquard: error: 3 files are damaged or missing; the first is run/state/epoch-1.safetensors.\n")
    let lines = broken.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(
      lines.contains(["run/metrics.csv", "missing"]) && lines.contains(["run/weights/last.safetensors", "damaged"]))
    #expect(lines.contains(["run/weights/best.safetensors", "whole"]))
    #expect(try run.tool.run("verify", "nothing").status == 66)
  }

  /// An older version wrote no checksum: the file is taken, and `verify` says so.
  @Test func filesWithoutAChecksumAreTaken() throws {
    let bytes = SafetensorsSurgery.withoutChecksum(try #require(run.tool.folder.bytes("run/state/last.safetensors")))
    try run.tool.folder.write(bytes, to: "run/state/last.safetensors")
    #expect(try run.tool.run("verify", "run").output.contains("run/state/last.safetensors     unchecked"))
    #expect(try run.resume("run", ["--epochs", "3"]).status == 0)
  }
}
