internal import Support

/// What an epoch came to.
package struct EpochSummary: Sendable {
  /// A mean loss and an accuracy, 0…1.
  package struct Score: Equatable, Sendable {
    /// The mean loss.
    package var loss: Double
    /// The share of images that were classified correctly, 0…1.
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
  /// The steps of the run so far.
  package var steps: Int
  /// The learning rate of the last step.
  package var learningRate: Double
  /// The means over the epoch's training steps.
  package var training: Score
  /// On the validation set after the epoch; nil where there is none.
  package var validation: Score?
  /// Images trained on per second, evaluation not counted.
  package var imagesPerSecond: Double
  /// The epoch's duration in seconds, evaluation included.
  package var seconds: Double

  /// Describes an epoch.
  package init(
    epoch: Int, epochCount: Int, steps: Int, learningRate: Double, training: Score, validation: Score?,
    imagesPerSecond: Double, seconds: Double
  ) {
    self.epoch = epoch
    self.epochCount = epochCount
    self.steps = steps
    self.learningRate = learningRate
    self.training = training
    self.validation = validation
    self.imagesPerSecond = imagesPerSecond
    self.seconds = seconds
  }

  /// One line for people, without control characters, its columns aligned from epoch to epoch.
  package var line: String {
    let count = String(epochCount)
    let number = String(repeating: " ", count: max(0, count.count - String(epoch).count)) + String(epoch)
    var parts = ["epoch \(number)/\(count)", Self.text("train", training)]
    if let validation { parts.append(Self.text("validation", validation)) }
    parts.append("\(NumberText.grouped(Int(max(0, imagesPerSecond.rounded())))) images/s")
    parts.append(NumberText.duration(seconds))
    return parts.joined(separator: "  ")
  }

  private static func text(_ name: String, _ score: Score) -> String {
    let loss = NumberText.fixed(score.loss, decimals: 4)
    return "\(name) loss \(loss) accuracy \(NumberText.fixed(score.accuracy, decimals: 4))"
  }
}
