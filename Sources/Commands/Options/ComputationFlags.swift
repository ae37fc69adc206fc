internal import ArgumentParser
internal import BLAS
internal import JacquardEngine
internal import Runs

/// The flags of `train` that say how the numbers are computed. All are texts: `SettingField` reads and checks them.
struct ComputationFlags: ParsableArguments {
  @Option(setting: "threads") var threads: String?
  @Option(setting: "shards") var shards: String?
  @Option(setting: "algorithm") var algorithm: String?
  @Option(setting: "gemm") var gemm: String?

  /// The flags that were given, by the keys of their settings.
  var values: [TrainSettings.FlagValue] {
    let texts = [("threads", threads), ("shards", shards), ("algorithm", algorithm), ("gemm", gemm)]
    return texts.compactMap { key, text in text.map { (key, $0) } }
  }
}
