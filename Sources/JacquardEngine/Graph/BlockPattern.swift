/// A run of operators that is computed as one block.
///
/// At every operator that can begin a pattern, `Graph.withBlocks` tries the patterns from longest to shortest. Operators that match no pattern run
/// layer by layer, with the same results except for the last bits.
struct BlockPattern: Sendable {
  /// The role of an operator in a pattern.
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

  let parts: [Part]

  /// All patterns, longest first.
  static let all = [
    BlockPattern(parts: [.convolution, .norm, .activation, .maxPool]),
    BlockPattern(parts: [.convolution, .norm, .activation]),
    BlockPattern(parts: [.convolution, .activation, .maxPool]),
    BlockPattern(parts: [.convolution, .norm]),
    BlockPattern(parts: [.convolution, .activation]),
    BlockPattern(parts: [.convolution, .maxPool]),
    BlockPattern(parts: [.dense, .activation]),
  ]

  /// The operator without work needed only by passes that will not run: in inference, and if no one needs the gradient
  /// of the input.
  static func limited(_ computation: any Operator, isTraining: Bool, hasInputGradient: Bool) -> any Operator {
    switch computation {
    case let convolution as Convolution:
      let backward: Set<ConvolutionPass> = hasInputGradient ? [.backwardData, .backwardWeights] : [.backwardWeights]
      let alone = convolution.limited(to: isTraining ? backward.union([.forward]) : [.forward])
      if isTraining, let together = WholeBatchConvolution(alone) { return together }
      return alone
    case let dense as DenseProduct:
      return dense.limited(isTraining: isTraining, hasInputGradient: hasInputGradient)
    default: return computation
    }
  }

  /// The block that replaces `operators`, which must form a pattern.
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
        // Pixels that have more floats than channels can be pooled only in pairs.
        let isDense = block.geometry.outputStride == block.geometry.outputChannels
        guard isDense || pooling.window.isPlainPairs else { return nil }
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
