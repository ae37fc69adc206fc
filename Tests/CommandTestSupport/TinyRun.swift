import Foundation
import TestSupport
import Testing

/// A very short training with every kind of state: batch norm's statistics, dropout, augmentation, Adam's moments, a smaller last batch, validation
/// and best weights.
package struct TinyRun {
  package let tool: Tool

  package init(isInMemory: Bool = false) throws {
    tool = try Tool(isInMemory: isInMemory)
    try SmallData.write(in: tool.folder, training: 60, test: 20)
    try tool.folder.write(Self.model, to: "tiny.json")
  }

  private static let model = """
    {"name": "tiny", "input_shape": [28, 28, 1], "layers": [
      {"type": "max_pool2d", "size": 4}, {"type": "conv2d", "output_channels": 4, "kernel_size": 3}, {"type": "batch_norm2d"},
      {"type": "relu"}, {"type": "flatten"}, {"type": "dropout", "rate": 0.2}, {"type": "dense", "output_features": 10}
    ]}
    """

  /// 45 images to train on, in batches of 20: three steps in an epoch, saved after each.
  package static let recipe = [
    "--model", "tiny.json", "--data", "data", "--epochs", "2", "--batch-size", "20", "--validation", "15", "--augment",
    "flip,shift=1", "--lr", "0.01", "--save-every", "1", "--threads", "2", "--quiet", "--json",
  ]

  /// Starts a run in the folder `name`.
  package func begin(_ name: String, _ flags: [String] = [], faults: [String: String] = [:]) throws -> Tool.Outcome {
    try with(faults).run(["train", "--out", name] + Self.recipe + flags)
  }

  /// Resumes a run.
  package func resume(_ name: String, _ flags: [String] = [], faults: [String: String] = [:]) throws -> Tool.Outcome {
    try with(faults).run(["train", "--resume", name, "--quiet", "--json"] + flags)
  }

  /// Resumes a run, or starts it if it did not get far enough to be resumed.
  package func begin(
    orResume name: String, _ flags: [String] = [], faults: [String: String] = [:]
  ) throws -> Tool.Outcome {
    tool.folder.holds(name + "/config.json")
      ? try resume(name, flags, faults: faults) : try begin(name, flags, faults: faults)
  }

  /// The command with faults in its calls on files; see `Tests/FaultInjection`.
  private func with(_ faults: [String: String]) -> Tool {
    guard !faults.isEmpty else { return tool }
    var faulty = tool
    faulty.environment = faults
    faulty.environment["LD_PRELOAD"] = Self.faultLibrary
    return faulty
  }

  /// The library that makes calls fail when it is loaded into the command.
  package static var faultLibrary: String {
    URL(fileURLWithPath: Tool.path).deletingLastPathComponent().appendingPathComponent("libFaultInjection.so").path
  }

  /// The files that must be the same in two runs, byte for byte.
  package static let files = ["weights/last.safetensors", "weights/best.safetensors", "metrics.csv"]

  /// The names of the files that differ between two runs, or are missing in both.
  package func differences(_ one: String, _ other: String) -> [String] {
    Self.files.filter { name in
      let (a, b) = (tool.folder.bytes("\(one)/\(name)"), tool.folder.bytes("\(other)/\(name)"))
      return a == nil || a != b
    }
  }

  /// The content of a run's state.
  package func state(_ name: String) throws -> [String: Any] {
    let bytes = try #require(tool.folder.bytes("\(name)/state/last.safetensors"))
    let text = try #require(try SafetensorsSurgery.metadata(bytes)["jacquard.state"])
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// The completed steps in a run's state.
  package func savedStep(_ name: String) throws -> Int? {
    (try state(name)["progress"] as? [String: Any])?["step"] as? Int
  }

  /// The events of a run, by name.
  package func events(_ name: String) throws -> [String] {
    try tool.folder.text("\(name)/events.jsonl").split(separator: "\n").map { line in
      let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return try #require(event?["event"] as? String)
    }
  }
}
