#if arch(x86_64)
  import CommandTestSupport
  import Foundation
  import TestSupport
  import Testing

  /// The command on processors older than this one, through an emulator.
  @Suite(
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: emulator) && Sanitizer.current == nil,
      "qemu-x86_64 is not installed, or a sanitizer is in the command"))
  struct OldProcessorTests {
    @Test(arguments: [
      ("qemu64", "Prescott, chosen because Opteron cannot run here"), ("core2duo", "Core2, picked by OpenBLAS"),
      ("Nehalem", "Nehalem, picked by OpenBLAS"), ("Haswell", "Haswell, picked by OpenBLAS"),
    ])
    func theCommandStarts(_ processor: String, _ kernels: String) throws {
      let outcome = try Self.emulate(processor, ["--version"])
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(outcome.output.hasSuffix("; kernels: \(kernels))\n"), "\(outcome.output)")
    }

    @Test func theOldestOneTrains() throws {
      let tool = try Tool()
      try SmallData.write(in: tool.folder)
      let outcome = try Self.emulate(
        "qemu64",
        ["train", "--model", "lenet", "--data", "data", "--max-train", "40", "--batch-size", "20", "--epochs", "1"]
          + ["--no-test", "--json", "--out", "run"], in: tool)
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(try outcome.json()["steps"] as? Int == 2)
    }

    @Test func whatTheUserSetAndCannotRunIsReplacedAndSaid() throws {
      let tool = try Tool(environment: ["OPENBLAS_CORETYPE": "Haswell"])
      let version = try Self.emulate("Nehalem", ["--version"], in: tool)
      #expect(version.output.hasSuffix("; kernels: Nehalem, chosen because Haswell cannot run here)\n"))
      let doctor = try Self.emulate("Nehalem", ["doctor", "--json"], in: tool).json()
      let machine = try #require(doctor["machine"] as? [String: Any])
      #expect(machine["vector_instructions"] as? String == "SSE")
      let problems = try #require(doctor["problems"] as? [[String: Any]]).compactMap { $0["message"] as? String }
      #expect(
        problems.contains {
          $0
            == "this processor cannot run the Haswell kernels of OPENBLAS_CORETYPE, so Nehalem runs; unset OPENBLAS_CORETYPE"
        }, "\(problems)")
    }

    /// Processors that Swift's runtime does not support.
    @Test(arguments: ["Conroe", "Opteron_G1"])
    func theCommandRefusesInASentence(_ processor: String) throws {
      let outcome = try Self.emulate(processor, ["--version"])
      #expect(outcome.status == 78 && outcome.output == "")
      let lines = outcome.errorLines.filter { !$0.hasPrefix("qemu") }
      let sentence =
        "jacquard: error: this processor has no CMPXCHG16B, which Swift's run time needs; use one that was made after 2006."
      #expect(lines == [Substring(sentence)], "\(outcome.error)")
    }

    /// Runs the command on an emulated processor; the emulator's own warnings about missing features are ignored.
    private static func emulate(
      _ processor: String, _ arguments: [String], in tool: Tool? = nil
    ) throws -> FinishedProgram {
      let tool = try tool ?? Tool()
      let environment = ["PATH": "/usr/bin:/bin", "HOME": tool.folder.path].merging(tool.environment) { $1 }
      return try FinishedProgram(
        emulator, ["-cpu", processor, Tool.path] + arguments, environment: environment, in: tool.folder.path)
    }
  }

  private let emulator = "/usr/bin/qemu-x86_64"
#endif
