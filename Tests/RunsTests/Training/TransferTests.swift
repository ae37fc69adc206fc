import CommandTestSupport
import Foundation
import Interchange
import TestSupport
import Testing

/// `train --from`, `--freeze` and `--unfreeze-after`: what a run takes from another, what stays frozen, and that such a run is resumed and repeated.
struct TransferTests {
  private let runs: TinyRun

  init() throws {
    runs = try TinyRun(isInMemory: true)
    try OwnData.pictures(in: runs.tool.folder, height: 28, width: 28)
    try runs.tool.folder.write(Self.model, to: "color.json")
    let outcome = try runs.tool.run(
      "train", "--model", "color.json", "--data", "pictures", "--epochs", "2", "--batch-size", "10", "--out", "body",
      "--quiet", "--no-test")
    try #require(outcome.status == 0, "\(outcome.error)")
    // Other classes, one of which has the same name.
    for (old, new) in [("blue", "azure"), ("cyan", "teal")] {
      for part in ["train", "test"] {
        try FileManager.default.moveItem(
          atPath: runs.tool.folder("pictures/\(part)/\(old)"), toPath: runs.tool.folder("pictures/\(part)/\(new)"))
      }
    }
    for part in ["train", "test"] {
      for name in ["green", "red"] { runs.tool.folder.remove("pictures/\(part)/\(name)") }
    }
  }

  private static let model = """
    {"name": "color", "input_shape": [28, 28, 3], "class_names": ["blue", "cyan", "green", "red", "yellow"], "layers": [
      {"type": "max_pool2d", "size": 2}, {"type": "conv2d", "output_channels": 6, "kernel_size": 3}, {"type": "batch_norm2d"},
      {"type": "relu"}, {"type": "conv2d", "output_channels": 8, "kernel_size": 3}, {"type": "batch_norm2d"},
      {"type": "relu"}, {"type": "global_average_pool"}, {"type": "dropout", "rate": 0.2},
      {"type": "dense", "output_features": 5}
    ]}
    """

  private static let recipe = [
    "--from", "body", "--data", "pictures", "--epochs", "3", "--batch-size", "10", "--validation", "12", "--lr", "0.01",
    "--threads", "2", "--quiet", "--json",
  ]

  private func train(_ name: String, _ flags: [String] = [], faults: [String: String] = [:]) throws -> Tool.Outcome {
    var tool = runs.tool
    if !faults.isEmpty {
      tool.environment = faults
      tool.environment["LD_PRELOAD"] = TinyRun.faultLibrary
    }
    return try tool.run(["train", "--out", name] + Self.recipe + flags)
  }

  private func tensors(_ run: String) throws -> [String: [Float]] {
    let file = try SafetensorsFile(contentsOf: runs.tool.folder("\(run)/weights/last.safetensors"))
    return Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.values) })
  }

  @Test func aFrozenBodyIsTheCheckpoints() throws {
    let outcome = try train("run", ["--freeze", "body"])
    #expect(outcome.status == 0, "\(outcome.error)")
    let (body, run) = (try tensors("body"), try tensors("run"))
    for (name, values) in body where !name.hasPrefix("fc1.") { #expect(run[name] == values, "\(name)") }
    #expect(run["fc1.bias"]?.count == 3)
    let settings = try runs.tool.json("run/config.json")
    #expect(settings["from"] as? String == "body")
    #expect(settings["model"] is NSNull)
    #expect(settings["freeze"] as? String == "body")
    #expect(settings["image_size"] as? String == "28x28")
    let provenance = try #require(try runs.tool.json("run/run.json")["provenance"] as? [String: Any])
    #expect((provenance["init_from"] as? [String: String])?["path"] == "body/weights/last.safetensors")
    // The model has the classes of the data, and evaluation finds them.
    let evaluated = try runs.tool.run("evaluate", "run", "--json")
    #expect(evaluated.status == 0, "\(evaluated.error)")
    let classes = try #require(try evaluated.json()["per_class"] as? [[String: Any]])
    #expect(classes.map { $0["class"] as? String } == ["azure", "teal", "yellow"])
  }

  @Test(arguments: [
    [], ["--freeze", "body"], ["--freeze", "body", "--unfreeze-after", "1,2"],
    ["--freeze", "body", "--augment", "flip", "--average", "ema=0.9"], ["--freeze", "norms", "--lookahead", "2"],
  ])
  func aKilledRunEndsWithTheSameBytesWithoutTheSource(flags: [String]) throws {
    #expect(try train("whole", flags).status == 0)
    let faults = ["FAULT_FOLDER": "run/weights/last", "FAULT_AT": "4", "FAULT_ACTION": "kill"]
    try #require(try train("run", flags + ["--save-every", "1"], faults: faults).status == 128 + SIGKILL)
    try runs.tool.folder.write(try runs.tool.folder.content("body/weights/last.safetensors"), to: "copy.safetensors")
    runs.tool.folder.remove("body")
    let outcome = try runs.resume("run", ["--threads", "3"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(runs.differences("whole", "run") == [])
    #expect(try runs.tool.run("verify", "run", "--quiet").status == 0)
    // To train it again, its source is needed, wherever it is now.
    #expect(try runs.tool.run("reproduce", "whole", "--quiet").status == 66)
    let again = try runs.tool.run("reproduce", "whole", "--quiet", "--init-from", "copy.safetensors")
    #expect(again.status == 0, "\(again.error)")
  }

  @Test func theLastWeightsOfAMatchingClassAreTheFirst() throws {
    #expect(try train("run", ["--max-steps", "1", "--lr", "1e-12"]).status == 0)
    let (body, run) = (try #require(try tensors("body")["fc1.bias"]), try #require(try tensors("run")["fc1.bias"]))
    // yellow is class 4 of the checkpoint, and class 2 here; the others are new, with biases of zero.
    #expect(abs(run[2] - body[4]) < 1e-9)
    #expect(abs(run[0]) < 1e-9 && abs(run[1]) < 1e-9)
  }

  @Test func otherSizesAreTakenWhereTheNetworkAllowsThem() throws {
    let outcome = try train("run", ["--image-size", "20x24", "--freeze", "body"])
    #expect(outcome.status == 0, "\(outcome.error)")
    let model = try runs.tool.run("summary", "run/weights/last.safetensors", "--json").json()
    #expect(model["input_shape"] as? [Int] == [20, 24, 3])
  }

  @Test(
    arguments: [
      (["--model", "cnn"], "--from body: the file says its model, so --model cnn cannot be given"),
      (["--init-from", "body"], "from takes a network and gives it a new last layer, and init_from takes weights"),
      (["--whiten"], "whiten computes the first filters, and from reads them"),
      (["--image-colors", "gray"], "pictures: images have 1 channel, but the network of body takes 3"),
      (["--image-size", "5"], "pictures: images are 5×5×3, but the network of body takes 28×28×3"),
      (["--unfreeze-after", "1"], "unfreeze_after needs frozen tensors"),
      (
        ["--freeze", "body", "--unfreeze-after", "2,1"], "--unfreeze-after must be none, an epoch, or several in rising"
      ),
      (["--freeze", "body", "--unfreeze-after", "3"], "unfreeze_after must end below epochs"),
      (["--freeze", "conv9.*"], "--freeze: color has no tensors for 'conv9.*'"),
      (["--freeze", "*"], "--freeze *: every tensor of color is frozen"),
      (["--freeze", "body,"], "--freeze must be none, or body, norms and patterns"),
    ] as [([String], String)])
  func contradictionsAreRefused(flags: [String], message: String) throws {
    let outcome = try train("run", flags)
    #expect(outcome.error.contains("jacquard: error: \(message)"), "\(outcome.error)")
    #expect(outcome.status == 64 || outcome.status == 65)
    #expect(!runs.tool.folder.holds("run"))
  }

  @Test func weightsThatDoNotSayTheirModelNeedOne() throws {
    try #require(
      try runs.tool.run(
        "train", "--model", "resnet18", "--data", "pictures", "--image-size", "28", "--epochs", "1", "--max-steps", "1",
        "--batch-size", "4", "--out", "res", "--no-test", "--quiet"
      ).status == 0)
    let file = try SafetensorsFile(contentsOf: runs.tool.folder("res/weights/last.safetensors"))
    try SafetensorsFile(tensors: file.tensors).write(to: runs.tool.folder("bare.safetensors"))
    let flags = ["--from", "bare.safetensors", "--data", "pictures", "--max-steps", "1", "--no-test"]
    let refused = try runs.tool.run(["train", "--out", "run"] + flags)
    #expect(refused.error.contains("does not say which model it is for; name it with --model"), "\(refused.error)")
    let outcome = try runs.tool.run(["train", "--out", "run", "--model", "resnet18", "--freeze", "body"] + flags)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error.contains("the file does not say how pixels become inputs"), "\(outcome.error)")
    let (old, new) = (file.tensors, try tensors("run"))
    for tensor in old where !tensor.name.hasPrefix("fc.") {
      #expect(new[tensor.name] == tensor.values, "\(tensor.name)")
    }
  }
}
