package import Files
package import Interchange
internal import JacquardEngine

/// The event files of a run: `tensorboard/train`, and `tensorboard/validation` if there is a validation set, so that a chart shows both
/// under one name.
///
/// Every value has a step of the run, including those of epochs. A resumed session opens new files, whose first record makes readers
/// drop what the dead session wrote for repeated steps.
package struct TensorBoardLog {
  private let training: TensorBoardFile
  private let validation: TensorBoardFile?
  /// One step in this many is written.
  private let interval: Int
  private let clock: () -> Double
  private var lastFlush: Double
  /// The values of a step, kept to avoid allocating in every step.
  private var stepValues: [TensorBoardEvent.Value] = []

  /// The most steps written: TensorBoard itself shows a thousand.
  static let mostSteps = 2000
  /// Records are written after at most this many seconds, so that curves can be watched.
  private static let longestWait = 1.0

  /// Creates the files of a session.
  ///
  /// - Parameters:
  ///   - folder: the parent folder of both.
  ///   - step: the first step for which the records of earlier sessions no longer count; 0 for a new run. Readers take the first such
  ///     record for the run's beginning, so a new run writes it too.
  ///   - totalSteps: the steps of the run.
  ///   - clock: seconds since 1970.
  init(
    folder: String, hasValidation: Bool, resumingBefore step: Int, totalSteps: Int, clock: @escaping () -> Double
  ) throws {
    func file(_ name: String) throws -> TensorBoardFile {
      let path = folder + "/" + name
      try Folder.makeWithParents(path)
      return try TensorBoardFile(
        folder: path, after: (try? Folder.names(path)) ?? [], time: clock(), process: CurrentProcess.number)
    }
    training = try file("train")
    validation = hasValidation ? try file("validation") : nil
    interval = max(1, (totalSteps + Self.mostSteps - 1) / Self.mostSteps)
    self.clock = clock
    lastFlush = clock()
    try restart(before: step)
  }

  /// Makes readers drop a step and all later ones, which will be repeated.
  mutating func restart(before step: Int) throws(FileError) {
    for file in [training, validation] { file?.append(TensorBoardEvent(time: clock(), step: step, .start)) }
    try flush()
  }

  /// Writes a step, if it is among those written.
  package mutating func append(step: Int, loss: Double, accuracy: Double, learningRate: Double) throws(FileError) {
    guard step.isMultiple(of: interval) else { return }
    let now = clock()
    stepValues.removeAll(keepingCapacity: true)
    stepValues.append(.init("step/loss", .scalar(loss)))
    stepValues.append(.init("step/accuracy", .scalar(accuracy)))
    stepValues.append(.init("step/learning_rate", .scalar(learningRate)))
    training.append(TensorBoardEvent(time: now, step: step, .values(stepValues)))
    // A clock that is set back must not delay records.
    if training.isFull || abs(now - lastFlush) >= Self.longestWait { try flush() }
  }

  /// Writes an epoch and its views.
  package mutating func append(_ epoch: EpochSummary, and views: [TensorBoardEvent.Value]) throws(FileError) {
    func values(_ score: EpochSummary.Score) -> [TensorBoardEvent.Value] {
      [.init("epoch/loss", .scalar(score.loss)), .init("epoch/accuracy", .scalar(score.accuracy))]
    }
    let now = clock()
    training.append(
      TensorBoardEvent(
        time: now, step: epoch.steps,
        .values(
          values(epoch.training) + [
            .init("epoch/learning_rate", .scalar(epoch.learningRate)),
            .init("epoch/images_per_second", .scalar(epoch.imagesPerSecond)),
          ] + views)))
    if let score = epoch.validation {
      validation?.append(TensorBoardEvent(time: now, step: epoch.steps, .values(values(score))))
    }
    try flush()
  }

  /// Writes waiting records, to the disk if a save depends on it.
  package mutating func flush(synchronizing: Bool = false) throws(FileError) {
    try training.flush(synchronizing: synchronizing)
    try validation?.flush(synchronizing: synchronizing)
    lastFlush = clock()
  }
}
