import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// Every verb in a terminal of 80 columns: no line is longer, so the program and not the terminal breaks lines.
struct TerminalWidthTests {
  private static let model = """
    {"name": "a model whose name is longer than many a table would like it to be", "input_shape": [28, 28, 1],
     "layers": [{"type": "conv2d", "output_channels": 2, "kernel_size": 5, "stride": 2, "padding": "same"}, {"type": "relu"},
                {"type": "flatten"}, {"type": "dense", "output_features": 10}]}
    """

  /// The lines of a verb's output that are too long. A failure is one line of any length.
  private func longLines(_ tool: Tool, _ arguments: [String]) throws -> [String] {
    let pane = try TerminalPane(tool, arguments)
    #expect([0, 1, 3].contains(pane.status), "\(arguments): \(pane.lines)")
    #expect(pane.lines.contains { !$0.isEmpty }, "\(arguments)")
    return pane.lines.filter { $0.count > 80 }
  }

  @Test func noVerbShowsALongLine() throws {
    let tool = try Tool()
    try SmallData.write(in: tool.folder)
    try tool.folder.write(Self.model, to: "long.json")
    try tool.folder.write(
      #"{"base": {"model": "lenet", "epochs": 1, "validation": 0.1}, "grid": {"lr": [0.001, 0.01]}}"#, to: "grid.json")
    let data = ["--data", "data"]
    let images = "data/t10k-images-idx3-ubyte:0..2"
    let verbs: [[String]] = [
      ["train", "--model", "lenet", "--epochs", "2", "--batch-size", "20", "--validation", "50", "--out", "run"] + data,
      ["train", "--model", "long.json", "--epochs", "2", "--batch-size", "20", "--validation", "50", "--out", "other"]
        + data,
      ["train", "--model", "lenet", "--epochs", "1", "--progress", "plain", "--validation", "50", "--out", "plain"]
        + data,
      ["lr-find", "--model", "lenet", "--batch-size", "20"] + data,
      ["evaluate", "run"] + data, ["evaluate", "other"] + data,
      ["predict", "run", images], ["predict", "run", images, "--top", "10"], ["predict", "run", "missing.png"],
      ["errors", "run"] + data, ["errors", "run", "--output", "errors.png", "--csv", "errors.csv"] + data,
      ["plot", "curves", "run", "other", "--terminal"], ["plot", "confusion", "run", "--terminal"] + data,
      ["plot", "curves", "run", "--output", "curves.png"], ["report", "run"] + data,
      ["summary", "lenet"], ["summary", "cnn"], ["summary", "vgg"], ["summary", "long.json"], ["summary", "run"],
      ["data", "info"] + data, ["data", "verify"] + data, ["data", "show"] + data,
      ["batch", "run", "other", "--output", "batch.csv"] + data, ["compare", "run", "other", "plain"] + data,
      ["sweep", "grid.json", "--out", "sweep"] + data, ["reproduce", "run"] + data, ["verify", "run"], ["runs", "."],
      ["serve", "run", "--check"],
      ["export", "run", "--format", "onnx", "--output", "run.onnx"],
      ["import", "run.onnx", "--output", "imported.safetensors"],
      ["doctor"] + data, ["--version"],
    ]
    for verb in verbs { #expect(try longLines(tool, verb) == [], "\(verb)") }
  }

  @Test func noBenchmarkShowsALongLine() throws {
    let tool = try Tool()
    let flags = ["--seconds", "0.0005", "--threads", "1,2"]
    for verb in [
      ["bench", "gemm"], ["bench", "conv", "--model", "lenet"],
      ["bench", "model", "--model", "lenet", "--batch-size", "4"],
      ["bench", "conv", "--model", "lenet", "--algorithm", "naive"],
      ["bench", "conv", "--model", "lenet", "--no-naive"],
    ] {
      #expect(try longLines(tool, verb + flags) == [], "\(verb)")
    }
  }

  @Test func noHelpHasALongLine() throws {
    let tool = try Tool()
    for verb in try CommandReference().verbs.map(\.words) {
      #expect(try longLines(tool, verb + ["--help"]) == [], "\(verb)")
    }
  }
}
