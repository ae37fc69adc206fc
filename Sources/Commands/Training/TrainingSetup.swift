internal import Support
internal import Jacquard

/// Brings a training run about, new or continued, up to its first step.
struct TrainingSetup {
  let settings: TrainSettings
  let data: TrainingData
  let network: Network
  let folder: RunFolder
  let past: PastRecord?
  let stored: StateFile?
  let machine: Machine
  /// The epochs after which the run is left to be resumed; nil where it goes on to its end.
  let pauseEpoch: Int?

  /// The run, with its files begun or cut back to its state.
  func run(console: Console) throws -> TrainingRun {
    if folder.isUnprotected {
      console.warn("\(folder.path): this file system has no locks; keep other processes away from the run yourself")
    }
    let threads = settings.threads ?? min(256, machine.cores)
    let provenance = Provenance(machine: machine, data: data.files, dataPath: data.path)
    let record = RunRecord(
      model: network.model.name, parameters: network.parameterCount, provenance: provenance,
      session: RunSession(
        process: CurrentProcess.number, threads: threads, machine: provenance.machineSummary,
        started: SystemClock.timestamp, firstStep: stored?.state.progress.step ?? 0),
      past: past)
    let journal = try RunJournal(
      folder: folder, settings: settings, record: record, sizes: stored?.state.sizes)
    return try TrainingRun(
      settings: settings, network: network, data: data, team: WorkerTeam(threads: threads), journal: journal,
      stored: stored, pauseEpoch: pauseEpoch, console: console)
  }

  /// What is told before the first step.
  func announce(on console: Console) {
    if data.lacksTest { console.note("\(data.path): there are no test images, so the result will have no test score") }
    let images = NumberText.grouped(data.training.count)
    guard let stored else {
      let again = past == nil ? "" : ", from the beginning: nothing had been saved yet"
      console.note("training \(network.model.name) on \(images) images in \(folder.path)\(again)")
      return
    }
    let progress = stored.state.progress
    console.note(
      "resuming \(network.model.name) on \(images) images in \(folder.path), after step \(progress.step) in epoch \(max(1, progress.epochsBegun))"
    )
    let change = SettingsChange(from: stored.state.settings, to: settings, run: folder.path)
    if let note = change.scheduleNote(step: progress.step, count: data.training.count) { console.warn(note) }
    if let difference = stored.machineDifference { console.warn(difference) }
  }

  /// Refuses data other than the run's.
  ///
  /// - Parameters:
  ///   - files: The data files that there are.
  ///   - expected: The SHA-256 of the run's.
  static func check(_ files: [Provenance.DataFile], expected: [String], run: String) throws(CommandFailure) {
    let found = files.map(\.sha256)
    // Before the comparison one by one, which would blame the file that has moved up into its place.
    if found.count < expected.count, found.allSatisfy(expected.contains) {
      let missing = expected.first { !found.contains($0) } ?? expected[found.count]
      throw CommandFailure(
        .badConfiguration,
        "\(run): the data differs: a file is missing that had the SHA-256 \(missing) when the run was begun, such as that of the "
          + "classes' names; put it back, name the folder with the run's data in --data, or train anew.")
    }
    for (index, file) in files.enumerated()
    where !expected.indices.contains(index) || file.sha256 != expected[index] {
      let before = expected.indices.contains(index) ? expected[index] : "nothing"
      throw CommandFailure(
        .badConfiguration,
        "\(run): the data differs: \(file.path) has the SHA-256 \(file.sha256), but the run was begun with \(before); "
          + "name the folder with the run's data in --data, or train anew.")
    }
  }
}
