internal import Jacquard

extension Trainer {
  /// Refuses a state whose progress this run can never have had; a trainer would take it for a mistake of the program.
  func checkProgress(of stored: StateFile) throws(CommandFailure) {
    for progress in [stored.state.progress, stored.state.epochStart].compactMap(\.self) {
      let batch = configuration.batchSize
      let count = stepsPerEpoch * batch
      let isPlace = progress.position.isMultiple(of: batch) && progress.position < count
      let stepsOfEpoch = (progress.position + batch - 1) / batch
      let (before, isOverflow) = (progress.epoch - 1).multipliedReportingOverflow(by: stepsPerEpoch)
      guard isPlace || progress.position == sampleCount, !isOverflow, before + stepsOfEpoch == progress.step,
        progress.loss.isFinite, progress.learningRateScale > 0, progress.learningRateScale <= 1
      else {
        throw CommandFailure(
          .badData,
          "\(stored.path): step \(progress.step) is not \(progress.position) images into epoch \(progress.epoch): "
            + "the state is damaged; start anew from the run's weights with --init-from.")
      }
    }
  }
}
