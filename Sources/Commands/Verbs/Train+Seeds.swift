internal import ArgumentParser
internal import Datasets
internal import JacquardEngine
internal import Runs
internal import Studies
internal import Support
internal import Terminal

/// `jacquard train --seeds`: the same settings with several seeds.
extension Train {
  /// Trains all seeds of a study, and prints their figures.
  func run(_ study: SeedStudy, threads: Int?, _ console: Console) throws {
    let data = dataOptions.data ?? study.data
    let summary = try study.run(
      arguments: { $0.arguments(data: data) }, threads: threadCount(threads), console: console)
    try report(summary, in: study.folder, console)
  }

  /// A new study; nil if only the settings were requested.
  func begunStudy(_ count: Int, _ console: Console) throws -> (SeedStudy, threads: Int?)? {
    guard let (settings, model, source) = try preparation(console) else { return nil }
    if let out = files.out, try SeedStudy(resuming: out) != nil {
      throw Failure(
        .cannotCreate,
        "--out \(out): the folder contains runs of --seeds; resume them with --resume \(out), or name a new folder.")
    }
    let folder = try RunFolder(requested: files.out, name: model.name).path
    return (
      try SeedStudy(in: folder, count: count, settings: settings, data: source.path), settings.threads
    )
  }

  /// The study to resume; nil if the folder contains none.
  func continuedStudy(_ path: String, _ console: Console) throws -> (SeedStudy, threads: Int?)? {
    guard let study = try SeedStudy(resuming: path) else {
      guard seeds == nil else {
        throw Failure(
          .usage, "--resume \(path): this folder contains no runs of --seeds; remove --seeds to resume a single run.")
      }
      return nil
    }
    guard files.out == nil, files.pauseAfter == nil else {
      throw Failure(.usage, "--out and --pause-after cannot be combined with --resume of several seeds.")
    }
    let settings = try TrainSettings.resolve(study.settings, file: try start.configuration(), flags: flags)
    try study.check(settings, count: seeds)
    return (study, settings.threads)
  }
}
