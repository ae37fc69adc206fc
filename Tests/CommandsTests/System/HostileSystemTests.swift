import CommandTestSupport
import Commands
import Foundation
import TestSupport
import Testing

/// Every verb on a system that refuses memory, threads, streams, descriptors or disk space: it does its work, or gives the reason in one line. No
/// signal ends it, it dumps no stack, and it does not run forever.
@Suite(.enabled(if: Sanitizer.current == nil))
struct HostileSystemTests {
  /// The resource that the system refuses.
  struct Condition: CustomTestStringConvertible, Sendable {
    let name: String
    /// The shell commands before the command.
    var before = ""
    /// The redirections of the streams.
    var streams = ""
    var environment: [String: String] = [:]
    /// The size of a file system in memory for the output; nil for the folder of the test.
    var disk: String?

    var testDescription: String { name }
    /// Whether standard error can be read afterwards; here it is a file.
    var showsErrors: Bool { streams.isEmpty && !before.hasSuffix("-f 0") }
  }

  static let conditions: [Condition] = {
    var conditions = [
      Condition(name: "no standard output", streams: ">&-"), Condition(name: "no standard error", streams: "2>&-"),
      Condition(name: "no streams at all", streams: "<&- >&- 2>&-"),
      Condition(name: "full standard output", streams: ">/dev/full"),
      Condition(name: "full standard error", streams: "2>/dev/full"),
      Condition(name: "no threads", environment: threads(0)), Condition(name: "one thread", environment: threads(1)),
    ]
    for size: Int in [160, 300, 500, 900] {
      conditions.append(Condition(name: "\(size) MiB of addresses", before: "ulimit -v \(size << 10)"))
    }
    for size: Int in [0, 4] { conditions.append(Condition(name: "files of \(size) KiB", before: "ulimit -f \(size)")) }
    for count: Int in [4, 8] {
      conditions.append(Condition(name: "\(count) descriptors", before: "ulimit -n \(count)"))
    }
    for size: String in ["4k", "64k"] { conditions.append(Condition(name: "a disk of \(size)", disk: size)) }
    return conditions
  }()

  private static func threads(_ count: Int) -> [String: String] {
    ["FAULT_THREADS": "\(count)", "OPENBLAS_NUM_THREADS": "1", "LD_PRELOAD": TinyRun.faultLibrary]
  }

  /// Every verb, with little work. Output goes to `out`.
  static let verbs: [String] = [
    "train --out out/run \(TinyRun.recipe.joined(separator: " "))",
    "train --out out/run --tensorboard --model tiny.json --data data --epochs 1",
    "lr-find --model tiny.json --data data --steps 12", "evaluate run --data data", "evaluate run --data data --json",
    "batch run best.safetensors --data data --output out/table.csv",
    "batch run best.safetensors --data data --output out/table.csv --jobs 2",
    "compare run best.safetensors --data data",
    "sweep sweep.json --out out/sweep --data data --jobs 2", "reproduce run --data data", "verify run", "runs .",
    "serve run --check",
    "predict run data/t10k-images-idx3-ubyte:0..3",
    "predict run data/t10k-images-idx3-ubyte --output out/answers.npy",
    "errors run --data data --output out/errors.png --csv out/errors.csv", "plot curves run --output out/curves.svg",
    "plot confusion run --data data --output out/confusion.png", "plot confusion run --data data --terminal",
    "plot reliability run --data data --output out/calibration.png", "plot filters run --output out/filters.png",
    "plot activations run data/t10k-images-idx3-ubyte:0 --output out/activations.png",
    "plot features run --data data --output out/features.svg", "report run --data data --output out/report.html",
    "summary run", "export run --output out/model.onnx", "export run --output out/model.safetensors",
    "import model.onnx --output out/imported.safetensors",
    "import model.npz --model tiny.json --output out/imported.safetensors", "data info --data data",
    "data verify --data data", "data show --data data --output out/data.png", "data cache",
    "bench gemm --size 16x16x16 --seconds 0.001", "bench model --model tiny.json --seconds 0.001 --batch-size 4",
    "doctor", "--version", "help train",
  ]

  /// A folder with a run, and the run in other formats.
  private func prepared() throws -> TinyRun {
    let runs = try TinyRun(isInMemory: true)
    try #require(try runs.begin("run").status == 0)
    try runs.tool.folder.write(
      """
      {"base": {"model": "tiny.json", "epochs": 1, "batch_size": 20, "validation": 15}, "grid": {"lr": [0.01, 0.02]}}
      """, to: "sweep.json")
    for name in ["model.onnx", "model.npz"] {
      try #require(try runs.tool.run("export", "run", "--output", name).status == 0)
    }
    try #require(try runs.tool.shell("cp run/weights/best.safetensors .").status == 0)
    return runs
  }

  /// Text that a process writes when it ends unintentionally.
  private static let dumps = [
    "Fatal error", "Backtrace", "Program crashed", "terminate called", "OpenBLAS blas_thread", "core dumped",
  ]

  @Test(arguments: conditions)
  func everyVerbWorksOrSaysWhyNot(condition: Condition) throws {
    let runs = try prepared()
    var tool = runs.tool
    tool.environment = condition.environment
    let statuses = Set(ExitStatus.allCases.map(\.rawValue))
    for verb in Self.verbs {
      // A command that loops is ended, and gives 124 or 137.
      let command = "exec timeout -k 5 120 '\(Tool.path)' \(verb) \(condition.streams)"
      let script = condition.disk.map {
        "unshare -m bash -c 'mount -t tmpfs -o size=\($0) none out && \(command.replacing("'", with: ""))'"
      }
      let outcome = try tool.shell(
        "rm -rf out; mkdir out; \(condition.before.isEmpty ? ":" : condition.before); \(script ?? command)")
      let text = "\(verb): \(outcome.status): \(outcome.error)"
      #expect(statuses.contains(outcome.status), "\(text)")
      // The command itself is right: a misspelled one would pass everything else.
      #expect(outcome.status != ExitStatus.usage.rawValue, "\(text)")
      #expect(!Self.dumps.contains { outcome.error.contains($0) || outcome.output.contains($0) }, "\(text)")
      if outcome.status != 0, outcome.status != 1, condition.showsErrors, verb != "doctor" {
        #expect(outcome.errorLines.count { $0.hasPrefix("jacquard: error: ") } == 1, "\(text)")
      }
    }
  }
}
