import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `--gemm portable` gives the same weights on every processor with fused multiply-add.
///
/// The numbers here are SHA-256 hashes of the tensors after fifty steps with every augmentation. They hold for the current version, on any machine:
/// an unintended change of one is a bug.
struct PortableBitsTests {
  struct Run: Sendable, CustomStringConvertible {
    let model: String
    let optimizer: String
    let digest: String
    var description: String { "\(model), \(optimizer)" }
  }

  static let runs: [Run] = [
    Run(
      model: "lenet", optimizer: "sgd", digest: "4460d786d710fa466fa6d4368ac4edc90a280e549d6d7f00551e083fa7a15f8d"),
    Run(
      model: "lenet", optimizer: "adamw", digest: "8dc997d5078391ea422347950f26d75f7adbca337972721d466c5e4ae5e5bd87"),
    Run(
      model: "cnn", optimizer: "sgd", digest: "f6802c3baba67d1f08b5ce0ef833e19072a9b203cc173020894c6bde35fc6276"),
    Run(
      model: "cnn", optimizer: "adamw", digest: "bfb736a7ac6818ad45fba8c3f336972de52ce9d8320d36895f374c85598407d3"),
    Run(
      model: "vgg", optimizer: "sgd", digest: "c914dae620ab6afc574bf3b51d457e357a43ca614f4fd7a114ea7d9b19da7991"),
    Run(
      model: "vgg", optimizer: "adamw", digest: "c0fe8ea3d39052af773f28b50258c2214bff3220e7b82bce73a66a954ed9bba8"),
    Run(
      model: "layers.json", optimizer: "adamw",
      digest: "a88915264bfce35e31d0c8eec0ff5aace0a8c2d12a091582c0d117b6539b5a7c"),
  ]

  /// Layers that the named models lack: other activations, pools, groups, strides, blocks, dropout.
  private static let layers = """
    {"name": "layers", "input_shape": [28, 28, 1], "layers": [
      {"type": "conv2d", "output_channels": 12, "kernel_size": 5, "stride": 2, "padding": 2}, {"type": "gelu"},
      {"type": "average_pool2d", "size": 2},
      {"type": "residual", "body": [
        {"type": "conv2d", "output_channels": 12, "kernel_size": 3, "padding": 1, "groups": 3},
        {"type": "batch_norm2d"}, {"type": "silu"}]},
      {"type": "leaky_relu"}, {"type": "max_pool2d", "size": 3, "stride": 2},
      {"type": "conv2d", "output_channels": 20, "kernel_size": 3}, {"type": "relu"}, {"type": "dropout", "rate": 0.3},
      {"type": "flatten"}, {"type": "dense", "output_features": 10}
    ]}
    """

  @Test(arguments: runs) func weightsAreTheSameEverywhere(run: Run) throws {
    #expect(try digest(of: run) == run.digest)
  }

  @Test(arguments: runs) func narrowerVectorsGiveTheSameBits(run: Run) throws {
    #expect(try digest(of: run, environment: ["JACQUARD_VECTORS": "avx2"]) == run.digest)
  }

  @Test(arguments: [("1", "4"), ("3", "4")]) func threadsGiveTheSameBits(threads: String, shards: String) throws {
    for run in Self.runs {
      #expect(try digest(of: run, flags: ["--threads", threads]) == run.digest, "\(run)")
    }
  }

  /// A processor of 2013, by emulation, which takes about 400 times as long: six steps, and the digest of as many on this machine.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/qemu-x86_64")), arguments: runs)
  func anotherProcessorGivesTheSameBits(run: Run) throws {
    let emulated = try digest(of: run, steps: 6, through: ["/usr/bin/qemu-x86_64", "-cpu", "Haswell"])
    let (here, before) = (try digest(of: run, steps: 6), try digest(of: run, steps: 5))
    #expect(emulated == here && here != before && here != run.digest)
  }

  /// The BLAS library does not affect the result, so the whole file is the same under every kernel of OpenBLAS.
  @Test func theFileDoesNotDependOnTheLibrary() throws {
    let files = try ["Haswell", "Prescott"].map { core in
      let tool = try tool(environment: ["OPENBLAS_CORETYPE": core])
      try train(Self.runs[0], tool)
      return tool.folder.bytes("run/weights/last.safetensors")
    }
    #expect(files[0] != nil && files[0] == files[1])
  }

  @Test func unknownInstructionsAreRefused() throws {
    let doctor = try Tool(environment: ["JACQUARD_VECTORS": "avx9"]).run("doctor")
    #expect(doctor.status == 78)
    #expect(
      doctor.error
        == "jacquard: error: JACQUARD_VECTORS must be one of plain, avx2, avx512, not 'avx9'; correct or unset it.\n")
  }

  private func tool(environment: [String: String]) throws -> Tool {
    let tool = try Tool(environment: environment)
    try SmallData.write(in: tool.folder, training: 200, test: 20)
    try tool.folder.write(Self.layers, to: "layers.json")
    return tool
  }

  private func digest(
    of run: Run, steps: Int = 50, environment: [String: String] = [:], flags: [String] = ["--threads", "2"],
    through: [String] = []
  ) throws -> String {
    let tool = try tool(environment: environment)
    try train(run, tool, steps: steps, flags: flags, through: through)
    let file = try #require(tool.folder.bytes("run/weights/last.safetensors"))
    let header = 8 + Int(file.prefix(8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * $1.offset) })
    try Data(file.dropFirst(header)).write(to: URL(fileURLWithPath: tool.folder("tensors")))
    let sum = try FinishedProgram("/usr/bin/sha256sum", [tool.folder("tensors")])
    return String(sum.output.prefix(64))
  }

  private func train(
    _ run: Run, _ tool: Tool, steps: Int = 50, flags: [String] = [], through emulator: [String] = []
  ) throws {
    let arguments =
      [
        "train", "--model", run.model, "--data", "data", "--out", "run", "--batch-size", "4", "--shards", "2",
        "--max-steps", "\(steps)", "--epochs", "5", "--optimizer", run.optimizer, "--lr",
        run.optimizer == "sgd" ? "0.02" : "0.001", "--augment", "flip,shift=2,erase", "--gemm", "portable", "--no-test",
        "--quiet",
      ] + flags
    let command = emulator + [Tool.path] + arguments
    let outcome = try tool.run(executable: command[0], Array(command.dropFirst()))
    try #require(outcome.status == 0, "\(outcome.error)")
  }
}
