internal import Files
internal import JacquardEngine
package import Support

/// The training history in a run folder.
package struct RunHistory {
  /// A finished epoch.
  package struct Epoch: Sendable {
    /// Its number, from 1.
    package let number: Int
    /// The steps of the run at its end.
    package let steps: Int
    /// The learning rate of its last step.
    package let learningRate: Double
    /// The means over its training steps.
    package let training: EpochSummary.Score
    /// The validation score after it; nil without a validation set.
    package let validation: EpochSummary.Score?
  }

  /// The folder as the user named it.
  package let path: String
  /// The run's settings.
  package let settings: TrainSettings
  /// The content of `run.json`.
  package let record: JSONValue
  /// The finished epochs.
  package let epochs: [Epoch]

  /// Reads a run folder.
  ///
  /// - Throws: a `Failure` that names the missing or wrong file.
  package init(_ path: String) throws {
    let folder = RunFolder(existing: path)
    guard Folder.kind(path) == .folder, Folder.kind(folder.configuration) == .file else {
      throw Failure(.noInput, "\(path): not a run folder; \(folder.configuration) is missing.")
    }
    try folder.checkFiles()
    self.path = folder.path
    settings = try TrainSettings.resolve(
      file: (folder.configuration, try ConfigurationFile.content(of: folder.configuration)), flags: [])
    record = try ConfigurationFile.content(of: folder.record)
    let bytes = try FileReader.bytes(ofFileAt: folder.metrics, maximumByteCount: 1 << 26)
    epochs = try Self.epochs(String(decoding: bytes, as: UTF8.self), path: folder.metrics)
  }

  /// Parses the files of a run folder.
  package init(
    path: String, settings: TrainSettings, record: JSONValue, metrics: [UInt8]
  ) throws(Failure) {
    self.path = path
    self.settings = settings
    self.record = record
    epochs = try Self.epochs(String(decoding: metrics, as: UTF8.self), path: path + "/metrics.csv")
  }

  /// The last part of the path, which distinguishes runs.
  package var name: String { PathText.name(path).isEmpty ? path : PathText.name(path) }

  /// Rejects a run without a finished epoch.
  package func requireEpochs() throws(Failure) {
    guard epochs.isEmpty else { return }
    throw Failure(.badData, "\(path): the run has not finished an epoch yet, so there is nothing to draw.")
  }

  /// The run's learning rates; nil before its first epoch ends, because the length of an epoch is not known before.
  package var rates: (steps: Int, ofStep: (Int) -> Double)? {
    guard let first = epochs.first else { return nil }
    let configuration = settings.trainingConfiguration
    let count = first.steps / first.number * settings.batchSize
    return (configuration.totalSteps(count: count), { configuration.learningRate(step: $0, count: count) })
  }

  /// The epochs that `train` accepts.
  private static let epochRange = 1...100_000

  /// The epochs in the text of a `metrics.csv`.
  static func epochs(_ text: String, path: String) throws(Failure) -> [Epoch] {
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    guard let header = lines.first else { return [] }
    var epochs: [Epoch] = []
    for (index, cells) in lines.enumerated().dropFirst() {
      func number(_ name: String) -> Double? {
        guard let column = header.firstIndex(where: { $0 == name }), column < cells.count else { return nil }
        return Double(cells[column])
      }
      func score(_ name: String) -> EpochSummary.Score? {
        guard let loss = number(name + "_loss"), let accuracy = number(name + "_accuracy") else { return nil }
        return .init(loss: loss, accuracy: accuracy)
      }
      guard let epoch = number("epoch").flatMap(Int.init(exactly:)), epochRange.contains(epoch),
        let steps = number("steps").flatMap(Int.init(exactly:)), steps >= 0, steps / epoch <= Int32.max,
        let rate = number("learning_rate"),
        let training = score("train")
      else {
        throw Failure(
          .badData,
          "\(path): line \(index + 1): expected the numbers of an epoch, found something else; check whether the file is complete."
        )
      }
      epochs.append(
        Epoch(number: epoch, steps: steps, learningRate: rate, training: training, validation: score("validation")))
    }
    return epochs
  }
}
