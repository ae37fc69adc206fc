internal import ArgumentParser
internal import Datasets
internal import Figures
internal import JacquardEngine
internal import Runs
internal import Support
internal import Terminal

/// `jacquard predict`: classifies images.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Classify images, one result per line.",
    discussion: """
      An input is a picture (PNG, JPEG, WebP, GIF, BMP), a folder of pictures, a quoted pattern such as 'shop/*.jpg', an IDX or .npy \
      file (all of its images), one of its items (file:7) or several (file:0..9, both ends included), or -, which reads a picture or a \
      list of inputs from standard input. A file that is not found by its name is looked up in the data folder.

      For models with Fashion-MNIST's classes, pictures are prepared like that data set: trimmed to the object, resized, sharpened, \
      centered, negated if the background is light, and turned gray. For other models they are resized, and gray or color as the model \
      needs. --fit and --invert control this, and --show-input draws what the network sees.

      Each line is input, class, label and probability, separated by tabs, or a JSON object; with --top, the last three repeat for \
      each class. An input that cannot be read gets a line with the error; the others continue, and the exit code is 1.

      Examples:
        jacquard predict runs/cnn-1 shoe.jpg --show-input seen.png
        jacquard predict runs/cnn-1 t10k-images-idx3-ubyte.gz:0..9 --json
        jacquard predict runs/cnn-1 photos --recursive --top 3
        find pictures -name '*.png' | jacquard predict runs/cnn-1 -
      """)

  @Argument(
    help: ArgumentHelp("A run folder (its last weights), a .safetensors or an .onnx file."), completion: .file())
  var checkpoint: String

  @Argument(help: "Pictures, folders of pictures, IDX or .npy files or items of them, or -.")
  var inputs: [String]

  @Flag(help: "Search subfolders too.")
  var recursive = false

  @Flag(help: "Answer with the mean of the probabilities of all runs in a folder, such as that of 'crossval'.")
  var ensemble = false

  @Option(help: ArgumentHelp("Print the n most probable classes of each image.", valueName: "n"))
  var top: Int?

  @Option(
    help: ArgumentHelp("Draw what the network sees, with its predictions, to a .png or .svg file.", valueName: "file"),
    completion: .file())
  var showInput: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Also write all probabilities to this .npy file: one row per line, NaN if the line is an error.",
      valueName: "file"), completion: .file())
  var output: String?

  @OptionGroup var viewOptions: ViewOptions
  @OptionGroup(title: "Inference") var inference: InferenceOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  func validate() throws {
    guard top.map({ 1...1000 ~= $0 }) ?? true else {
      throw ValidationError("--top must be a whole number from 1 to 1000, not '\(top ?? 0)'.")
    }
  }

  func run() throws {
    let console = outputOptions.console
    let shown = try showInput.map { path throws(Failure) in
      try PictureFile(path: path, theme: .auto, scale: 2, flag: "--show-input")
    }
    let inference = try inference.settings()
    let members =
      ensemble
      ? try EnsembleFolder.checkpoints(
        in: checkpoint, model: inference.model, preprocessing: inference.preprocessing)
      : [try Checkpoint(checkpoint, model: inference.model, preprocessing: inference.preprocessing)]
    let loaded = members[0]
    loaded.reportDoubts(on: console)
    try viewOptions.views.check(for: loaded.model)
    try MemoryCheck.check(loaded.model, inference: inference, memory: Machine().memory)
    let team = try inference.team()
    let predictors = try members.map {
      Predictor(try $0.network(), team: team, chunk: inference.imagesPerWorker)
    }
    var file = try output.map { path throws(Failure) in
      try ProbabilityFile(path, classCount: loaded.model.classNames.count)
    }
    var (count, failures) = (0, 0)
    func fail(_ input: String, _ failure: Failure) throws {
      (count, failures) = (count + 1, failures + 1)
      file?.appendFailure()
      try console.result(asIs: outputOptions.json ? [errorLine(input, failure)] : Self.shown(errorLine(input, failure)))
    }
    var tiles: [ImageGrid.Tile] = []
    var reader = try InputReader(checkpoint: loaded, data: dataOptions, isRecursive: recursive) { finding in
      switch finding {
      case .failure(let input, let failure):
        try fail(input, failure)
      case .images(let images):
        let predictions = try predictions(of: images, predictors)
        for prediction in predictions {
          guard prediction.isFinite else {
            try fail(prediction.input, Failure(.badData, "the answer is not finite; the model's weights are broken."))
            continue
          }
          count += 1
          file?.append(prediction)
          try console.result(
            asIs: outputOptions.json
              ? [prediction.json(top: top, views: viewOptions.views).text]
              : Self.shown(prediction.line(top: top), isList: top ?? 1 > 1))
        }
        if shown != nil { tiles += Self.tiles(images, predictions, room: SampleChoice.limit - tiles.count) }
      }
    }
    try reader.read(inputs)
    if showInput == nil, StandardStream.output.isTerminal, inputs.contains(where: PhotographFile.hasPictureName) {
      console.note("to see what the network saw of a picture, use --show-input FILE.png")
    }
    try file?.write()
    if let shown { try shown.write(try Self.panels(tiles, checkpoint: checkpoint).drawing()) }
    if failures > 0 {
      console.warn("\(failures) of \(count) inputs failed; their lines say why")
      throw ExitStatus.someItemsFailed
    }
  }

  /// The predictions for images.
  private func predictions(of images: InputImages, _ predictors: [Predictor]) throws -> [Prediction] {
    let model = predictors[0].network.model
    let classes = model.classNames.count
    // These predictions cannot be stopped, so they always have a result.
    let all = try predictors.compactMap {
      $0.logits(of: try images.source(for: $0.network.model), views: viewOptions.views)?.mean
    }
    let logits = all.count == 1 ? all[0].logits : Predictions.mean(all, classes: classes).logits
    return images.names.enumerated().map { index, name in
      Prediction(
        input: name, logits: logits.span.extracting(index * classes..<(index + 1) * classes),
        classNames: model.classNames)
    }
  }

  private func errorLine(_ input: String, _ failure: Failure) -> String {
    if outputOptions.json {
      return (["schema": 1, "input": .string(input), "error": .string(failure.text)] as JSONValue).text
    }
    return [VisibleText.line(input), "error", failure.text].joined(separator: "\t")
  }

  /// A line with tabs, for programs; on a terminal, the input and then one line per class for several classes, or if the line is too long.
  private static func shown(_ line: String, isList: Bool = false) -> [String] {
    guard StandardStream.output.isTerminal, let columns = StandardStream.output.columns else { return [line] }
    let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    // A tab advances to the next multiple of eight.
    let width = cells.dropLast().reduce(0) { ($0 + $1.count) / 8 * 8 + 8 } + (cells.last?.count ?? 0)
    if width <= columns, !isList { return [line] }
    let rest = stride(from: 1, to: cells.count, by: 3).map {
      cells[$0..<min($0 + 3, cells.count)].joined(separator: "  ")
    }
    return [cells[0]] + rest.flatMap { FoldedText.lines("  " + $0, columns: columns, indentation: 4) }
  }

  /// Images with their predictions, up to `room` tiles.
  private static func tiles(_ images: InputImages, _ predictions: [Prediction], room: Int) -> [ImageGrid.Tile] {
    // Other shapes cannot be drawn.
    guard images.shape.channels == 1 || images.shape.channels == 3 else { return [] }
    let size = images.shape.count
    return predictions.prefix(max(0, room)).enumerated().map { index, prediction in
      ImageGrid.Tile(
        Bitmap(images.shape, pixels: images.pixels[index * size..<(index + 1) * size]),
        captions: [
          .init(prediction.label), .init(NumberText.percent(prediction.probability, decimals: 1), .muted),
          .init(caption(prediction.input), .muted),
        ], tip: prediction.input)
    }
  }

  /// An input's name for a caption: of an item of a file, the item, because a caption is too short for both.
  private static func caption(_ input: String) -> String {
    let parts = input.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count > 1, let item = parts.last.flatMap({ Int($0) }) else { return PathText.name(input) }
    return "no. \(item)"
  }

  private static func panels(_ tiles: [ImageGrid.Tile], checkpoint: String) -> Panels {
    Panels(
      "What the network sees", subtitle: "\(checkpoint): \(tiles.count) images, each with its prediction",
      charts: [ImageGrid("", tiles: tiles, columns: 8, imageWidth: 84, gap: 16)])
  }
}
