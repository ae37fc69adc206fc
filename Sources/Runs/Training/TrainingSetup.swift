internal import Datasets
internal import Files
package import JacquardEngine
package import Support
package import Terminal

/// Prepares a training run, new or resumed, up to its first step.
package struct TrainingSetup {
  package let settings: TrainSettings
  package let data: TrainingData
  package let network: Network
  /// The run folder; nil for a run that writes no files.
  package let folder: RunFolder?
  package let past: PastRecord?
  package let stored: StateFile?
  package let machine: Machine
  /// The weights file that the run started from; nil for random weights.
  package let initialWeights: Provenance.DataFile?
  /// The epoch after which the run pauses; nil if it continues to its end.
  package let pauseEpoch: Int?
  /// Where a repeated run ends; nil for any other.
  package var replay: Replay?

  /// Collects what a run needs.
  package init(
    settings: TrainSettings, data: TrainingData, network: Network, folder: RunFolder?, past: PastRecord?,
    stored: StateFile?, machine: Machine, initialWeights: Provenance.DataFile?, pauseEpoch: Int?, replay: Replay? = nil
  ) {
    self.settings = data.recorded(settings)
    self.data = data
    self.network = network
    self.folder = folder
    self.past = past
    self.stored = stored
    self.machine = machine
    self.initialWeights = initialWeights
    self.pauseEpoch = pauseEpoch
    self.replay = replay
  }

  /// The run, with its files created or cut back to its state.
  package func run(console: Console) throws -> TrainingRun {
    let threads = settings.threads ?? min(WorkerTeam.largestCount, machine.cores)
    let team = try WorkerTeam.started(threads: threads, isNamed: settings.threads != nil)
    if team.count < threads {
      console.warn("the system refused some of \(threads) threads; continuing with \(team.count), with the same result")
    }
    return try TrainingRun(
      settings: settings, network: network, data: data, team: team,
      journal: try folder.map { try journal(in: $0, threads: team.count, console: console) }, stored: stored,
      pauseEpoch: pauseEpoch, replay: replay, console: console)
  }

  private func journal(in folder: RunFolder, threads: Int, console: Console) throws -> RunJournal {
    if folder.isUnprotected {
      console.warn("\(folder.path): this file system has no locks; make sure that no other process uses this run")
    }
    let provenance = Provenance(
      machine: machine, data: data.files, dataPath: data.path, initialWeights: initialWeights, skipped: data.skipped)
    let record = RunRecord(
      model: network.model.name, parameters: network.parameterCount, provenance: provenance,
      session: RunSession(
        process: CurrentProcess.number, threads: threads, machine: provenance.machineSummary,
        started: SystemClock.timestamp, firstStep: stored?.state.progress.step ?? 0),
      past: past)
    // A repetition starts from a state of another folder.
    let isBegun = Folder.kind(folder.state) == .file
    return try RunJournal(
      folder: folder, settings: settings, record: record, sizes: isBegun ? stored?.state.sizes : nil)
  }

  /// Suggests smaller batches if a training of whole epochs has too few steps to learn much; nil otherwise.
  private var adviceForFewSteps: MessageText? {
    let (images, batchSize) = (data.training.count, settings.batchSize)
    let steps = settings.epochs * ((images + batchSize - 1) / batchSize)
    // The largest power of two that gives an epoch of eight steps.
    let better = 1 << (Int.bitWidth - 1 - max(4, images / 8).leadingZeroBitCount)
    guard steps < 100, 2 * better <= batchSize, settings.maxSteps == nil else { return nil }
    return
      "the training has only \(steps) steps of up to \(batchSize) images; it probably learns more with smaller batches, such as \(.batchSize) \(better), or more epochs"
  }

  /// Prints notes before the first step.
  package func announce(on console: Console) {
    if data.lacksTest { console.note("\(data.path): there are no test images, so the result will have no test score") }
    // A small number is often meant as a percentage.
    if stored == nil, case .count(let count)? = settings.validation, count < 10 {
      console.warn(
        "\(.validation) \(count) sets \(count) image\(count == 1 ? "" : "s") aside; for a fraction, give a number below 1, such as 0.1"
      )
    }
    if let leftOut = data.leftOut { console.note("\(data.path): left out: \(leftOut)") }
    if let first = data.skipped.first {
      let count = data.skipped.count
      console.warn(
        "\(data.path): left out \(count) picture\(count == 1 ? "" : "s") that cannot be read, such as \(first)")
    }
    if data.excluded > 0, let table = settings.exclude {
      console.note("\(data.path): left out \(NumberText.grouped(data.excluded)) training images that \(table) lists")
    }
    for teacher in data.teachers {
      console.note("imitating \(teacher.path) (\(teacher.network.model.name))")
      for note in teacher.notes { console.note(console.wording.text(of: note)) }
    }
    if stored == nil, let advice = adviceForFewSteps { console.note(console.wording.text(of: advice)) }
    let images = NumberText.grouped(data.training.count)
    let place = folder.map { " in \($0.path)" } ?? ""
    guard let stored else {
      let again = past == nil ? "" : ", from the beginning, because nothing was saved yet"
      console.note("training \(network.model.name) on \(images) images\(place)\(again)")
      return
    }
    let progress = stored.state.progress
    console.note(
      "resuming \(network.model.name) on \(images) images\(place), after step \(progress.step) in epoch \(max(1, progress.epochsBegun))"
    )
    let change = SettingsChange(from: stored.state.settings, to: settings, run: folder?.path ?? "")
    if let note = change.scheduleNote(step: progress.step, count: data.training.count) { console.warn(text: note) }
    if let difference = stored.machineDifference { console.warn(text: difference) }
  }

  /// Rejects data other than the run's.
  ///
  /// - Parameters:
  ///   - files: The data files that exist.
  ///   - expected: The hashes of the run's files.
  ///   - orElse: An alternative, to follow the first advice.
  package static func check(
    _ files: [Provenance.DataFile], expected: [String], run: String, orElse: String = ", or start a new run"
  ) throws(Failure) {
    let found = files.map(\.sha256)
    // Before comparing one by one, which would blame the file that moved into its place.
    if found.count < expected.count, found.allSatisfy(expected.contains) {
      let missing = expected.first { !found.contains($0) } ?? expected[found.count]
      throw Failure(
        .badConfiguration,
        "\(run): the data differs: a file with the SHA-256 \(missing) is missing that existed when the run began, such as the list of "
          + "class names; restore it, or name the run's data with \(.data)\(orElse).")
    }
    for (index, file) in files.enumerated()
    where !expected.indices.contains(index) || file.sha256 != expected[index] {
      if file.isTeacher {
        let before = expected.indices.contains(index) ? "another with the SHA-256 \(expected[index])" : "none"
        throw Failure(
          .badConfiguration,
          "\(run): the teacher differs: \(file.path) has the SHA-256 \(file.sha256), but the run began with \(before); "
            + "name the run's teacher with \(.teacher)\(orElse).")
      }
      let before = expected.indices.contains(index) ? expected[index] : "nothing"
      throw Failure(
        .badConfiguration,
        "\(run): the data differs: \(file.path) has the SHA-256 \(file.sha256), but the run began with \(before); "
          + "name the run's data with \(.data)\(orElse).")
    }
  }
}
