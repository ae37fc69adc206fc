internal import JacquardEngine
internal import Support

extension Trainer {
  /// Refuses a state whose progress this run can never have had; a trainer would take it for a mistake of the program.
  func checkProgress(of stored: StateFile) throws(Failure) {
    for progress in [stored.state.progress, stored.state.epochStart].compactMap(\.self) {
      let batch = recipe.batchSize
      let position = progress.position
      let isPlace = position.isMultiple(of: batch) && position < stepsPerEpoch * batch
      // Any number may stand in a file: only a place in the data is so small that adding to it is safe.
      let isInData = 0...sampleCount ~= position
      let stepsOfEpoch = isInData ? (position + batch - 1) / batch : 0
      let (before, isProductTooLarge) = (progress.epoch - 1).multipliedReportingOverflow(by: stepsPerEpoch)
      let (step, isSumTooLarge) = before.addingReportingOverflow(stepsOfEpoch)
      guard isInData, isPlace || position == sampleCount, !isProductTooLarge, !isSumTooLarge, step == progress.step,
        progress.epoch <= StateReader.largestCount, progress.loss.isFinite, progress.learningRateScale > 0,
        progress.learningRateScale <= 1
      else {
        throw Failure(
          .badData,
          "\(stored.path): step \(progress.step) is not \(progress.position) images into epoch \(progress.epoch): "
            + "the state is damaged; start anew from the run's weights with \(.initFrom).")
      }
    }
  }
}
