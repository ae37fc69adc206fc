/// A run of operators that is computed as one block.
///
/// `Graph.withBlocks` looks for the patterns from the longest to the shortest at every operator that can begin one. What
/// no pattern fits runs layer by layer, with the same results but for the last bits.
struct BlockPattern: Sendable {
  /// What an operator is to a pattern.
  enum Part: Sendable {
    case convolution, dense, norm, activation, maxPool

    init?(_ computation: any Operator) {
      switch computation {
      case is Convolution: self = .convolution
      case is DenseProduct: self = .dense
      case is BatchNormalization: self = .norm
      case is Rectification: self = .activation
      case is MaxPooling: self = .maxPool
      default: return nil
      }
    }
  }

  let name: String
  let parts: [Part]

  /// All patterns, longest first.
  static let all = [
    BlockPattern(name: "convolution, norm, activation, pool", parts: [.convolution, .norm, .activation, .maxPool]),
    BlockPattern(name: "convolution, norm, activation", parts: [.convolution, .norm, .activation]),
    BlockPattern(name: "convolution, activation, pool", parts: [.convolution, .activation, .maxPool]),
    BlockPattern(name: "convolution, norm", parts: [.convolution, .norm]),
    BlockPattern(name: "convolution, activation", parts: [.convolution, .activation]),
    BlockPattern(name: "convolution, pool", parts: [.convolution, .maxPool]),
    BlockPattern(name: "dense, activation", parts: [.dense, .activation]),
  ]

  /// The block that computes what `operators` compute one after the other; nil where a part has no place in it.
  static func block(_ operators: [any Operator], isTraining: Bool) -> (any Operator)? {
    guard let first = operators.first else { return nil }
    return operators.dropFirst().reduce(first) { (block: (any Operator)?, next) -> (any Operator)? in
      switch (block, next) {
      case (var block as Convolution, let norm as BatchNormalization):
        block.norm = norm
        block.hasFoldedNorm = !isTraining
        return block
      case (var block as Convolution, let activation as Rectification):
        block.slope = activation.slope
        return block
      case (var block as Convolution, let pooling as MaxPooling):
        block.pool = pooling.window
        return block
      case (var block as DenseProduct, let activation as Rectification):
        block.slope = activation.slope
        return block
      default: return nil
      }
    }
  }
}
