import Foundation
import Interchange
import JacquardEngine
import NumPy
import TestSupport
import Testing

/// The operator cases of onnx's own suite: each is read and computed as it says, or rejected for the reason in
/// `onnx-cases.txt`.
@Suite(.conformance)
struct ONNXCaseTests {
  private static let list = Python.folder.appendingPathComponent("onnx-cases.txt")

  /// Makes the list again: every case whose operators are all supported, and its result.
  @Test func claimedCasesPass() throws {
    let folder = try TemporaryFolder()
    let names = try Python.json("onnx_cases.py", [folder.path] + ONNXNetworkGraph.operators, as: [String].self)
    var lines: [String] = []
    for name in names { lines.append("\(name): \(try Self.outcome(of: folder(name)))") }
    let text = lines.joined(separator: "\n") + "\n"
    if ProcessInfo.processInfo.environment["JACQUARD_WRITE_CASES"] != nil {
      try text.write(to: Self.list, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOf: Self.list, encoding: .utf8)
    let committed = expected.split(separator: "\n").map(String.init)
    for line in lines where !committed.contains(line) { Issue.record("not as in onnx-cases.txt: \(line)") }
    #expect(lines.count == committed.count)
    // The list must not shrink unnoticed, nor contain a wrong result.
    #expect(lines.filter { $0.hasSuffix(": computed") }.count >= 95)
    #expect(!text.contains(": WRONG"))
  }

  /// "computed" within 1e-5, "computed, to the digits of the suite", "refused: …", or "WRONG: …".
  private static func outcome(of path: String) throws -> String {
    let graph: ONNXNetworkGraph
    do {
      graph = try ONNXImportTests.graph(path + ".onnx")
    } catch {
      return "refused: \(error)"
    }
    guard FileManager.default.fileExists(atPath: path + ".in.npy") else {
      // The cases are written for single precision; a note reports that a graph uses half precision.
      return graph.notes.isEmpty
        ? "WRONG: it was read, but takes or gives no tensors of numbers" : "read, in single precision, and not compared"
    }
    let input = try NumPyArray(contentsOf: path + ".in.npy")
    let expected = try NumPyArray(contentsOf: path + ".out.npy").floats
    let ours = try GraphRun(graph).outputs(for: input)
    let difference = ONNXImportTests.difference(ours, expected)
    if difference < 1e-5 { return "computed" }
    // Some results are printed with four digits; the suite's own tolerance applies to those.
    let isClose =
      ours.count == expected.count
      && zip(ours, expected).allSatisfy { ($0 - $1).magnitude <= 1e-7 + 1e-3 * $1.magnitude }
    return isClose ? "computed, to the digits of the suite" : "WRONG: by \(difference)"
  }
}
