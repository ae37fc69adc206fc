internal import ArgumentParser
internal import LinearAlgebra
internal import JacquardEngine
internal import Runs

/// The flags of `train` for how numbers are computed. All are text; `SettingField` parses and checks them.
struct ComputationFlags: ParsableArguments {
  @Option(setting: "threads") var threads: String?
  @Option(setting: "shards") var shards: String?
  @Option(setting: "algorithm") var algorithm: String?
  @Option(setting: "gemm") var gemm: String?

  /// The flags given, with the keys of their settings.
  var values: [TrainSettings.FlagValue] {
    let texts = [("threads", threads), ("shards", shards), ("algorithm", algorithm), ("gemm", gemm)]
    return texts.compactMap { key, text in text.map { (key, $0) } }
  }
}
