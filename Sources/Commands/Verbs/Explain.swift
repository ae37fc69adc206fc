internal import ArgumentParser
internal import Datasets
internal import Figures
internal import JacquardEngine
internal import Runs
internal import Studies
internal import Support
internal import Terminal

/// `jacquard explain`: shows what answers depend on.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show which parts of images a checkpoint's answers depend on.",
    discussion: """
      Inputs are those of 'jacquard predict'. With --mistakes, they are the worst mistakes of a part of the data, as in \
      'jacquard errors', each explained for the predicted and for the true class.

      Methods: gradcam weighs the activations of a layer by the gradients of the class's logit (Selvaraju et al., 2017); occlusion covers \
      one part of the image after the other, and measures how much the logit falls; gradient is the magnitude of the logit's gradient by \
      each pixel.

      Each line is input, class, label, probability, and row and column of the pixel that speaks most for the class, separated by tabs; \
      or a JSON object with the whole map.

      Examples:
        jacquard explain runs/cnn-1 shoe.jpg --output why.png
        jacquard explain runs/cnn-1 shoe.jpg --class Sneaker --json
        jacquard explain runs/cnn-1 --mistakes --count 12 --output mistakes.svg
      """)

  @Argument(
    help: ArgumentHelp("A run folder (its last weights), a .safetensors or an .onnx file."), completion: .file())
  var checkpoint: String

  @Argument(help: "Pictures, folders of pictures, IDX or .npy files or items of them, or -.")
  var inputs: [String] = []

  @Flag(help: "Search subfolders too.")
  var recursive = false

  @Option(help: "The method: \(WordOption.list(ExplanationMethod.self)).")
  var method = ExplanationMethod.gradcam

  @Option(
    help: ArgumentHelp(
      "The layer for gradcam, a name that 'jacquard summary' lists (the last layer with spatial extent).",
      valueName: "name"))
  var layer: String?

  @Option(
    name: .customLong("class"), help: ArgumentHelp("The class to explain (the predicted one).", valueName: "class"))
  var chosenClass: String?

  @Option(
    help: ArgumentHelp("The side of the squares for occlusion, in pixels (a seventh of the image).", valueName: "n"))
  var patch: Int?

  @Option(help: ArgumentHelp("The distance between squares for occlusion, 1 to the side (half of it).", valueName: "n"))
  var step: Int?

  @Flag(help: "Explain the worst mistakes on the data.")
  var mistakes = false

  @Option(help: "With --mistakes: the part of the data (test).")
  var split: EvaluationSplit?

  @Option(help: ArgumentHelp("With --mistakes: the number of mistakes (24).", valueName: "n"))
  var count: Int?

  @OptionGroup(title: "Picture") var picture: PictureOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Inference") var inference: PictureInferenceOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if mistakes != inputs.isEmpty {
      throw ValidationError(
        mistakes ? "--mistakes cannot be combined with inputs." : "Name an input, or use --mistakes.")
    }
    if mistakes, recursive {
      throw ValidationError("--recursive searches folders; it cannot be combined with --mistakes.")
    }
    if !mistakes, split != nil || count != nil {
      throw ValidationError("\(split != nil ? "--split" : "--count") needs --mistakes.")
    }
    if let count, !(1...ExplanationSheet.limit ~= count) {
      throw ValidationError("--count must be a whole number from 1 to \(ExplanationSheet.limit), not '\(count)'.")
    }
    if layer != nil, method != .gradcam { throw ValidationError("--layer needs --method gradcam.") }
    if patch != nil || step != nil, method != .occlusion {
      throw ValidationError("\(patch != nil ? "--patch" : "--step") needs --method occlusion.")
    }
    if let patch, !(1...65536 ~= patch) {
      throw ValidationError("--patch must be a whole number from 1 to 65536, not '\(patch)'.")
    }
    if let step, !(1...65536 ~= step) {
      throw ValidationError("--step must be a whole number from 1 to 65536, not '\(step)'.")
    }
    guard !isForTerminal || !output.json else {
      throw ValidationError("--json cannot print pictures; name a file with --output.")
    }
  }

  func run() throws {
    let file = try picture.file()
    let settings = try inference.settings()
    let loaded = try Checkpoint(checkpoint, model: settings.model, preprocessing: settings.preprocessing)
    let shape = loaded.model.inputShape
    if file != nil || isForTerminal { try shape.requirePicture(of: checkpoint) }
    try MemoryCheck.check(loaded.model, inference: settings, memory: Machine().memory)
    try MemoryCheck.check(gradientsOf: loaded.model, threads: settings.threadCount, memory: Machine().memory)
    let network = try loaded.network()
    let explainer = try Explainer(
      network, method: method, layer: layer, occlusion: try occlusion(for: shape), team: try settings.team(),
      imagesPerWorker: settings.imagesPerWorker)
    let choice = try chosenClass.map { try ClassReference.label($0, among: network.model.classNames, flag: "--class") }
    var sheet = ExplanationSheet(explainer, checkpoint: checkpoint)
    let failures =
      mistakes
      ? try explainMistakes(explainer, choice, settings, into: &sheet)
      : try explainInputs(explainer, loaded, choice, into: &sheet)
    if let file { try file.write(try sheet.panels.drawing()) }
    if isForTerminal { try show(sheet) }
    if failures > 0 { throw ExitStatus.someItemsFailed }
  }

  /// Whether to show the pictures: on request, or on a terminal if no file is named.
  private var isForTerminal: Bool {
    terminal.terminal || terminal.pictureProtocol != nil
      || (StandardStream.output.isTerminal && !output.json && picture.output == nil)
  }

  private func occlusion(for shape: Shape) throws -> Occlusion? {
    guard method == .occlusion, patch != nil || step != nil else { return nil }
    let patch = patch ?? Occlusion(for: shape).patch
    let step = step ?? max(1, patch / 2)
    guard step <= patch else {
      throw ValidationError("--step \(step) leaves gaps between squares of \(patch) pixels; choose at most \(patch).")
    }
    return Occlusion(patch: patch, step: step)
  }

  /// Explains the inputs; returns how many cannot be read.
  private func explainInputs(
    _ explainer: Explainer, _ loaded: Checkpoint, _ choice: Int?, into sheet: inout ExplanationSheet
  ) throws -> Int {
    loaded.reportDoubts(on: output.console)
    var (count, failures) = (0, 0)
    var found = sheet
    var reader = try InputReader(checkpoint: loaded, data: dataOptions, isRecursive: recursive) { finding in
      switch finding {
      case .failure(let input, let failure):
        (count, failures) = (count + 1, failures + 1)
        let line: JSONValue = ["schema": 1, "input": .string(input), "error": .string(failure.text)]
        try output.console.result(
          asIs: [output.json ? line.text : [VisibleText.line(input), "error", failure.text].joined(separator: "\t")])
      case .images(let images):
        count += images.count
        // Few at a time: a map may be as large as its image.
        for first in stride(from: 0, to: images.count, by: Self.groupSize) {
          let group = images.part(first..<min(first + Self.groupSize, images.count))
          let maps = try explainer.explanations(
            of: try group.source(for: loaded.model), classes: [Int?](repeating: choice, count: group.count))
          for (index, map) in maps.enumerated() {
            let explained = ExplainedImage(name: group.names[index], label: nil, explanation: map)
            try output.console.result(asIs: [output.json ? explained.json(explainer).text : explained.line(explainer)])
            if [1, 3].contains(group.shape.channels) { found.append(group.bitmap(index), [explained]) }
          }
        }
      }
    }
    try reader.read(inputs)
    sheet = found
    if failures > 0 { output.console.warn("\(failures) of \(count) inputs failed; their lines say why") }
    return failures
  }

  private static let groupSize = 64

  /// Explains the worst mistakes; returns 0.
  private func explainMistakes(
    _ explainer: Explainer, _ choice: Int?, _ settings: InferenceSettings, into sheet: inout ExplanationSheet
  ) throws -> Int {
    let evaluation = try Evaluation(
      checkpoint: checkpoint, split: split ?? .test, inference: settings, console: output.console,
      data: dataOptions.source(on: output.console))
    let chosen = Array(MistakeList(evaluation, label: nil, answer: nil).mistakes.prefix(count ?? 24))
    for (mistake, explained) in try MistakeExplanations(evaluation, explainer).explained(chosen, class: choice) {
      for one in explained {
        try output.console.result(asIs: [output.json ? one.json(explainer).text : one.line(explainer)])
      }
      let set = evaluation.data.source.set
      if [1, 3].contains(set.shape.channels) {
        sheet.append(Bitmap(set.shape, pixels: set.pixels(at: evaluation.item(of: mistake))), explained)
      }
    }
    if chosen.isEmpty { output.console.note("there are no mistakes to explain") }
    return 0
  }

  private func show(_ sheet: ExplanationSheet) throws {
    let chosen = terminal.resolved
    if chosen.showsPictures,
      let text = try PictureText.text(of: try sheet.panels.drawing(), chosen, theme: picture.theme.theme(auto: .dark))
    {
      try output.console.result(asIs: [text])
    } else if terminal.terminal || terminal.pictureProtocol != nil {
      let tiles = TileText(ShadeText(suiting: chosen), columns: StandardStream.output.columns ?? 80)
      try output.console.result(asIs: tiles.lines(of: sheet.rows.map { ImageGrid.Row(tiles: $0) }))
    }
  }
}

extension ExplanationMethod: ExpressibleByArgument {}
