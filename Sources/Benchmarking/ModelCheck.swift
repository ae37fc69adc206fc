internal import BLAS
internal import Datasets
internal import JacquardEngine

/// A model's results beside those of plain loops, block by block, from the same weights on the same few images.
///
/// Every block starts from the numbers of the plain loops (`LockstepProbe`), so a wrong kernel shows in its own block, and a ReLU or a
/// pool that rounding decides otherwise changes nothing behind it.
struct ModelCheck {
  /// The largest relative difference of a block's output or gradients.
  let error: Double
  private let worst: LockstepProbe.Difference?
  private let isReferenceFinite: Bool

  /// The computation that the others are checked against.
  static let naive = ComputeOptions(algorithm: .naive, product: .naive)

  /// Rounding stays below 1e-4 of a block's values; one wrong pixel of a thousand does not.
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

  /// What is wrong; nil where the results agree. A result that is not a number agrees with nothing.
  var failure: String? {
    guard isReferenceFinite else {
      return "plain loops too give numbers that are not finite; the model or its preprocessing is at fault"
    }
    guard let worst, !(error < Self.tolerance) else { return nil }
    return "\(worst.block): the \(worst.result) is off by \(Float(error)) of the reference's length; at most "
      + "\(Float(Self.tolerance)) is rounding"
  }

  /// As many images as plain loops compute in about a second, between two and sixteen.
  private static func imageCount(_ multiplyAdds: Int) -> Int {
    min(16, max(2, 500_000_000 / max(1, multiplyAdds)))
  }
}
