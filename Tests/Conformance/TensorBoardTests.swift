import Foundation
import Interchange
import TestSupport
import Testing

/// TensorBoard's own reader shows the output of `train --tensorboard`, regardless of how the writing process ended.
@Suite(.conformance)
struct TensorBoardTests {
  /// The reader's findings.
  private struct Found: Decodable {
    struct Image: Decodable {
      let step: Int
      let width: Int
      let height: Int
      let png: String
    }
    struct Histogram: Decodable {
      let step: Int
      let minimum: Double
      let maximum: Double
      let count: Double
      let sum: Double
      let limits: [Double]
      let counts: [Double]
    }
    /// TensorBoard's view of a name: the plugin that shows its values, and the steps.
    struct Plugin: Decodable {
      let name: String
      let steps: [Int]

      init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        name = try container.decode(String.self)
        steps = try container.decode([Int].self)
      }
    }

    let version: Double
    let scalars: [String: [[Double]]]
    let images: [String: [Image]]
    let histograms: [String: [Histogram]]
    let plugins: [String: Plugin]

    func steps(_ name: String) -> [Int] { (scalars[name] ?? []).map { Int($0[0]) } }
    func values(_ name: String) -> [Double] { (scalars[name] ?? []).map { $0[1] } }
  }

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    // 60 images of 12 × 12 × 3 and three classes.
    _ = try Python.run("tensorboard_data.py", folder("own.npz"))
    try Data(Self.model.utf8).write(to: URL(fileURLWithPath: folder("tiny.json")))
  }

  private static let model = """
    {"name": "tiny", "input_shape": [12, 12, 3], "class_names": ["0", "1", "2"], "layers": [
      {"type": "conv2d", "output_channels": 4, "kernel_size": 3}, {"type": "relu"}, {"type": "max_pool2d", "size": 2},
      {"type": "flatten"}, {"type": "dense", "output_features": 3}]}
    """

  private func found(_ run: String, _ part: String = "train") throws -> Found {
    try Python.json("tensorboard_read.py", folder("\(run)/tensorboard/\(part)"), as: Found.self)
  }

  /// 45 images to train on in batches of 15, three steps in an epoch.
  private func recipe(_ run: String) -> [String] {
    [
      "train", "--data", folder("own.npz"), "--model", folder("tiny.json"), "--batch-size", "15", "--validation", "15",
      "--epochs", "4", "--augment", "flip,shift=1", "--out", folder(run), "--quiet", "--json",
    ]
  }

  private func bytes(_ path: String) -> Data? { try? Data(contentsOf: URL(fileURLWithPath: folder(path))) }

  /// The rows of a run's metrics, without the header.
  private func rows(_ run: String) throws -> [[String]] {
    try String(contentsOfFile: folder("\(run)/metrics.csv"), encoding: .utf8).split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  private func eventFiles(_ run: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder("\(run)/tensorboard/train")).sorted()
  }

  @Test func curvesInputsAndWeightsAreShown() throws {
    _ = try Program.output(of: Program.jacquard, recipe("run") + ["--tensorboard"])
    let training = try found("run")
    let validation = try found("run", "validation")
    let rows = try rows("run")
    #expect(training.version == 2)
    #expect(training.steps("step/loss") == Array(1...12))
    #expect(training.steps("epoch/loss") == [3, 6, 9, 12])
    for (values, column) in [
      (training.values("epoch/learning_rate"), 2), (training.values("epoch/loss"), 3),
      (training.values("epoch/accuracy"), 4), (validation.values("epoch/loss"), 5),
      (validation.values("epoch/accuracy"), 6),
    ] {
      let expected = rows.compactMap { Double($0[column]) }
      #expect(expected.count == 4 && zip(values, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(values) \(expected)")
    }
    // The mean of an epoch's batches, which have the same size.
    let losses = training.values("step/loss")
    #expect(abs(losses[0..<3].reduce(0, +) / 3 - training.values("epoch/loss")[0]) < 1e-5)
    #expect(training.values("epoch/images_per_second").allSatisfy { $0 > 0 })

    // 32 inputs in four rows, a pixel between them.
    let inputs = try #require(training.images["inputs"])
    #expect(inputs.map(\.step) == [3, 6, 9, 12])
    #expect(inputs.allSatisfy { $0.width == 8 * 13 - 1 && $0.height == 4 * 13 - 1 && $0.png.hasPrefix("89504e47") })
    // Each epoch has its own order and changes.
    #expect(Set(inputs.map(\.png)).count == 4)

    let weights = try SafetensorsFile(contentsOf: folder("run/weights/last.safetensors"))
    for name in ["conv1.weight", "conv1.bias", "fc1.weight", "fc1.bias"] {
      let histograms = try #require(training.histograms["weights/\(name)"], "\(name)")
      #expect(histograms.map(\.step) == [3, 6, 9, 12])
      let (last, values) = (try #require(histograms.last), try #require(weights[name]).values)
      #expect(last.count == Double(values.count) && last.counts.reduce(0, +) == last.count)
      #expect(last.minimum == values.min().map { Double($0) } && last.maximum == values.max().map { Double($0) })
      #expect(abs(last.sum - values.reduce(0) { $0 + Double($1) }) < 1e-9)
      #expect(last.limits.last == last.maximum && last.limits == last.limits.sorted())
    }
    // TensorBoard's own interpretation.
    #expect(training.plugins["step/loss"]?.name == "scalars" && training.plugins["step/loss"]?.steps == Array(1...12))
    #expect(training.plugins["inputs"]?.name == "images" && training.plugins["inputs"]?.steps == [3, 6, 9, 12])
    #expect(training.plugins["weights/conv1.weight"]?.name == "histograms")
  }

  @Test func theTrainingIsTheSameWithAndWithout() throws {
    _ = try Program.output(of: Program.jacquard, recipe("with") + ["--tensorboard"])
    _ = try Program.output(of: Program.jacquard, recipe("without"))
    for file in ["weights/last.safetensors", "weights/best.safetensors", "metrics.csv"] {
      let (with, without) = (try #require(bytes("with/\(file)")), bytes("without/\(file)"))
      #expect(with == without, "\(file)")
    }
    #expect(bytes("without/tensorboard/train") == nil)
    #expect(!FileManager.default.fileExists(atPath: folder("without/tensorboard")))
  }

  @Test func aFileThatIsCutAnywhereIsReadUpToThere() throws {
    _ = try Program.output(of: Program.jacquard, recipe("run") + ["--tensorboard"])
    let whole = try found("run")
    let name = try #require(try eventFiles("run").first)
    let file = try #require(bytes("run/tensorboard/train/\(name)"))
    // Within the last record's checksum, its values, and the length of some record.
    for count in [file.count - 1, file.count - 700, file.count / 2] {
      try file.prefix(count).write(to: URL(fileURLWithPath: folder("run/tensorboard/train/\(name)")))
      let cut = try found("run")
      let steps = cut.steps("step/loss")
      #expect(steps == Array(1...steps.count) && !steps.isEmpty)
      #expect(cut.values("step/loss") == Array(whole.values("step/loss").prefix(steps.count)))
      #expect(cut.steps("epoch/loss").count < 4)
    }
  }

  /// A process that is killed leaves a readable file, and the session that continues its run leaves another. Together they contain each step once, as
  /// without the interruption. The process dies in the middle of calls that change a file, anywhere in the run.
  @Test func aKilledRunIsToldOnce() throws {
    let saving = ["--tensorboard", "--save-every", "2"]
    let log = folder("calls")
    _ = try faulty(recipe("whole") + saving, ["FAULT_FOLDER": "whole", "FAULT_LOG": log])
    let calls = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").count
    let whole = try (found("whole"), found("whole", "validation"))
    try #require(calls > 60)
    for (index, call) in stride(from: calls / 4, to: calls, by: calls / 7).enumerated() {
      let run = "killed\(index)"
      #expect(throws: Program.Failure.self) {
        try faulty(recipe(run) + saving, ["FAULT_FOLDER": run, "FAULT_AT": "\(call)", "FAULT_ACTION": "kill"])
      }
      #expect(try found(run).version == 2)
      _ = try Program.output(of: Program.jacquard, ["train", "--resume", folder(run), "--quiet", "--json"])
      let killed = try (found(run), found(run, "validation"))
      for name in ["step/loss", "step/accuracy", "step/learning_rate"] {
        let steps = killed.0.steps(name)
        #expect(steps == Set(steps).sorted(), "\(name) repeats a step, or changes the order")
        #expect(killed.0.scalars[name] == whole.0.scalars[name]?.filter { steps.contains(Int($0[0])) })
        // At most one step is missing: the one at which the run was saved within an epoch; see `firstStepToTellAgain`.
        #expect(steps.count >= 11)
        #expect(killed.0.plugins[name]?.steps == steps)
      }
      #expect(killed.0.scalars["epoch/loss"] == whole.0.scalars["epoch/loss"])
      #expect(killed.0.images["inputs"]?.map(\.png) == whole.0.images["inputs"]?.map(\.png))
      #expect(killed.1.scalars["epoch/accuracy"] == whole.1.scalars["epoch/accuracy"])
    }
  }

  /// Runs the command with faults in its calls on files; see `Tests/FaultInjection`.
  private func faulty(_ arguments: [String], _ faults: [String: String]) throws -> String {
    let library = URL(fileURLWithPath: Program.jacquard).deletingLastPathComponent()
      .appendingPathComponent("libFaultInjection.so").path
    let variables = (["LD_PRELOAD": library].merging(faults) { $1 }).map { "\($0)=\($1)" }
    return try Program.output(of: "/usr/bin/env", variables + [Program.jacquard] + arguments)
  }

  /// A session that ends within an epoch records its part; the next one records the whole epoch instead.
  @Test func aPartOfAnEpochIsForgottenByTheSessionThatFinishesIt() throws {
    _ = try Program.output(of: Program.jacquard, recipe("run") + ["--tensorboard", "--max-steps", "5"])
    #expect(try found("run").steps("epoch/loss") == [3, 5])
    _ = try Program.output(
      of: Program.jacquard, ["train", "--resume", folder("run"), "--max-steps", "12", "--quiet", "--json"])
    let found = try found("run")
    #expect(found.steps("epoch/loss") == [3, 6, 9, 12])
    #expect(found.steps("step/loss") == [1, 2, 3, 4] + Array(6...12))
    // It may be turned off in between.
    let files = try eventFiles("run").count
    _ = try Program.output(
      of: Program.jacquard,
      [
        "train", "--resume", folder("run"), "--max-steps", "13", "--epochs", "5", "--no-tensorboard", "--quiet",
        "--json",
      ])
    #expect(try eventFiles("run").count == files)
  }
}
