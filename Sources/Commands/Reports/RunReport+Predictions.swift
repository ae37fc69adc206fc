internal import Datasets
internal import Figures
internal import JacquardEngine
internal import Runs
internal import Studies
internal import Support

extension RunReport {
  private static let firstCount = 24
  private static let mistakeCount = 48
  private static let explainedCount = 12
  private static let channelLimit = 8

  /// The predictions: the first test images, one image layer by layer, and a browser of all images.
  func predictionBlocks() throws -> [ReportBlock] {
    let source = evaluation.data.source
    let set = source.set
    let answers = evaluation.answers
    let first = answers.prefix(Self.firstCount).map(tile)
    var blocks: [ReportBlock] = [
      .paragraph("The first \(splitName) images, each with its class, the predicted class and its probability."),
      .gallery(ReportGallery(rows: [.init(tiles: first)], imageWidth: 72)),
    ]
    if let item = answers.first.map(evaluation.item) {
      let image = try SampleSource(set, indices: [Int32(item)], normalization: source.normalization, seed: 0)
      let trace = try LayerPictures(evaluation.network, image, channels: Self.channelLimit)
      blocks += [
        .heading("From layer to layer"),
        .paragraph("The output of each layer for image \(item): its first channels, with a separate scale per layer."),
        .gallery(ReportGallery(rows: trace.rows, imageWidth: 42)),
      ]
    }
    let items = answers.map { evaluation.item(of: $0) }
    let explorer = ReportExplorer(
      classNames: evaluation.classNames,
      answers: zip(answers, items).map { answer, item in
        .init(
          item: item, label: answer.label, answer: answer.answer, probability: answer.probability, loss: answer.loss)
      },
      image: { Bitmap(set.shape, pixels: set.pixels(at: items[$0])) })
    return blocks + [.heading("All predictions"), .explorer(explorer)]
  }

  /// The mistakes, worst first, and what the first of them depend on.
  func mistakeBlocks() throws -> [ReportBlock] {
    let list = MistakeList(evaluation, label: nil, answer: nil)
    if list.mistakes.isEmpty { return [.paragraph("No mistakes: every prediction is correct.")] }
    let count = NumberText.grouped(list.mistakes.count)
    let shown = min(Self.mistakeCount, list.mistakes.count)
    return [
      .paragraph(
        "\(count) of \(NumberText.grouped(evaluation.report.count)) predictions are wrong. \(shown < list.mistakes.count ? "These \(shown)" : "The first") have the largest "
          + "loss: the network was confident, and gave the true class a low probability."),
      .gallery(ReportGallery(rows: [.init(tiles: list.tiles(shown))], imageWidth: 72)),
    ] + (try explanationBlocks(Array(list.mistakes.prefix(Self.explainedCount))))
  }

  /// Maps of what mistakes depend on, for the predicted and for the true class.
  private func explanationBlocks(_ mistakes: [Answer]) throws -> [ReportBlock] {
    let network = evaluation.network
    let hasLayer = try network.model.lastSpatialLayer() != nil
    let explainer = try Explainer(
      network, method: hasLayer ? .gradcam : .gradient,
      team: try WorkerTeam.started(threads: evaluation.threads, isNamed: false), imagesPerWorker: 1)
    var sheet = ExplanationSheet(explainer, checkpoint: evaluation.checkpoint)
    let set = evaluation.data.source.set
    for (mistake, explained) in try MistakeExplanations(evaluation, explainer).explained(mistakes, class: nil) {
      sheet.append(Bitmap(set.shape, pixels: set.pixels(at: evaluation.item(of: mistake))), explained)
    }
    return [
      .heading("What the mistakes depend on"),
      .paragraph(
        "The first mistakes, each with what speaks for the predicted and for the true class: "
          + "\(ExplanationSheet.description(of: explainer)). Red speaks for the class, blue against it."),
      .gallery(ReportGallery(rows: [.init(tiles: Array(sheet.rows.joined()))], imageWidth: 72)),
    ]
  }

  private func tile(_ answer: Answer) -> ImageGrid.Tile {
    let set = evaluation.data.source.set
    let item = evaluation.item(of: answer)
    let path = evaluation.path(of: answer)
    let (label, said) = (evaluation.classNames[answer.label], evaluation.classNames[answer.answer])
    let probability = NumberText.percent(answer.probability, decimals: 1)
    return ImageGrid.Tile(
      Bitmap(set.shape, pixels: set.pixels(at: item)),
      captions: [
        .init(label), .init((answer.isRight ? "✓ " : "✗ ") + said, answer.isRight ? .good : .bad),
        .init(probability, .muted), .init(path.map(PathText.name) ?? "no. \(item)", .muted),
      ],
      tip: "\(path ?? "image \(item)"): \(label), predicted \(said) with \(probability)")
  }
}
