internal import ArgumentParser
internal import BLAS
internal import JacquardEngine
internal import Runs

/// The flags of `train` that say how the numbers are computed. All are texts: `SettingField` reads and checks them.
struct ComputationFlags: ParsableArguments {
  @Option(help: ArgumentHelp("Worker threads; the result does not depend on them (all cores).", valueName: "n"))
  var threads: String?

  @Option(help: ArgumentHelp("Parts of a batch that are computed independently (8).", valueName: "n"))
  var shards: String?

  @Option(
    help: ArgumentHelp(
      "How convolutions are computed: \(WordOption.help(\.algorithm))", valueName: "name"),
    completion: .words(ConvolutionAlgorithm.self))
  var algorithm: String?

  @Option(
    help: ArgumentHelp("How matrix products are computed: \(WordOption.help(\.product))", valueName: "name"),
    completion: .words(MatrixProduct.self))
  var gemm: String?

  /// The flags that were given, by the keys of their settings.
  var values: [TrainSettings.FlagValue] {
    let texts = [("threads", threads), ("shards", shards), ("algorithm", algorithm), ("gemm", gemm)]
    return texts.compactMap { key, text in text.map { (key, $0) } }
  }
}
