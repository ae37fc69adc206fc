import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// Arbitrary numbers in files of a run: a verb answers or rejects the file, and never traps.
struct ForeignNumberTests {
  private static let numbers = [
    "0", "-1", "9223372036854775807", "-9223372036854775808", "4611686018427387904", "1125899906842624", "1e308",
    "-1e308",
    "4e20", "5e-324", "0.5",
  ]

  /// The text, with each number in turn replaced by each of the unusual ones.
  private func variants(_ text: String) -> [String] {
    text.matches(of: /[:\[,]\s*(-?[0-9][0-9.eE+\-]*)/).enumerated().flatMap { place, match in
      // All of them at some places, some of them at all places.
      Self.numbers.enumerated().filter { ($0.offset + place) % 3 == 0 }.map { _, number in
        text.replacingCharacters(in: match.1.startIndex..<match.1.endIndex, with: number)
      }
    }
  }

  @Test func statesOfAnyNumbersAreRefusedOrResumed() throws {
    let run = try TinyRun(isInMemory: true)
    try #require(try run.begin("run", ["--max-steps", "4", "--on-nan", "rollback"]).status == 0)
    let state = try #require(run.tool.folder.bytes("run/state/last.safetensors"))
    let metadata = try SafetensorsSurgery.metadata(state)
    let text = try #require(metadata["jacquard.state"])
    try #require(try run.tool.shell("cp -r run whole").status == 0)
    var codes: [Int32: Int] = [:]
    for variant in variants(text) {
      func quoted(_ text: String) -> String { text.replacing("\"", with: "\\\"") }
      let changed = try SafetensorsSurgery.replacing(quoted(text), with: quoted(variant), in: state)
      try #require(try run.tool.shell("rm -rf run; cp -r whole run").status == 0)
      try run.tool.folder.write(changed, to: "run/state/last.safetensors")
      let outcome = try run.resume("run", ["--max-steps", "6", "--max-time", "20s"])
      codes[outcome.status, default: 0] += 1
      #expect([0, 65, 74, 78].contains(outcome.status), "\(variant): \(outcome.error.suffix(500))")
      #expect(outcome.errorLines.count <= 3, "\(outcome.error.suffix(500))")
    }
    #expect((codes[65] ?? 0) > 20 && (codes[0] ?? 0) > 5, "\(codes)")
  }

  @Test func reportsAndPlotsOfAnyNumbers() throws {
    let run = try TinyRun(isInMemory: true)
    try #require(try run.begin("run").status == 0)
    for name in ["metrics.csv", "run.json"] {
      let text = try run.tool.folder.text("run/\(name)")
      for (number, variant) in variants(text).enumerated() where number % 2 == 0 {
        try run.tool.folder.write(variant, to: "run/\(name)")
        let verbs = [
          ["report", "run", "--data", "data", "--output", "r.html"], ["plot", "curves", "run", "--output", "c.svg"],
          ["plot", "schedule", "run", "--output", "s.svg"], ["train", "--resume", "run"], ["verify", "run"],
        ]
        let outcome = try run.tool.run(verbs[number / 2 % verbs.count])
        #expect(
          [0, 65, 66, 74, 78].contains(outcome.status),
          "\(verbs[number / 2 % verbs.count]) \(variant): \(outcome.status) \(outcome.error.suffix(500))")
      }
      try run.tool.folder.write(text, to: "run/\(name)")
    }
  }

  /// The training from the issue: its test loss is 4e20.
  @Test func aRunThatDivergedHasAReport() throws {
    let tool = try Tool()
    // At a rate with finite answers, and with the same bits on every processor.
    try tool.trainSmall("--optimizer", "sgd", "--lr", "20", "--max-steps", "2", "--gemm", "portable")
    for verb in [
      ["report", "run"], ["evaluate", "run"], ["errors", "run", "--csv", "e.csv", "--output", "e.svg"],
      ["plot", "curves", "run", "--output", "c.svg"], ["plot", "confusion", "run", "--output", "c.svg"],
      ["plot", "features", "run", "--output", "f.svg"],
    ] {
      let outcome = try tool.run(verb + ["--data", "data"].filter { _ in verb[1] != "curves" })
      #expect(outcome.status == 0 || outcome.status == 65, "\(verb): \(outcome.error.suffix(500))")
    }
    let report = try tool.run("report", "run", "--data", "data")
    #expect(report.status == 0, "\(report.error)")
  }

  /// The same kernels, but another processor: the message that README promises appears.
  @Test func resumingOnAnotherProcessorIsSaid() throws {
    let run = try TinyRun()
    try #require(try run.begin("run", ["--pause-after", "1"]).status == 0)
    let state = try #require(run.tool.folder.bytes("run/state/last.safetensors"))
    let changed = try SafetensorsSurgery.replacing(
      #"\"processor\":\""#, with: #"\"processor\":\"Abacus of "#, in: state)
    try run.tool.folder.write(changed, to: "run/state/last.safetensors")
    let outcome = try run.resume("run")
    #expect(outcome.status == 0)
    #expect(
      outcome.error.contains("warning: the state was computed with Abacus of ")
        && outcome.error.contains("the last bits of the results may differ"), "\(outcome.error)")
    #expect(outcome.errorLines.count == 1)
  }
}
