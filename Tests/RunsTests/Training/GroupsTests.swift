import CommandTestSupport
import Foundation
import Interchange
import TestSupport
import Testing

/// `train --whiten` and `--groups`: what stays fixed, what is rejected, and that a resumed run ends with the same bytes.
struct GroupsTests {
  private let runs: TinyRun

  init() throws {
    runs = try TinyRun(isInMemory: true)
    try runs.tool.folder.write(
      """
      {"name": "white", "input_shape": [28, 28, 1], "layers": [
        {"type": "conv2d", "output_channels": 8, "kernel_size": 3, "stride": 3}, {"type": "max_pool2d", "size": 3},
        {"type": "batch_norm2d"}, {"type": "gelu"},
        {"type": "conv2d", "output_channels": 6, "kernel_size": 3, "padding": "same", "bias": false}, {"type": "gelu"},
        {"type": "flatten"}, {"type": "dense", "output_features": 10}
      ]}
      """, to: "white.json")
  }

  private static let recipe = [
    "--model", "white.json", "--whiten", "--optimizer", "muon", "--lr", "0.1", "--schedule", "linear", "--init",
    "dirac",
    "--groups", "bn1.weight:rate=0;*.bias:rate=3,decay=0.5;conv1.bias:epochs=1",
  ]

  @Test func aResumedRunEndsWithTheSameBytes() throws {
    #expect(try runs.begin("whole", Self.recipe).status == 0)
    let faults = ["FAULT_FOLDER": "run/weights/last", "FAULT_AT": "6", "FAULT_ACTION": "kill"]
    try #require(try runs.begin("run", Self.recipe, faults: faults).status == 128 + SIGKILL)
    #expect(try runs.resume("run", ["--threads", "3"]).status == 0)
    #expect(runs.differences("whole", "run") == [])
    #expect(try runs.tool.run("reproduce", "whole", "--quiet").status == 0)
  }

  @Test func fixedTensorsKeepTheirValues() throws {
    #expect(try runs.begin("one", Self.recipe + ["--max-steps", "1"]).status == 0)
    #expect(try runs.begin("all", Self.recipe).status == 0)
    func tensor(_ run: String, _ name: String) throws -> [Float] {
      let path = runs.tool.folder("\(run)/weights/last.safetensors")
      return try #require(try SafetensorsFile(contentsOf: path).tensors.first { $0.name == name }).values
    }
    for name in ["conv1.weight", "bn1.weight"] { #expect(try tensor("one", name) == tensor("all", name), "\(name)") }
    for name in ["conv2.weight", "bn1.bias", "fc1.weight"] {
      #expect(try tensor("one", name) != tensor("all", name), "\(name)")
    }
  }

  @Test(arguments: [
    (
      ["--groups", "conv9.*:rate=0"],
      "--groups: no tensor of tiny has a name like 'conv9.*'; its tensors are conv1.weight, conv1.bias, bn1.weight, bn1.bias, fc1.weight, fc1.bias."
    ),
    (["--whiten"], "--whiten: the first layer of tiny is not a convolution of the images."),
    (
      ["--whiten", "--init-from", "w.safetensors"],
      "whiten computes the first filters, and init_from reads them; give one of both."
    ),
    (
      ["--groups", "a"],
      "--groups must be a list such as bn*.bias:rate=64: 'a': expected a pattern, a colon and settings, as in bn*.bias:rate=64."
    ),
  ])
  func unsuitableSettingsAreRefused(flags: [String], message: String) throws {
    let outcome = try runs.begin("run", flags)
    #expect(outcome.error == "jacquard: error: \(message)\n")
    #expect(outcome.output == "")
    #expect(outcome.status == 64)
    #expect(!runs.tool.folder.holds("run"))
  }
}
