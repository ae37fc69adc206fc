internal import Datasets
internal import Files
package import JacquardEngine
package import Support
package import Terminal

/// Brings a training run about, new or continued, up to its first step.
package struct TrainingSetup {
  package let settings: TrainSettings
  package let data: TrainingData
  package let network: Network
  /// Where the run is written; nil for one that leaves nothing behind.
  package let folder: RunFolder?
  package let past: PastRecord?
  package let stored: StateFile?
  package let machine: Machine
  /// The weights file that the run started from; nil where its weights were drawn.
  package let initialWeights: Provenance.DataFile?
  /// The epochs after which the run is left to be resumed; nil where it goes on to its end.
  package let pauseEpoch: Int?
  /// Where a run that is only trained again ends; nil for any other.
  package var replay: Replay?

  /// Puts together what a run needs.
  package init(
    settings: TrainSettings, data: TrainingData, network: Network, folder: RunFolder?, past: PastRecord?,
    stored: StateFile?, machine: Machine, initialWeights: Provenance.DataFile?, pauseEpoch: Int?, replay: Replay? = nil
  ) {
    self.settings = settings
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

  /// The run, with its files begun or cut back to its state.
  package func run(console: Console) throws -> TrainingRun {
    let threads = settings.threads ?? min(WorkerTeam.largestCount, machine.cores)
    let team = try WorkerTeam.started(threads: threads, isNamed: settings.threads != nil)
    if team.count < threads {
      console.warn("the system refuses some of \(threads) threads; \(team.count) work, and the result is the same")
    }
    return try TrainingRun(
      settings: settings, network: network, data: data, team: team,
      journal: try folder.map { try journal(in: $0, threads: team.count, console: console) }, stored: stored,
      pauseEpoch: pauseEpoch, replay: replay, console: console)
  }

  private func journal(in folder: RunFolder, threads: Int, console: Console) throws -> RunJournal {
    if folder.isUnprotected {
      console.warn("\(folder.path): this file system has no locks; keep other processes away from the run yourself")
    }
    let provenance = Provenance(
      machine: machine, data: data.files, dataPath: data.path, initialWeights: initialWeights, skipped: data.skipped)
    let record = RunRecord(
      model: network.model.name, parameters: network.parameterCount, provenance: provenance,
      session: RunSession(
        process: CurrentProcess.number, threads: threads, machine: provenance.machineSummary,
        started: SystemClock.timestamp, firstStep: stored?.state.progress.step ?? 0),
      past: past)
    // The state that a repetition starts from is of another folder.
    let isBegun = Folder.kind(folder.state) == .file
    return try RunJournal(
      folder: folder, settings: settings, record: record, sizes: isBegun ? stored?.state.sizes : nil)
  }

  /// What is told before the first step.
  package func announce(on console: Console) {
    if data.lacksTest { console.note("\(data.path): there are no test images, so the result will have no test score") }
    // A small number is often meant as a percentage.
    if stored == nil, case .count(let count)? = settings.validation, count < 10 {
      console.warn(
        "\(.validation) \(count) sets \(count) image\(count == 1 ? "" : "s") aside; for a share give a number below 1, such as 0.1"
      )
    }
    if let leftOut = data.leftOut { console.note("\(data.path): left out: \(leftOut)") }
    if let first = data.skipped.first {
      let count = data.skipped.count
      console.warn(
        "\(data.path): left out \(count) picture\(count == 1 ? "" : "s") that cannot be read, such as \(first)")
    }
    let images = NumberText.grouped(data.training.count)
    let place = folder.map { " in \($0.path)" } ?? ""
    guard let stored else {
      let again = past == nil ? "" : ", from the beginning: nothing had been saved yet"
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

  /// Refuses data other than the run's.
  ///
  /// - Parameters:
  ///   - files: The data files that there are.
  ///   - expected: The SHA-256 of the run's.
  ///   - orElse: What else can be done about it, to follow the first advice.
  package static func check(
    _ files: [Provenance.DataFile], expected: [String], run: String, orElse: String = ", or train anew"
  ) throws(Failure) {
    let found = files.map(\.sha256)
    // Before the comparison one by one, which would blame the file that has moved up into its place.
    if found.count < expected.count, found.allSatisfy(expected.contains) {
      let missing = expected.first { !found.contains($0) } ?? expected[found.count]
      throw Failure(
        .badConfiguration,
        "\(run): the data differs: a file is missing that had the SHA-256 \(missing) when the run was begun, such as that of the "
          + "classes' names; put it back, or name the folder with the run's data in \(.data)\(orElse).")
    }
    for (index, file) in files.enumerated()
    where !expected.indices.contains(index) || file.sha256 != expected[index] {
      let before = expected.indices.contains(index) ? expected[index] : "nothing"
      throw Failure(
        .badConfiguration,
        "\(run): the data differs: \(file.path) has the SHA-256 \(file.sha256), but the run was begun with \(before); "
          + "name the folder with the run's data in \(.data)\(orElse).")
    }
  }
}
