import Foundation
import TestSupport
import Testing

/// The output of `--json` and the files of a run folder, against the schemas in the documentation.
@Suite(.conformance)
struct SchemaTests {
  /// A command and the schema of its output.
  private struct Example {
    let schema: String
    let arguments: [String]
    var exitCodes: Set<Int32> = [0]

    init(_ schema: String, _ arguments: String, exitCodes: Set<Int32> = [0]) {
      self.schema = schema
      self.arguments = arguments.split(separator: " ").map(String.init)
      self.exitCodes = exitCodes
    }
  }

  /// In this order: the first makes the run that the others need.
  private static let examples = [
    Example("train", "train --model lenet --epochs 2 --max-train 300 --validation 60 --keep-states 1 --out run"),
    Example("train-seeds", "train --model lenet --epochs 1 --max-train 300 --validation 60 --seeds 2 --out seeds"),
    Example("crossval", "crossval --model lenet --epochs 1 --max-train 300 --folds 2 --out folds"),
    Example("evaluate", "evaluate folds --ensemble --costs costs.csv --by groups.csv"),
    Example("presets", "presets"),
    Example("lr-find", "lr-find --model lenet --steps 12 --max-train 300"),
    Example("lr-find", "lr-find --model lenet --steps 12 --max-train 300 --from 1e-9 --to 1e-8 --csv a.csv"),
    Example("evaluate", "evaluate run --split validation --views flip,shift=1"),
    Example("evaluate", "evaluate run --fit-temperature"),
    Example("batch", "batch run gone --split test --split train --ensemble", exitCodes: [1]),
    Example("batch", "batch run --output table.csv --min-accuracy 1", exitCodes: [3]),
    Example("compare", "compare run run/weights/last.safetensors --output a.svg --csv a.csv"),
    Example("sweep", "sweep sweep.json --out sweep"),
    Example("reproduce", "reproduce run"),
    Example("reproduce", "reproduce run --epochs 2 --out again"),
    Example("reproduce", "reproduce run --epochs 1"),
    Example("verify", "verify run"),
    Example("runs", "runs ."),
    Example("serve", "serve shoes=run run/weights/last.safetensors --check"),
    Example("predict", "predict run t10k-images-idx3-ubyte.gz:0..2 none.png", exitCodes: [1]),
    Example("predict", "predict run t10k-images-idx3-ubyte.gz:0..2 --top 3"),
    Example("predict", "predict run t10k-images-idx3-ubyte.gz:0 --views flip"),
    Example("errors", "errors run --split validation --output mistakes.png --csv mistakes.csv"),
    Example("explain", "explain run t10k-images-idx3-ubyte.gz:0..2 none.png --output a.png", exitCodes: [1]),
    Example("explain", "explain run t10k-images-idx3-ubyte.gz:0 --method occlusion --class 3"),
    Example("explain", "explain run --mistakes --count 2 --split validation --method gradient"),
    Example("plot", "plot curves run --output a.svg"),
    Example("plot", "plot schedule run --output a.svg"),
    Example("plot", "plot confusion run --split validation --output a.svg"),
    Example("plot", "plot reliability run --split validation --output a.svg"),
    Example("plot", "plot roc run --output a.svg"),
    Example("plot", "plot precision-recall run --output a.svg"),
    Example("plot", "plot features run --method tsne --count 50 --pictures --output a.svg"),
    Example("plot", "plot filters run --output a.svg"),
    Example("plot", "plot activations run t10k-images-idx3-ubyte.gz:3 --output a.svg"),
    Example("plot", "plot features run --split validation --output a.svg"),
    Example("report", "report run"),
    Example("summary", "summary vgg"),
    Example("export", "export run --output model.onnx"),
    Example("export", "export run --output weights.npz"),
    Example("import", "import weights.npz --model lenet --output imported.safetensors"),
    Example("quantize", "quantize run --images 100 --out small.safetensors"),
    Example("manual", "manual ."),
    Example("import", "import model.onnx --output imported.safetensors"),
    Example("data-info", "data info"),
    Example("data-show", "data show --index 1..3 --output a.png"),
    Example("data-show", "data show --balance --output a.png"),
    Example("data-verify", "data verify"),
    Example("data-clean", "data clean --crossval folds --out cleaning"),
    Example("data-cache", "data cache"),
    Example("bench-gemm", "bench gemm --size 16x16x16 --seconds 0.001"),
    Example("bench-conv", "bench conv --model lenet --pass forward --no-naive --seconds 0.001"),
    Example("bench-model", "bench model --model lenet --mode inference --no-naive --seconds 0.001"),
    // Its exit code is 1 if something is missing, which does not matter here.
    Example("doctor", "doctor", exitCodes: [0, 1]),
  ]

  private static let schemas = Python.folder.deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("docs/schemas").path

  private func problems(_ pairs: [(schema: String, file: String)]) throws -> [String] {
    let arguments = pairs.flatMap { ["\(Self.schemas)/\($0.schema).schema.json", $0.file] }
    return try Python.json("schema_check.py", arguments, as: [String].self)
  }

  @Test func everyCommandAndEveryFileFollowsItsSchema() throws {
    let folder = try TemporaryFolder()
    var pairs: [(schema: String, file: String)] = []
    let sweep =
      #"{"base": {"model": "lenet", "epochs": 1, "max_train": 300, "validation": 60}, "grid": {"lr": [0.001, 0.01]}}"#
    try Data(sweep.utf8).write(to: URL(fileURLWithPath: folder("sweep.json")))
    try Data("true,predicted,cost\nShirt,Coat,3\n".utf8).write(to: URL(fileURLWithPath: folder("costs.csv")))
    let groups = "index,group\n" + (0..<10_000).map { "\($0),\($0 % 3)\n" }.joined()
    try Data(groups.utf8).write(to: URL(fileURLWithPath: folder("groups.csv")))
    for (index, example) in Self.examples.enumerated() {
      let output = try Program.output(
        of: Program.jacquard, example.arguments + ["--json", "--quiet"], in: folder, exitCodes: example.exitCodes)
      let file = folder("\(index)-\(example.schema).json")
      try Data(output.utf8).write(to: URL(fileURLWithPath: file))
      pairs.append((example.schema, file))
    }
    pairs += [
      ("config", folder("run/config.json")), ("run", folder("run/run.json")), ("event", folder("run/events.jsonl")),
    ]
    #expect(try problems(pairs) == [])
  }

  @Test func anotherValueDoesNotFollowASchema() throws {
    let folder = try TemporaryFolder()
    let file = folder("wrong.json")
    try Data(#"{"schema":1,"run":"run","output":"report.html","bytes":"5","more":0}"#.utf8)
      .write(to: URL(fileURLWithPath: file))
    #expect(try problems([("report", file)]).count == 2)
  }

  /// Ensures that a new verb cannot be forgotten.
  @Test func everyCommandHasAnExampleAndEverySchemaIsUsed() throws {
    let text = try Program.output(of: Program.jacquard, ["--experimental-dump-help"])
    let root = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let commands = Self.commands(in: try #require(root["command"] as? [String: Any]))
    #expect(commands.count > 20)
    for command in commands {
      #expect(Self.examples.contains { $0.arguments.starts(with: command) }, "\(command) has no schema")
    }
    let used = Set(Self.examples.map(\.schema) + ["config", "run", "event"]).map { $0 + ".schema.json" }
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.schemas).filter { $0.hasSuffix(".json") }
    #expect(files.sorted() == used.sorted())
  }

  /// The words of every command without subcommands.
  private static func commands(in command: [String: Any]) -> [[String]] {
    let children = (command["subcommands"] as? [[String: Any]] ?? []).filter {
      $0["commandName"] as? String != "help" && $0["shouldDisplay"] as? Bool == true
    }
    return children.flatMap { child -> [[String]] in
      let name = child["commandName"] as? String ?? ""
      let below = commands(in: child)
      return below.isEmpty ? [[name]] : below.map { [name] + $0 }
    }
  }
}
