import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// Runs that come with the program and are found by name.
struct ShippedRunsTests {
  private static let images = "data/t10k-images-idx3-ubyte:0..2"

  private func tool() throws -> Tool {
    let tool = try Tool()
    try SmallData.write(in: tool.folder)
    return tool
  }

  /// The program of the package finds the package's own runs.
  @Test func aNameIsARun() throws {
    let tool = try tool()
    let outcome = try tool.run("predict", "fast", Self.images)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output.split(separator: "\n").count == 3)
    let evaluation = try tool.run("evaluate", "fast", "--data", "data", "--json").json()
    #expect(evaluation["model"] as? String == "air")
  }

  @Test func whatIsInTheFolderComesFirst() throws {
    let tool = try tool()
    try tool.folder.write("not weights", to: "fast")
    let outcome = try tool.run("predict", "fast", Self.images)
    #expect(outcome.status == 65 && outcome.error.contains("fast"), "\(outcome.error)")
  }

  @Test func anUnknownNameListsTheOthers() throws {
    let tool = try tool()
    let outcome = try tool.run("predict", "fats", Self.images)
    #expect(outcome.status == 66)
    #expect(outcome.error.contains("or one of the names") && outcome.error.contains("fast"), "\(outcome.error)")
    let path = try tool.run("predict", "./fast", Self.images)
    #expect(path.status == 66 && !path.error.contains("one of the names"), "\(path.error)")
  }

  /// An installed program finds the runs beside it, wherever that is.
  @Test func anInstalledProgramFindsThoseBesideIt() throws {
    let tool = try tool()
    let trained = try tool.run(
      "train", "--model", "lenet", "--data", "data", "--max-steps", "1", "--no-test", "--quiet", "--out",
      "share/jacquard/weights/small")
    try #require(trained.status == 0, "\(trained.error)")
    try FileManager.default.createDirectory(atPath: tool.folder("bin"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: Tool.path, toPath: tool.folder("bin/jacquard"))
    let outcome = try tool.run(executable: tool.folder("bin/jacquard"), ["predict", "small", Self.images])
    #expect(outcome.status == 0, "\(outcome.error)")
    let other = try tool.run(executable: tool.folder("bin/jacquard"), ["predict", "fast", Self.images])
    #expect(other.status == 66 && other.error.contains("one of the names small"), "\(other.error)")
  }
}
