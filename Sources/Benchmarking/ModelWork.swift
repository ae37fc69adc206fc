/// What a model does again and again while it is measured.
final class ModelWork {
  /// Whether nothing has failed yet.
  private(set) var isSound = true
  private let body: (_ batches: Int) -> Bool

  /// - Parameter body: Computes as many batches as it is told; false if one failed.
  init(_ body: @escaping (_ batches: Int) -> Bool) { self.body = body }

  /// Computes batches, unless some have failed.
  func run(batches: Int) {
    if isSound { isSound = body(batches) }
  }
}
