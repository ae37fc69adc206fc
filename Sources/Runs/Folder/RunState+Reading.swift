internal import JacquardEngine
package import Support

extension RunState {
  /// Reads the metadata of a state file, and checks that a run can have every number in it.
  ///
  /// - Throws: a `Failure` that names the file and the member.
  package init(_ content: JSONValue, path: String) throws(Failure) {
    let reader = StateReader(path: path, name: "jacquard.state", value: content)
    guard try reader.integer("schema", in: 1...Int.max) == 1 else {
      throw Failure(.badData, "\(path): this state was written by another version; resume the run with that version.")
    }
    guard let settings = content["settings"] else { throw reader.failure("settings", "settings") }
    do throws(Failure) {
      self.settings = try TrainSettings.resolve(file: ("settings", settings), flags: [])
    } catch {
      throw Failure(.badData, "\(path): \(error.message)")
    }
    progress = try TrainingProgress(try reader.object("progress"))
    epochStart = try reader.optionalObject("epoch_start").map { (start) throws(Failure) in
      try TrainingProgress(start)
    }
    best =
      try reader.optionalObject("best").map { (best) throws(Failure) in
        BestEpoch(
          score: try EpochSummary.Score(try best.object("score")), epoch: try best.integer("epoch", in: 1...Int.max),
          step: try best.integer("step", in: 1...Int.max))
      } ?? BestEpoch()
    let epochCount = self.settings.epochs
    lastEpoch = try reader.optionalObject("last_epoch").map { (last) throws(Failure) in
      try EpochSummary(last, epochCount: epochCount)
    }
    let totals = try reader.object("totals")
    self.totals = RunTotals(
      seconds: try totals.number("seconds"), trainingSeconds: try totals.number("training_seconds"),
      trainedImages: try totals.integer("trained_images", in: 0...StateReader.largestCount),
      skippedSteps: try totals.integer("skipped_steps", in: 0...StateReader.largestCount),
      rollbacks: try totals.integer("rollbacks", in: 0...StateReader.largestCount))
    let files = try reader.object("files")
    sizes = RunJournal.Sizes(
      metrics: try files.integer("metrics.csv", in: 0...Int.max),
      events: try files.integer("events.jsonl", in: 0...Int.max))
    guard let data = content["data_sha256"]?.array?.compactMap(\.string) else {
      throw reader.failure("data_sha256", "a list of hashes")
    }
    self.data = data
    library = content["blas"]?.string ?? ""
    processor = content["processor"]?.string
  }
}

extension TrainingProgress {
  fileprivate init(_ reader: StateReader) throws(Failure) {
    self.init()
    step = try reader.integer("step", in: 0...Int.max)
    epoch = try reader.integer("epoch", in: 1...Int.max)
    position = try reader.integer("position", in: 0...Int.max)
    images = try reader.integer("images", in: 0...position)
    correct = try reader.integer("correct", in: 0...images)
    loss = try reader.number("loss")
    learningRate = try reader.number("learning_rate")
    learningRateScale = try reader.number("learning_rate_scale")
    seconds = try reader.number("seconds")
    // States of older versions average nothing.
    averagedSteps = reader.value["averaged_steps"] == nil ? 0 : try reader.integer("averaged_steps", in: 0...step)
  }
}

extension EpochSummary.Score {
  fileprivate init(_ reader: StateReader) throws(Failure) {
    self.init(loss: try reader.number("loss"), accuracy: try reader.number("accuracy"))
  }
}

extension EpochSummary {
  fileprivate init(_ reader: StateReader, epochCount: Int) throws(Failure) {
    self.init(
      epoch: try reader.integer("epoch", in: 1...Int.max), epochCount: epochCount,
      steps: try reader.integer("steps", in: 0...Int.max), learningRate: try reader.number("learning_rate"),
      training: try Score(try reader.object("train")),
      validation: try reader.optionalObject("validation").map { (score) throws(Failure) in try Score(score) },
      imagesPerSecond: try reader.number("images_per_second"), seconds: try reader.number("seconds"))
  }
}
