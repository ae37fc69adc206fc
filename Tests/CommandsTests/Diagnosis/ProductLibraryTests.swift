import CommandTestSupport
import LinearAlgebra
import Foundation
import TestSupport
import Testing

/// The kernels of the BLAS that compute, the libraries that are accepted in its place, and the messages about them.
struct ProductLibraryTests {
  /// A very short training.
  private static let training = [
    "train", "--model", "lenet", "--data", "data", "--max-steps", "4", "--batch-size", "20", "--no-test", "--json",
  ]

  private static func tool(_ environment: [String: String] = [:]) throws -> Tool {
    let tool = try Tool(environment: environment)
    try SmallData.write(in: tool.folder)
    return tool
  }

  private static func machine(_ tool: Tool) throws -> [String: Any] {
    let outcome = try tool.run("doctor", "--data", "data", "--json")
    #expect(outcome.status == 0 && outcome.error == "", "\(outcome.error)")
    return try #require(try outcome.json()["machine"] as? [String: Any])
  }

  private static func warnings(_ tool: Tool) throws -> [String] {
    let problems = try tool.run("doctor", "--data", "data", "--json").json()["problems"] as? [[String: Any]]
    return try #require(problems).compactMap { $0["severity"] as? String == "warning" ? $0["message"] as? String : nil }
  }

  #if arch(x86_64)
    /// The vectors of this machine, which decide what deserves a warning.
    private static let vectors = Processor.current?.vectors ?? .sse
    /// The choice of kernels if OpenBLAS picks the oldest ones.
    private static let best = Processor.current.flatMap { OpenBLASCore.choices(on: $0).first?.name } ?? ""
    /// OpenBLAS picks its oldest kernels, as on a processor newer than the library; the variable is removed before the command reads it.
    private static let oldPick = [
      "OPENBLAS_CORETYPE": "Prescott", "LD_PRELOAD": TinyRun.faultLibrary, "FAULT_FORGET": "OPENBLAS_CORETYPE",
    ]

    @Test(.enabled(if: vectors > .sse, "this processor has no better kernels than the oldest"))
    func kernelsAreChosenAgainWhereOpenBLASPicksOldOnes() throws {
      let tool = try Self.tool(Self.oldPick)
      let machine = try Self.machine(tool)
      #expect(machine["blas_core"] as? String == Self.best)
      #expect(machine["blas_core_picked"] as? String == "Prescott")
      #expect(machine["blas_core_origin"] as? String == "jacquard")
      let reason = "chosen for \(Self.vectors.name); OpenBLAS picked Prescott"
      #expect(machine["blas_core_reason"] as? String == reason)
      let version = try tool.run("--version")
      #expect(version.output.hasSuffix("; kernels: \(Self.best), \(reason))\n"), "\(version.output)")
      // The variable given to OpenBLAS is removed; otherwise the output here would mention it.
      #expect(version.error == "")
      #expect(try Self.warnings(tool) == [])
      // The reason makes the line longer than a terminal.
      for verb in [["--version"], ["doctor", "--data", "data"]] {
        let pane = try TerminalPane(tool, verb, environment: Self.oldPick)
        #expect(pane.status == 0 && pane.lines.allSatisfy { $0.count <= 80 }, "\(pane.lines)")
      }
    }

    @Test(.enabled(if: vectors > .sse, "this processor has no better kernels than the oldest"))
    func chosenKernelsComputeWhatTheSameKernelsCompute() throws {
      let chosen = try Self.tool(Self.oldPick)
      let outcome = try chosen.run(Self.training + ["--out", "run"])
      #expect(outcome.status == 0 && !outcome.error.contains("warning"), "\(outcome.error)")
      let asked = try Self.tool(["OPENBLAS_CORETYPE": Self.best])
      let expected = try asked.run(Self.training + ["--out", "run"]).json()["weights_sha256"] as? String
      #expect(try outcome.json()["weights_sha256"] as? String == expected)
      let provenance = try #require(try chosen.json("run/run.json")["provenance"] as? [String: Any])
      let machine = try #require(provenance["machine"] as? [String: Any])
      #expect(machine["blas_core"] as? String == Self.best && machine["blas_core_picked"] as? String == "Prescott")
    }

    @Test func whatTheUserSetStandsAndIsSaid() throws {
      let tool = try Self.tool(["OPENBLAS_CORETYPE": "Prescott"])
      #expect(try tool.run("--version").output.hasSuffix("; kernels: Prescott, set by OPENBLAS_CORETYPE)\n"))
      let outcome = try tool.run(Self.training + ["--out", "run"])
      #expect(outcome.status == 0)
      let lines = outcome.errorLines.filter { $0.contains("warning") }
      if Self.vectors >= .avx2 {
        let form =
          /jacquard: warning: OpenBLAS's Prescott kernels use SSE, but this processor has .+: .+ of the .+ GFLOP\/s that a core can do; unset OPENBLAS_CORETYPE/
        #expect(lines.count == 1 && lines.allSatisfy { $0.wholeMatch(of: form) != nil }, "\(outcome.error)")
      } else {
        #expect(lines == [])
      }
      #expect(try Self.warnings(tool).count == (Self.vectors > .sse ? 1 : 0))
    }

    @Test(.enabled(if: vectors >= .avx512, "without AVX-512, AVX2 is all there is"))
    func halfTheSpeedIsTheDoctorsBusinessOnly() throws {
      let tool = try Self.tool(["OPENBLAS_CORETYPE": "Haswell"])
      let outcome = try tool.run(Self.training + ["--out", "run"])
      #expect(outcome.status == 0 && !outcome.error.contains("warning"), "\(outcome.error)")
      let text = try tool.run("doctor", "--data", "data").output
      #expect(text.contains("BLAS kernels         Haswell, set by OPENBLAS_CORETYPE\n"))
      #expect(
        text.contains("inference            with the portable kernels: BLAS's rows depend on each other\n"),
        "\(text)")
      #expect(text.contains("\nwarning: OpenBLAS's Haswell kernels use AVX2, but this processor has AVX-512:"))
      #expect(!text.contains("Nothing is missing."))
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.contains("/") }, "\(text)")
    }

    @Test func speedIsShownBesideWhatTheVectorUnitCanDo() throws {
      let tool = try Self.tool()
      let json = try tool.run("doctor", "--data", "data", "--json").json()
      let speed = json["speed"] as? [String: Double]
      let machine = try #require(json["machine"] as? [String: Any])
      let isUnequal = OpenBLASRows.knowledge(ofCore: try #require(machine["blas_core"] as? String)) == .unequal
      #expect(machine["inference_gemm"] as? String == (isUnequal ? "portable" : "blas"))
      #expect(try #require(speed?["product_gflops"]) > 0 && #require(speed?["vector_gflops"]) > 0)
      let text = try tool.run("doctor", "--data", "data").output
      #expect(text.contains(/\nBLAS speed           [\d.]+ of the [\d.]+ GFLOP\/s that a core can do\n/), "\(text)")
    }
  #endif

  // A sanitizer's runtime must be loaded with the compiler's own libraries, which this library is not built with.
  @Test(
    .enabled(
      if: PlainBLAS.canBeMade && Sanitizer.current == nil, "\(PlainBLAS.absence), or a sanitizer is in the command"))
  func anotherLibraryUnderOpenBLASsNameWorks() throws {
    let folder = try TemporaryFolder()
    let library = try PlainBLAS.make(.right, in: folder)
    let tool = try Self.tool(["LD_LIBRARY_PATH": folder.path])
    #expect(try tool.run("--version").output.hasSuffix("(libopenblas.so.0; kernels: unknown)\n"))
    let machine = try Self.machine(tool)
    #expect(machine["blas"] as? String == "libopenblas.so.0" && machine["blas_path"] as? String == library)
    #expect(machine["blas_core_picked"] is NSNull && machine["blas_threads"] is NSNull)
    let hashes = try ["1", "2", "3"].map { threads in
      let outcome = try tool.run(Self.training + ["--threads", threads, "--out", "run-\(threads)"])
      #expect(outcome.status == 0 && outcome.error.contains("libopenblas.so.0 is slow here: "), "\(outcome.error)")
      return try outcome.json()["weights_sha256"] as? String
    }
    #expect(Set(hashes).count == 1)
    #expect(try Self.warnings(tool).contains { $0.hasPrefix("libopenblas.so.0 is slow here: ") })
  }

  @Test(
    .enabled(
      if: PlainBLAS.canBeMade && Sanitizer.current == nil, "\(PlainBLAS.absence), or a sanitizer is in the command"))
  func aLibraryThatComputesWrongIsRefused() throws {
    let folder = try TemporaryFolder()
    let library = try PlainBLAS.make(.wrong, in: folder)
    var tool = try Self.tool()
    try tool.trainSmall("--max-steps", "1")
    tool.environment["LD_LIBRARY_PATH"] = folder.path
    let verbs: [[String]] = [
      Self.training + ["--out", "refused"], ["evaluate", "run", "--data", "data"],
      ["predict", "run", "data/t10k-images-idx3-ubyte:0"], ["lr-find", "--data", "data", "--model", "lenet"],
      ["bench", "gemm", "--seconds", "0.01"],
    ]
    for verb in verbs {
      let outcome = try tool.run(verb)
      let start = "jacquard: error: libopenblas.so.0 (\(library)): it computes wrong products: of "
      #expect(outcome.error.hasPrefix(start) && outcome.errorLines.count == 1, "\(verb): \(outcome.error)")
      #expect(outcome.error.hasSuffix("; install another build, such as Debian's libopenblas0-pthread.\n"))
      #expect(outcome.status == 78 && outcome.output == "", "\(verb)")
    }
    #expect(!tool.folder.holds("refused"))
    let doctor = try tool.run("doctor", "--data", "data", "--json")
    let problem = try #require((try doctor.json()["problems"] as? [[String: Any]])?.first)
    #expect(doctor.status == 1 && problem["severity"] as? String == "missing")
    #expect(
      (problem["message"] as? String)?.hasPrefix("libopenblas.so.0 (\(library)): it computes wrong products") == true)
    // A user who does not need the library need not care.
    #expect(try tool.run(Self.training + ["--gemm", "naive", "--out", "plain"]).status == 0)
  }

  @Test func withoutALibraryAllThatNeedsNoneWorks() throws {
    let folder = try TemporaryFolder()
    try folder.write("not a library", to: "libopenblas.so.0")
    let tool = try Self.tool(["LD_LIBRARY_PATH": folder.path])
    let help = try tool.run("--help")
    #expect(help.status == 0 && help.error == "")
    #expect(try tool.run("--version").output.hasSuffix("(no BLAS; kernels: none)\n"))
    let refused = try tool.run(Self.training + ["--out", "refused"])
    #expect(refused.status == 78 && refused.output == "" && !tool.folder.holds("refused"))
    #expect(refused.error.hasPrefix("jacquard: error: OpenBLAS could not be loaded: ") && refused.errorLines.count == 1)
    #expect(
      refused.error.hasSuffix("; install it, on Debian as libopenblas0-pthread, or use --gemm portable.\n"),
      "\(refused.error)")
    let doctor = try tool.run("doctor", "--data", "data", "--json")
    let problem = try #require((try doctor.json()["problems"] as? [[String: Any]])?.first)
    #expect(doctor.status == 1 && problem["severity"] as? String == "missing")
    let portable = try tool.run(Self.training + ["--gemm", "portable", "--out", "run"])
    #expect(portable.status == 0, "\(portable.error)")
    let evaluation = try tool.run("evaluate", "run", "--data", "data")
    #expect(
      evaluation.status == 78 && evaluation.error.hasSuffix("on Debian as libopenblas0-pthread.\n"),
      "\(evaluation.error)")
  }
}
