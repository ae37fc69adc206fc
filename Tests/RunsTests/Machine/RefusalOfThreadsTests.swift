import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// A system that refuses threads: an error if the user set their number, otherwise fewer threads, and never a stack dump.
@Suite(.enabled(if: Sanitizer.current == nil))
struct RefusalOfThreadsTests {
  private func faults(_ threads: Int) -> [String: String] {
    // OpenBLAS would start threads when it is loaded.
    ["FAULT_THREADS": "\(threads)", "OPENBLAS_NUM_THREADS": "1"]
  }

  private func run(_ tool: Tool, _ arguments: [String], threads: Int) throws -> Tool.Outcome {
    var tool = tool
    tool.environment = faults(threads)
    tool.environment["LD_PRELOAD"] = TinyRun.faultLibrary
    return try tool.run(arguments)
  }

  @Test func threadsThatNobodyNamedAreFewer() throws {
    let run = try TinyRun()
    try #require(try run.begin("whole").status == 0)
    var recipe = TinyRun.recipe
    let place = try #require(recipe.firstIndex(of: "--threads"))
    recipe.removeSubrange(place...place + 1)
    // All threads are refused, including those that read data.
    let outcome = try self.run(run.tool, ["train", "--out", "few"] + recipe, threads: 0)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(run.differences("whole", "few") == [])
    #expect(try outcome.json()["threads"] as? Int == 1)
  }

  @Test func threadsThatSomebodyNamedAreAnError() throws {
    let run = try TinyRun()
    try #require(try run.begin("run").status == 0)
    for arguments in [
      ["train", "--out", "other"] + TinyRun.recipe + ["--threads", "5"],
      ["evaluate", "run", "--data", "data", "--threads", "5"],
      ["predict", "run", "data/t10k-images-idx3-ubyte:0", "--threads", "5"],
      ["compare", "run", "run/weights/best.safetensors", "--data", "data", "--threads", "5"],
      ["bench", "gemm", "--size", "16x16x16", "--seconds", "0.001", "--threads", "5"],
    ] {
      let outcome = try self.run(run.tool, arguments, threads: 2)
      #expect(outcome.status == 74, "\(arguments): \(outcome.error)")
      #expect(
        outcome.errorLines.last?.contains("threads (Resource temporarily unavailable); use fewer threads") == true)
      #expect(!outcome.error.contains("Fatal") && !outcome.error.contains("Backtrace"), "\(outcome.error)")
    }
  }

  @Test(arguments: [
    ["evaluate", "run", "--data", "data"], ["predict", "run", "data/t10k-images-idx3-ubyte:0..3"],
    ["errors", "run", "--data", "data"], ["report", "run", "--data", "data", "--output", "r.html"],
    ["plot", "features", "run", "--data", "data", "--output", "f.svg"],
    ["lr-find", "--model", "tiny.json", "--data", "data", "--steps", "12"], ["data", "info", "--data", "data"],
    ["batch", "run", "--data", "data"], ["doctor"],
  ])
  func everyVerbGoesOnWithOneThread(arguments: [String]) throws {
    let run = try TinyRun()
    try #require(try run.begin("run").status == 0)
    let outcome = try self.run(run.tool, arguments, threads: 0)
    #expect(outcome.status == 0 || arguments == ["doctor"], "\(outcome.error)")
    #expect(outcome.status < 128)
  }

  @Test func aFolderOfPicturesIsReadOnOneThread() throws {
    let tool = try Tool()
    try OwnData.pictures(in: tool.folder, training: 200, test: 10)
    let outcome = try run(tool, ["data", "info", "--data", "pictures", "--json"], threads: 0)
    #expect(outcome.status == 0, "\(outcome.error)")
  }
}
