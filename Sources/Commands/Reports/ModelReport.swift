internal import JacquardEngine
internal import Runs
internal import Support
internal import Terminal

/// The result of `summary`.
struct ModelReport {
  private let model: Model
  private let summary: ModelSummary
  /// The zeros among a checkpoint's weights; nil for a model without weights.
  private let sparsity: Sparsity?

  /// Describes a model, and perhaps its weights.
  init(model: Model, summary: ModelSummary, sparsity: Sparsity? = nil) {
    self.model = model
    self.summary = summary
    self.sparsity = sparsity
  }

  /// The description for programs. Multiply-adds and memory are per image.
  var json: JSONValue {
    [
      "schema": 1,
      "model": .string(model.name),
      "input_shape": .array(model.inputShape.dimensions.map(JSONValue.integer)),
      "classes": .array(model.classNames.map(JSONValue.string)),
      "layers": .array(
        summary.rows.map { row in
          [
            "name": .string(row.name),
            "type": .string(row.type),
            "details": .string(row.details),
            "output_shape": .array(row.outputShape.dimensions.map(JSONValue.integer)),
            "parameters": .integer(row.parameterCount),
            "multiply_adds": .integer(row.multiplyAdds),
          ]
        }),
      "blocks": .array(
        summary.blocks.map { block in
          [
            "name": .string(block.name), "forward": method(block, "forward"),
            "backward_data": method(block, "backward_data"), "backward_weights": method(block, "backward_weights"),
          ]
        }),
      "parameters": .integer(summary.parameterCount),
      "states": .integer(summary.stateCount),
      "zero_weights": sparsity?.json ?? .null,
      "multiply_adds": .integer(summary.multiplyAdds),
      "training_bytes_per_image": .integer(summary.trainingBytesPerImage),
      "inference_bytes_per_image": .integer(summary.inferenceBytesPerImage),
    ]
  }

  /// The description for people.
  var lines: [String] {
    var table = TextTable([
      ("layer", .left), ("type", .left), ("settings", .left), ("output", .left), ("parameters", .right),
      ("multiply-adds", .right),
    ])
    for row in summary.rows {
      table.append([
        row.name, row.type, row.details, row.outputShape.description, NumberText.grouped(row.parameterCount),
        NumberText.grouped(row.multiplyAdds),
      ])
    }
    var pairs: [(name: String, value: String)] = [
      ("model", model.name),
      ("input", model.inputShape.description),
      ("parameters", NumberText.grouped(summary.parameterCount)),
    ]
    if summary.stateCount > 0 { pairs.append(("states", NumberText.grouped(summary.stateCount))) }
    if let sparsity, sparsity.zeros > 0 { pairs.append(("zero weights", sparsity.text)) }
    pairs += [
      ("multiply-adds", "\(NumberText.grouped(summary.multiplyAdds)) per image"),
      ("memory, training", "\(NumberText.bytes(summary.trainingBytesPerImage)) per image"),
      ("memory, inference", "\(NumberText.bytes(summary.inferenceBytesPerImage)) per image"),
    ]
    return TextTable.pairs(pairs) + [""] + table.lines + [""] + blockLines
  }

  private func method(_ block: ModelSummary.Block, _ pass: String) -> JSONValue {
    block.methods[pass].map { .string($0) } ?? .null
  }

  /// The blocks that run as one operator, and the algorithms of their convolutions.
  private var blockLines: [String] {
    var table = TextTable([("block", .left), ("forward", .left), ("data", .left), ("weights", .left)])
    for block in summary.blocks {
      table.append(
        [block.name] + ["forward", "backward_data", "backward_weights"].map { block.methods[$0] ?? "" })
    }
    return table.lines
  }
}
