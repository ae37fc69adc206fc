package import Support

extension EpochSummary {
  /// The epoch as `events.jsonl` holds it.
  package var members: [JSONValue.Member] {
    [
      .init(name: "epoch", value: .integer(epoch)),
      .init(name: "steps", value: .integer(steps)),
      .init(name: "learning_rate", value: .number(learningRate)),
      .init(name: "train", value: training.json),
      .init(name: "validation", value: validation?.json ?? .null),
      .init(name: "images_per_second", value: .rounded(imagesPerSecond, decimals: 1)),
      .init(name: "seconds", value: .rounded(seconds, decimals: 3)),
    ]
  }
}

extension EpochSummary.Score {
  /// Loss and accuracy as an object.
  package var json: JSONValue {
    ["loss": .rounded(loss, decimals: 6), "accuracy": .rounded(accuracy, decimals: 6)]
  }

  /// Loss and accuracy, to the last bit.
  var exactJSON: JSONValue { ["loss": .exact(loss), "accuracy": .exact(accuracy)] }
}
