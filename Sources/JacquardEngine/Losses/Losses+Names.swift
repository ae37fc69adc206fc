extension TrainingConfiguration {
  /// The losses that files, the command line and C know by name. Their names, checks and numbers follow from this list. The position of a case in
  /// it is its number in C.
  public enum LossKind: String, CaseIterable, Codable, Sendable {
    /// Cross-entropy with the true class, or with a smoothed one.
    case crossEntropy = "cross_entropy"
    /// Cross-entropy that counts images less the better they are recognized.
    case focal
  }

  /// The loss as a value.
  func makeLoss() -> any Loss {
    switch loss {
    case .crossEntropy: weighted(SoftmaxCrossEntropy(labelSmoothing: Float(labelSmoothing)))
    case .focal: weighted(FocalLoss(gamma: focalGamma))
    }
  }

  private func weighted(_ loss: some Loss) -> any Loss {
    guard let classWeights else { return loss }
    return ClassWeightedLoss(loss, weights: classWeights.map { Float($0) })
  }
}
