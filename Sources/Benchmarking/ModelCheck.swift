internal import LinearAlgebra
internal import Datasets
internal import JacquardEngine

/// Compares a model's results with those of plain loops, block by block, from the same weights on the same few images.
///
/// Every block starts from the numbers of the plain loops (`LockstepProbe`), so a wrong kernel shows in its own block, and a ReLU or
/// pool that switches because of rounding has no effect on later blocks.
struct ModelCheck {
  /// The largest relative error of a block's output or gradients.
  let error: Double
  private let worst: LockstepProbe.Difference?
  private let isReferenceFinite: Bool

  /// The reference computation.
  static let naive = ComputeOptions(algorithm: .naive, product: .naive)

  /// Rounding stays below 1e-4 of a block's values; a single wrong pixel in a thousand does not.
  private static let tolerance = 5e-4

  /// Computes both.
  init(model: Model, mode: BenchmarkMode, options: ComputeOptions, team: WorkerTeam) throws {
    let count = Self.imageCount(try model.summary().multiplyAdds)
    let probe = try LockstepProbe(
      model, options: options, reference: Self.naive,
      samples: try SyntheticImages(model: model, count: count).samples(count), isTraining: mode == .train, team: team)
    worst = probe.differences.max { $0.error < $1.error }
    error = worst?.error ?? .infinity
    isReferenceFinite = probe.isReferenceFinite
  }

  /// The failure; nil if the results agree. NaN agrees with nothing.
  var failure: String? {
    guard isReferenceFinite else {
      return "plain loops also give numbers that are not finite; check the model and its preprocessing"
    }
    guard let worst, !(error < Self.tolerance) else { return nil }
    return
      "\(worst.block): the \(worst.result) is off by \(Float(error)) of the reference's length; rounding explains at most "
      + "\(Float(Self.tolerance))"
  }

  /// The number of images that plain loops compute in about a second, from two to sixteen.
  private static func imageCount(_ multiplyAdds: Int) -> Int {
    min(16, max(2, 500_000_000 / max(1, multiplyAdds)))
  }
}
