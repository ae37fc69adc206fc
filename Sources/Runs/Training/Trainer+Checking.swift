internal import JacquardEngine
internal import Support

extension Trainer {
  /// Rejects a state with impossible progress, which a trainer would take for a programming error.
  func checkProgress(of stored: StateFile) throws(Failure) {
    for progress in [stored.state.progress, stored.state.epochStart].compactMap(\.self) {
      let batch = recipe.batchSize
      let position = progress.position
      let epochCount = epochLengths.samples(inEpoch: progress.epoch)
      let isPlace = position.isMultiple(of: batch) && position < epochCount
      // A file may contain any number: only a position in the data is small enough for safe addition.
      let isInData = 0...epochCount ~= position
      let stepsOfEpoch = isInData ? (position + batch - 1) / batch : 0
      let (step, isSumTooLarge) = epochLengths.steps(inEpochs: progress.epoch - 1)
        .addingReportingOverflow(stepsOfEpoch)
      guard isInData, isPlace || position == epochCount, !isSumTooLarge, step == progress.step,
        progress.epoch <= StateReader.largestCount, progress.loss.isFinite, progress.learningRateScale > 0,
        progress.learningRateScale <= 1
      else {
        throw Failure(
          .badData,
          "\(stored.path): step \(progress.step) is not \(progress.position) images into epoch \(progress.epoch); "
            + "the state is damaged; start a new run from the run's weights with \(.initFrom).")
      }
    }
  }
}
