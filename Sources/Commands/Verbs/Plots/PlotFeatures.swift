internal import ArgumentParser
internal import Datasets
internal import Figures
internal import JacquardEngine
internal import Runs

/// `jacquard plot features`: draws how well the inputs of the last layer separate the classes.
struct PlotFeatures: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features", abstract: "Draw the inputs of a checkpoint's last layer in two dimensions.",
    discussion: """
      With --method pca, the dimensions are the first two principal components of the last layer's inputs. With tsne, neighbors among \
      the inputs are neighbors in the map (Barnes-Hut t-SNE; van der Maaten, 2014); distances between groups mean little. The \
      trustworthiness says how far neighbors in the map are neighbors among the inputs: 1 if all are.

      Examples:
        jacquard plot features runs/cnn-1 --count 500 --output features.png
        jacquard plot features runs/cnn-1 --method tsne --pictures -o map.png
      """)

  @Argument(
    help: ArgumentHelp("A run folder (its last weights), a .safetensors or an .onnx file."), completion: .file())
  var checkpoint: String

  @Option(help: "The part of the data.")
  var split = EvaluationSplit.test

  @Option(help: ArgumentHelp("Number of images, from the first.", valueName: "n"))
  var count = 1500

  @Option(help: "The method: \(WordOption.list(FeatureMethod.self)).")
  var method = FeatureMethod.pca

  @Option(help: ArgumentHelp("The effective number of neighbors of an image for tsne, 1 to 1000 (30).", valueName: "x"))
  var perplexity: Double?

  @Option(help: ArgumentHelp("The seed of the first places for tsne (1).", valueName: "n"))
  var seed: UInt32?

  @Flag(help: "Draw the pictures instead of points, as far as they do not cover each other.")
  var pictures = false

  @OptionGroup(title: "Picture") var picture: PictureOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Inference") var inference: PictureInferenceOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard 2...SampleChoice.limit ~= count else {
      throw ValidationError("--count must be a whole number from 2 to \(SampleChoice.limit), not '\(count)'.")
    }
    if perplexity != nil || seed != nil, method != .tsne {
      throw ValidationError("\(perplexity != nil ? "--perplexity" : "--seed") needs --method tsne.")
    }
    if let perplexity, !(1...1000 ~= perplexity) {
      throw ValidationError("--perplexity must be a number from 1 to 1000, not '\(perplexity)'.")
    }
  }

  func run() throws {
    let target = try PictureTarget(picture, terminal, isJSON: output.json, example: "features.png")
    let loaded = try Checkpoint(checkpoint, model: inference.model, preprocessing: try inference.preprocessing.stated)
    loaded.reportDoubts(on: output.console)
    let all = try EvaluationData(try dataOptions.source(for: loaded, output.console), checkpoint: loaded, split: split)
      .source
    let source = try SampleSource(
      all.set, indices: Array(all.indices.prefix(count)), normalization: all.normalization, seed: 0)
    if pictures { try source.set.shape.requirePicture(of: checkpoint) }
    var settings = NeighborMap.Settings()
    if let perplexity { settings.perplexity = perplexity }
    if let seed { settings.seed = UInt64(seed) }
    let network = try loaded.network()
    let map = try FeatureMap(
      network, source, threads: try inference.settings().threadCount, checkpoint: checkpoint, method: method,
      settings: settings, measures: true)
    let panels = Panels.features(
      map, of: network, source, method: method, hasPictures: pictures, checkpoint: checkpoint, split: split)
    try target.show(try panels.drawing(), kind: "features", output: output)
  }
}

extension FeatureMethod: ExpressibleByArgument {}
