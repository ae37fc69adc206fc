package import Support

/// The result of an epoch.
package struct EpochSummary: Sendable {
  /// A mean loss and an accuracy, 0…1.
  package struct Score: Equatable, Sendable {
    /// The mean loss.
    package var loss: Double
    /// The fraction of correctly classified images, 0…1.
    package var accuracy: Double

    /// Makes a score.
    package init(loss: Double, accuracy: Double) {
      self.loss = loss
      self.accuracy = accuracy
    }
  }

  /// The epoch, from 1.
  package var epoch: Int
  /// The epochs of the run.
  package var epochCount: Int
  /// The steps of the run up to here.
  package var steps: Int
  /// The learning rate of the last step.
  package var learningRate: Double
  /// The means over the epoch's training steps.
  package var training: Score
  /// On the validation set after the epoch; nil if it is missing.
  package var validation: Score?
  /// Training images per second, without evaluation.
  package var imagesPerSecond: Double
  /// The epoch's duration in seconds, with evaluation.
  package var seconds: Double
  /// The fraction of the epoch that was trained, 0…1: less than 1 if the run ended within it.
  package var share = 1.0

  /// Describes an epoch.
  package init(
    epoch: Int, epochCount: Int, steps: Int, learningRate: Double, training: Score, validation: Score?,
    imagesPerSecond: Double, seconds: Double, share: Double = 1
  ) {
    self.epoch = epoch
    self.epochCount = epochCount
    self.steps = steps
    self.learningRate = learningRate
    self.training = training
    self.validation = validation
    self.imagesPerSecond = imagesPerSecond
    self.seconds = seconds
    self.share = share
  }

  /// One line for people, without control characters; columns are aligned from epoch to epoch.
  ///
  /// If the line is too long, it drops the words of the validation figures (their order is that of the training figures), then the
  /// speed, then the time.
  package func line(columns: Int) -> String {
    let count = String(epochCount)
    let number = String(repeating: " ", count: max(0, count.count - String(epoch).count)) + String(epoch)
    let part = share < 1 ? " (\(NumberText.percent(share, decimals: 0)))" : ""
    let head = ["epoch \(number)/\(count)\(part)", Self.text("train", training)]
    let speed = "\(NumberText.whole(max(0, imagesPerSecond))) images/s"
    let time = NumberText.duration(seconds)
    let full = head + (validation.map { [Self.text("validation", $0)] } ?? [])
    let brief = head + (validation.map { [Self.brief("validation", $0)] } ?? [])
    let forms = [full + [speed, time], full + [time], brief + [speed, time], brief + [time], brief]
    let lines = forms.map { $0.joined(separator: "  ") }
    return lines.first { $0.count <= columns } ?? String(lines[lines.count - 1].prefix(columns))
  }

  private static func brief(_ name: String, _ score: Score) -> String {
    "\(name) \(NumberText.fixed(score.loss, decimals: 4)) \(NumberText.fixed(score.accuracy, decimals: 4))"
  }

  private static func text(_ name: String, _ score: Score) -> String {
    let loss = NumberText.fixed(score.loss, decimals: 4)
    return "\(name) loss \(loss) accuracy \(NumberText.fixed(score.accuracy, decimals: 4))"
  }
}

extension EpochSummary {
  /// The epoch as in `events.jsonl`.
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
  /// Reads an object with loss and accuracy; nil for anything else.
  package init?(_ json: JSONValue) {
    guard let loss = json["loss"]?.number, let accuracy = json["accuracy"]?.number else { return nil }
    self.init(loss: loss, accuracy: accuracy)
  }

  /// Loss and accuracy as an object.
  package var json: JSONValue {
    ["loss": .rounded(loss, decimals: 6), "accuracy": .rounded(accuracy, decimals: 6)]
  }

  /// Loss and accuracy, to the last bit.
  var exactJSON: JSONValue { ["loss": .exact(loss), "accuracy": .exact(accuracy)] }
}
