internal import Jacquard

/// What `summary` tells about a model.
struct ModelReport {
  private let model: Model
  private let summary: ModelSummary

  /// Describes a model.
  init(model: Model, summary: ModelSummary) {
    self.model = model
    self.summary = summary
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
      "parameters": .integer(summary.parameterCount),
      "states": .integer(summary.stateCount),
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
    pairs += [
      ("multiply-adds", "\(NumberText.grouped(summary.multiplyAdds)) per image"),
      ("memory, training", "\(NumberText.bytes(summary.trainingBytesPerImage)) per image"),
      ("memory, inference", "\(NumberText.bytes(summary.inferenceBytesPerImage)) per image"),
    ]
    return TextTable.pairs(pairs) + [""] + table.lines
  }
}
