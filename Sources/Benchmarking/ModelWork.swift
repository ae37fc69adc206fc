/// The repeated work of a model during a measurement.
final class ModelWork {
  /// Whether nothing has failed yet.
  private(set) var isSound = true
  private let body: (_ batches: Int) -> Bool

  /// - Parameter body: Computes the given number of batches; false if one failed.
  init(_ body: @escaping (_ batches: Int) -> Bool) { self.body = body }

  /// Computes batches, unless one has failed.
  func run(batches: Int) {
    if isSound { isSound = body(batches) }
  }
}
