package import Files
package import Interchange
internal import JacquardEngine

/// The event files of a run: `tensorboard/train`, and `tensorboard/validation` where there is a validation set, so that a chart shows both
/// under one name.
///
/// Every value belongs to a step of the run, also those of epochs. A session that goes on with a run opens new files, whose
/// first words make readers forget what a dead session wrote of the steps that are done again.
package struct TensorBoardLog {
  private let training: TensorBoardFile
  private let validation: TensorBoardFile?
  /// Of so many steps one is written.
  private let interval: Int
  private let clock: () -> Double
  private var lastFlush: Double
  /// What a step tells, kept so that no step takes memory for it.
  private var stepValues: [TensorBoardEvent.Value] = []

  /// The most steps that are written: TensorBoard itself shows a thousand.
  static let mostSteps = 2000
  /// Seconds after which records go out at the latest, so that curves can be watched.
  private static let longestWait = 1.0

  /// Creates the files of a session.
  ///
  /// - Parameters:
  ///   - folder: the folder of both.
  ///   - step: the first step of which what earlier sessions wrote no longer counts; 0 for a run that begins. Readers take the first
  ///     such word of a run for its beginning, so it is written then, too.
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

  /// Makes readers forget a step and all that follow it: they are done again.
  mutating func restart(before step: Int) throws(FileError) {
    for file in [training, validation] { file?.append(TensorBoardEvent(time: clock(), step: step, .start)) }
    try flush()
  }

  /// Writes a step down, if it is one of those that are.
  package mutating func append(step: Int, loss: Double, accuracy: Double, learningRate: Double) throws(FileError) {
    guard step.isMultiple(of: interval) else { return }
    let now = clock()
    stepValues.removeAll(keepingCapacity: true)
    stepValues.append(.init("step/loss", .scalar(loss)))
    stepValues.append(.init("step/accuracy", .scalar(accuracy)))
    stepValues.append(.init("step/learning_rate", .scalar(learningRate)))
    training.append(TensorBoardEvent(time: now, step: step, .values(stepValues)))
    // A clock that is set back must not hold records up.
    if training.isFull || abs(now - lastFlush) >= Self.longestWait { try flush() }
  }

  /// Writes an epoch down, with what there is to see of it.
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

  /// Lets all that is waiting go out, to the disk where a save depends on it.
  package mutating func flush(synchronizing: Bool = false) throws(FileError) {
    try training.flush(synchronizing: synchronizing)
    try validation?.flush(synchronizing: synchronizing)
    lastFlush = clock()
  }
}
