internal import ArgumentParser
internal import Files
internal import Runs
internal import Support
internal import Terminal

/// `jacquard serve`: answers questions over HTTP. The program `jacquard-serve` has the same arguments and does the work.
struct Serve: ParsableCommand {
  /// The program that serves: it is built only on demand.
  static let program = "jacquard-serve"

  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve models over HTTP, with a page to try them.",
    discussion: """
      Clients use the Open Inference Protocol (/v2), as Triton's and KServe's do, or send pictures to /v1/predict. A browser shows a page at \
      the address itself. The images of requests that arrive together are computed together; that changes no bit of an answer.

      A model is called like its run folder or file; NAME=CHECKPOINT gives it another name. When new weights are renamed into place, or on \
      SIGHUP, they are loaded, and no request is lost. SIGTERM and SIGINT let requests end before the program does.

      The program jacquard-serve does the work. 'make server' builds it.

      Examples:
        jacquard serve fast
        jacquard serve shoes=runs/cnn-1 runs/vgg-1 --port 9000
        jacquard serve fast --host 0.0.0.0 --token-file token
        jacquard serve fast --check
      """)

  @Argument(
    help: ArgumentHelp(
      "Run folders (their last weights), .safetensors or .onnx files, or NAME=CHECKPOINT.",
      valueName: "checkpoint"),
    completion: .file())
  var checkpoints: [String]

  @Option(help: ArgumentHelp("The port; 0 for one that is free.", valueName: "n"))
  var port = 8080

  @Option(
    help: ArgumentHelp("The address to listen at; any but this computer's own needs --token-file."))
  var host = "127.0.0.1"

  @Option(
    help: ArgumentHelp(
      "A file with the token that requests must carry, of at least 16 characters (none).",
      valueName: "file"),
    completion: .file())
  var tokenFile: String?

  @Option(
    help: ArgumentHelp(
      "Write one JSON line per request to this file (standard error).", valueName: "file"),
    completion: .file())
  var accessLog: String?

  @Option(
    help: ArgumentHelp(
      "The most images that wait; further requests are told to try again.", valueName: "n"))
  var queue = 1024

  @Option(
    help: ArgumentHelp(
      "How long an image may wait for others to join its batch, in milliseconds; without, only for a free worker.",
      valueName: "ms"))
  var batchWait = 0.0

  @Option(help: ArgumentHelp("The largest request, in MiB.", valueName: "n"))
  var maxBody = 16

  @Option(
    help: ArgumentHelp("Seconds for a request to arrive, and then to be answered.", valueName: "s"))
  var timeout = 30

  @Option(help: ArgumentHelp("The most connections at once.", valueName: "n"))
  var connections = 1024

  @Flag(help: "Read the models, print what would be served, and end.")
  var check = false

  @Option(setting: "fit") var fit: String?
  @Option(setting: "invert") var invert: String?

  @OptionGroup(title: "Inference") var inference: InferenceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    try Self.check(port, 0...65_535, "--port")
    try Self.check(queue, 1...1_000_000, "--queue")
    try Self.check(maxBody, 1...1024, "--max-body")
    try Self.check(timeout, 1...3600, "--timeout")
    try Self.check(connections, 1...100_000, "--connections")
    guard (0...1000).contains(batchWait) else {
      throw ValidationError("--batch-wait must be a number from 0 to 1000, not '\(batchWait)'.")
    }
    guard tokenFile != nil || Self.isOwnAddress(host) else {
      throw ValidationError(
        "--host \(host) lets other computers ask; choose a token for them with --token-file.")
    }
  }

  private static func check(_ value: Int, _ range: ClosedRange<Int>, _ flag: String)
    throws(ValidationError)
  {
    guard range.contains(value) else {
      throw ValidationError(
        "\(flag) must be a whole number from \(range.lowerBound) to \(range.upperBound), not '\(value)'."
      )
    }
  }

  /// Whether only programs on this computer reach an address.
  private static func isOwnAddress(_ host: String) -> Bool {
    host == "localhost" || host == "::1" || host.wholeMatch(of: /127(\.[0-9]{1,3}){3}/) != nil
  }

  func run() throws {
    if check { return try printModels() }
    // What is wrong with the arguments is said before another program starts.
    let settings = try settings()
    for model in settings.models { _ = try CheckpointPath.weights(of: model.path) }
    guard let path = Program.path(named: Self.program) else {
      throw Failure(
        .noInput,
        "the program \(Self.program) is neither beside this one nor in a folder of PATH; build it with 'make server' in Jacquard's folder."
      )
    }
    let code = Program.replaceProcess(by: path, Array(try ProcessArguments.checked().dropFirst()))
    throw Failure(.inputOutput, "\(path): cannot start the server: \(code.message).")
  }

  /// Serves, in the program that can.
  func serve(with server: (ServeSettings) throws -> Void) throws {
    if check { return try printModels() }
    try server(try settings())
  }

  private func printModels() throws {
    let settings = try settings()
    let console = output.console
    let models = try settings.models.map { named throws(Failure) in
      try LoadedCheckpoint(
        named, inference: settings.inference, pictureFlags: settings.pictureFlags
      ) {
        $0.reportDoubts(on: console)
      }
    }
    let served = ServedModels(models, address: nil)
    try console.result(output.json ? [served.json.text] : served.lines)
  }

  private func settings() throws -> ServeSettings {
    ServeSettings(
      models: try NamedCheckpoint.all(checkpoints), inference: try inference.settings(),
      pictureFlags: [("fit", fit), ("invert", invert)].compactMap { key, text in
        text.map { (key, $0) }
      },
      host: host, port: port, token: try tokenFile.map(Self.token), accessLog: accessLog,
      queueLength: queue,
      batchWait: Int((batchWait * 1000).rounded()), largestBody: maxBody << 20, timeout: timeout,
      connections: connections, isJSON: output.json, isQuiet: output.quiet)
  }

  /// The token in a file: its text without white space around it.
  private static func token(_ path: String) throws -> String {
    let bytes = try FileReader.bytes(ofFileAt: path, maximumByteCount: 4096)
    let text = String(validating: bytes, as: UTF8.self) ?? ""
    let token = text.split(whereSeparator: \.isWhitespace)
    guard token.count == 1, token[0].utf8.count >= 16,
      token[0].utf8.allSatisfy({ (33...126).contains($0) })
    else {
      throw Failure(
        .badConfiguration,
        "\(path): expected one token of at least 16 letters, digits or signs, such as 'openssl rand -hex 24' prints."
      )
    }
    return String(token[0])
  }
}
