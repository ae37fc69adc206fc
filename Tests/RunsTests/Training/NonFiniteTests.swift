import CommandTestSupport
import Foundation
import Interchange
import TestSupport
import Testing

/// `--on-nan`: how a run handles a loss or gradient that is not finite.
struct NonFiniteTests {
  private let runs: TinyRun

  /// Black images except for image 7, in which one pixel becomes infinite when it is normalized.
  init() throws {
    runs = try TinyRun(isInMemory: true)
    for (prefix, count) in [("train", 20), ("t10k", 10)] {
      var pixels = Data(count: count * 784)
      if prefix == "train" { pixels[7 * 784 + 300] = 255 }
      try runs.tool.folder.write(
        SmallData.header(type: 8, [count, 28, 28]) + pixels, to: "dark/\(prefix)-images-idx3-ubyte")
      try runs.tool.folder.write(
        SmallData.header(type: 8, [count]) + Data((0..<count).map { UInt8($0 % 10) }),
        to: "dark/\(prefix)-labels-idx1-ubyte")
    }
    try runs.tool.folder.write(
      """
      {"name": "dark", "input_shape": [28, 28, 1],
       "preprocessing": {"scale": 1, "mean": [0], "deviation": [7e-37]},
       "layers": [{"type": "flatten"}, {"type": "dense", "output_features": 4}, {"type": "relu"},
                  {"type": "dense", "output_features": 10}]}
      """, to: "dark.json")
  }

  /// Two epochs of five steps; image 7 is somewhere among them.
  private func flags(_ action: String) -> [String] {
    [
      "--model", "dark.json", "--data", "dark", "--batch-size", "4", "--validation", "0", "--augment", "none",
      "--on-nan", action,
    ]
  }

  @Test func aRunStopsWithTheStepTheImagesAndTheLayer() throws {
    let outcome = try runs.begin("run", flags("stop"))
    #expect(outcome.status == 65)
    #expect(outcome.output == "")
    let pattern =
      /jacquard: error: step (\d+) of epoch 1: the loss is not finite, which appears first in the images; the batch's images are ([\d ]+); try a lower --lr or --clip-norm, or continue with --on-nan skip or rollback\.\n/
    let match = try #require(outcome.error.wholeMatch(of: pattern), "\(outcome.error)")
    let step = try #require(Int(match.1))
    #expect(match.2.split(separator: " ").count == 4)
    #expect(match.2.split(separator: " ").contains("7"))
    #expect(try runs.tool.json("run/run.json")["status"] as? String == "failed")
    #expect(try runs.savedStep("run") == step - 1)
    #expect(try runs.resume("run").status == 65, "it is the same step again")

    // A run that leaves out the step continues as if the step had never been planned.
    #expect(try runs.resume("run", ["--on-nan", "skip"]).status == 0)
    _ = try runs.begin("skipping", flags("skip"))
    #expect(try same("run", "skipping"))
  }

  /// Weights that are finite, but whose products are not: those of the convolution, those of the dense layer, and, if one scales down what the other
  /// scales up, those of the gradient on the way back.
  @Test(arguments: [
    (Float(3e38), Float(1), "conv1, forward"), (1, 3e38, "fc1, forward"), (1e-38, 3e38, "conv1, backward"),
  ])
  func layersAreNamed(convolution: Float, dense: Float, place: String) throws {
    try runs.tool.folder.write(
      """
      {"name": "two", "input_shape": [28, 28, 1],
       "layers": [{"type": "max_pool2d", "size": 4}, {"type": "conv2d", "output_channels": 2, "kernel_size": 3},
                  {"type": "flatten"}, {"type": "dense", "output_features": 10}]}
      """, to: "two.json")
    // One class differs from the others, so that the gradients of the classes do not cancel.
    let rows = (0..<500).map { $0 < 50 ? dense : -dense }
    try SafetensorsFile(tensors: [
      NamedTensor(name: "conv1.weight", shape: [2, 1, 3, 3], values: Array(repeating: convolution, count: 18)),
      NamedTensor(name: "conv1.bias", shape: [2], values: [0, 0]),
      NamedTensor(name: "fc1.weight", shape: [10, 50], values: rows),
      NamedTensor(name: "fc1.bias", shape: [10], values: Array(repeating: 0, count: 10)),
    ]).write(to: runs.tool.folder.path + "/two.safetensors")
    let outcome = try runs.begin("run", ["--model", "two.json", "--init-from", "two.safetensors"])
    #expect(outcome.status == 65)
    #expect(outcome.error.contains("step 1 of epoch 1: ") && outcome.error.contains(place), "\(outcome.error)")
    let fault = try #require(
      try runs.tool.folder.text("run/events.jsonl").split(separator: "\n").first { $0.contains(#""event":"fault""#) })
    let event = try JSONSerialization.jsonObject(with: Data(fault.utf8)) as? [String: Any]
    #expect((event?["images"] as? [Int])?.count == 20)
    #expect(event?["step"] as? Int == 1)
    #expect(try runs.savedStep("run") == 0)
  }

  @Test func stepsAreLeftOut() throws {
    let whole = try runs.begin("whole", flags("skip"))
    #expect(whole.status == 0)
    #expect(whole.errorLines.count == 2)
    #expect(
      whole.errorLines.allSatisfy { $0.hasPrefix("jacquard: warning: step ") && $0.hasSuffix("; it is skipped") })
    #expect(try whole.json()["steps"] as? Int == 10)
    #expect(try runs.events("whole") == ["start", "skip", "epoch", "skip", "epoch", "finish"])
    #expect((try runs.state("whole")["totals"] as? [String: Any])?["skipped_steps"] as? Int == 2)
    for threads in ["1", "3", "8"] {
      // Killed in the middle of the second epoch.
      _ = try runs.begin(
        "run", flags("skip"), faults: ["FAULT_FOLDER": "run/weights/last", "FAULT_AT": "8", "FAULT_ACTION": "kill"])
      #expect(try runs.resume("run", ["--threads", threads]).status == 0)
      #expect(try same("whole", "run"))
      #expect((try runs.state("run")["totals"] as? [String: Any])?["skipped_steps"] as? Int == 2)
      runs.tool.folder.remove("run")
    }
  }

  /// A step that is left out saves nothing by itself, even if the run ends with it.
  @Test func theLastStepMayBeLeftOut() throws {
    let outcome = try runs.begin("run", flags("skip") + ["--no-shuffle", "--max-steps", "2"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json()["steps"] as? Int == 2)
    #expect(try runs.savedStep("run") == 2)
    #expect((try runs.state("run")["totals"] as? [String: Any])?["skipped_steps"] as? Int == 1)
    // Continuing from there gives the same result as a run without the pause.
    #expect(try runs.resume("run", ["--max-steps", "4"]).status == 0)
    _ = try runs.begin("whole", flags("skip") + ["--no-shuffle", "--max-steps", "4"])
    let weights = ["run", "whole"].map { runs.tool.folder.bytes("\($0)/weights/last.safetensors") }
    #expect(weights[0] != nil && weights[0] == weights[1])
  }

  /// Loss and gradient are finite, but the updated weights are not.
  @Test(arguments: ["stop", "skip"])
  func anUpdateThatOverflowsLeavesTheStateBeforeIt(_ action: String) throws {
    try runs.tool.folder.write(
      """
      {"name": "steep", "input_shape": [28, 28, 1],
       "preprocessing": {"scale": 1, "mean": [0], "deviation": [1e-35]},
       "layers": [{"type": "flatten"}, {"type": "dense", "output_features": 10}]}
      """, to: "steep.json")
    let outcome = try runs.begin(
      "run",
      [
        "--model", "steep.json", "--optimizer", "sgd", "--lr", "100", "--schedule", "constant", "--no-shuffle",
        "--augment", "none", "--batch-size", "60", "--validation", "0", "--on-nan", action,
      ])
    #expect(outcome.status == 65)
    #expect(
      outcome.error.contains(
        "step 1 of epoch 1: the network after it is not finite, which appears first in fc1."),
      "\(outcome.error)")
    #expect(try runs.savedStep("run") == 0)
    #expect(try runs.events("run") == ["start", "fault", "fail"])
  }

  @Test func anEpochWithoutASingleStepEndsTheRun() throws {
    let outcome = try runs.begin("run", flags("skip") + ["--batch-size", "20"])
    #expect(outcome.status == 65)
    #expect(outcome.error.contains("epoch 1: every step was skipped"), "\(outcome.error)")
  }

  /// A rate that is far too high is halved until it is low enough: the inputs are so large that the products with the weights after the first step
  /// overflow. A single layer's gradient is bounded, so its weights grow only in proportion to the rate.
  @Test func goingBackHalvesTheRate() throws {
    let recipe = [
      "--optimizer", "sgd", "--lr", "100", "--schedule", "constant", "--epochs", "4", "--on-nan", "rollback",
      "--augment", "none",
    ]
    try runs.tool.folder.write(
      """
      {"name": "steep", "input_shape": [28, 28, 1],
       "preprocessing": {"scale": 0.004, "mean": [0], "deviation": [3e-19]},
       "layers": [{"type": "flatten"}, {"type": "dense", "output_features": 10}]}
      """, to: "steep.json")
    let model = ["--model", "steep.json"]
    let whole = try runs.begin("whole", recipe + model)
    #expect(whole.status == 0, "\(whole.error)")
    let rollbacks = try runs.events("whole").count { $0 == "rollback" }
    #expect((1...10).contains(rollbacks))
    #expect(whole.errorLines.count == rollbacks)
    #expect(whole.error.contains("returning to the beginning of the epoch, with 0.5 of the learning rate"))
    #expect(try whole.json()["steps"] as? Int == 12)
    let rates = try runs.tool.folder.text("whole/metrics.csv").split(separator: "\n").dropFirst().compactMap {
      Double($0.split(separator: ",")[2])
    }
    let scale = (0..<rollbacks).reduce(100.0) { rate, _ in rate / 2 }
    #expect(rates.last == scale)

    // The moment of death makes no difference, before and after going back.
    for save in [2, 3, 5, 8] {
      _ = try runs.begin(
        "run", recipe + model,
        faults: ["FAULT_FOLDER": "run/weights/last", "FAULT_AT": "\(save)", "FAULT_ACTION": "kill"])
      #expect(try runs.resume("run", ["--threads", "3"]).status == 0)
      #expect(runs.differences("whole", "run") == [], "save \(save)")
      runs.tool.folder.remove("run")
    }
  }

  @Test func goingBackInVainEndsTheRun() throws {
    let outcome = try runs.begin("run", flags("rollback"))
    #expect(outcome.status == 65)
    #expect(
      outcome.error.hasSuffix("; 10 rollbacks with ever lower rates did not help.\n"), "\(outcome.error)")
    #expect(try runs.events("run").count { $0 == "rollback" } == 10)
  }

  private func same(_ one: String, _ other: String) throws -> Bool {
    let differences = runs.differences(one, other)
    // Without a validation set there are no best weights.
    return differences == ["weights/best.safetensors"]
  }
}
