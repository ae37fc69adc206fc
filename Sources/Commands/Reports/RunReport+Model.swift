internal import Figures
internal import JacquardEngine
internal import Runs
internal import Support

extension RunReport {
  /// The model: its layers, and the filters of its first convolution.
  func modelBlocks() throws -> [ReportBlock] {
    let model = evaluation.network.model
    let summary = try model.summary()
    let facts: [ReportBlock.Fact] = [
      .init("model", model.name),
      .init("input", model.inputShape.description),
      .init("parameters", NumberText.grouped(summary.parameterCount)),
      .init("multiply-adds per image", NumberText.grouped(summary.multiplyAdds)),
      .init("memory per image, training", NumberText.bytes(summary.trainingBytesPerImage)),
      .init("memory per image, inference", NumberText.bytes(summary.inferenceBytesPerImage)),
    ]
    let layers = ReportTable(
      "Layers",
      columns: [
        .init("layer", isNumeric: false), .init("type", isNumeric: false), .init("settings", isNumeric: false),
        .init("output", isNumeric: false), .init("parameters"), .init("multiply-adds"),
      ],
      rows: summary.rows.map { row in
        [
          row.name, row.type, row.details, row.outputShape.description, NumberText.grouped(row.parameterCount),
          NumberText.grouped(row.multiplyAdds),
        ]
      }, isSortable: false)
    return [.facts(facts), .table(layers)] + filterBlocks
  }

  private var filterBlocks: [ReportBlock] {
    // A model without a convolution has no filters.
    guard let filters = FilterPictures(evaluation.network) else { return [] }
    return [
      .heading("Filters of the first convolution"),
      .paragraph("\(filters.description). All filters share one scale."),
      .gallery(ReportGallery(rows: [.init(tiles: filters.tiles)], imageWidth: 42)),
    ]
  }
}
