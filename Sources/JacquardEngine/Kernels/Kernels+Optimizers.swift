internal import Support
internal import VectorKernels

extension Kernels {
  /// output ← the sum over `shards` of the `range` of each shard's gradient, by one fixed tree.
  static func sumShards(
    _ gradients: Span<Float>, stride: Int, shards: Int, range: Range<Int>, into output: inout MutableSpan<Float>
  ) {
    require((1...64).contains(shards), "sumShards: 1 to 64 shards, found \(shards)")
    requireCount(gradients.count, holds: (shards - 1) * stride + range.upperBound, "sumShards gradients")
    requireCount(output.count, holds: range.count, "sumShards output")
    unsafe gradients.withUnsafeBufferPointer { g in
      unsafe output.withUnsafeMutableBufferPointer { o in
        guard let from = g.baseAddress, let to = o.baseAddress else { return }
        unsafe vk_sum_shards(from + range.lowerBound, stride, shards, to, range.count)
      }
    }
  }

  /// Σ values², in double precision
  static func sumOfSquares(_ values: Span<Float>) -> Double {
    unsafe values.withUnsafeBufferPointer { v in
      guard let base = v.baseAddress else { return 0 }
      return unsafe vk_sum_of_squares(base, v.count)
    }
  }

  /// One SGD step over spans of equal length; `velocity` is not touched if `momentum` is 0.
  static func sgd(
    learningRate: Float, momentum: Float, nesterov: Bool, decay: Float, isFirstStep: Bool, gradientScale: Float,
    gradient: Span<Float>, velocity: inout MutableSpan<Float>, parameters: inout MutableSpan<Float>
  ) {
    requireCount(gradient.count, holds: parameters.count, "sgd gradient")
    requireCount(momentum == 0 ? parameters.count : velocity.count, holds: parameters.count, "sgd velocity")
    let settings = vk_sgd(
      learningRate: learningRate, momentum: momentum, decay: decay, nesterov: nesterov ? 1 : 0,
      hasVelocity: isFirstStep ? 0 : 1)
    unsafe gradient.withUnsafeBufferPointer { g in
      unsafe velocity.withUnsafeMutableBufferPointer { v in
        unsafe parameters.withUnsafeMutableBufferPointer { p in
          guard let gradient = g.baseAddress, let parameters = p.baseAddress else { return }
          unsafe vk_sgd_update(settings, gradientScale, gradient, v.baseAddress, parameters, p.count)
        }
      }
    }
  }

  /// One Adam or AdamW step over spans of equal length; the corrections are `1 − betaᵗ`.
  static func adam(
    _ adam: Adam, learningRate: Float, decay: Float, decoupledDecay: Float, step: Int, gradientScale: Float,
    gradient: Span<Float>, first: inout MutableSpan<Float>, second: inout MutableSpan<Float>,
    parameters: inout MutableSpan<Float>
  ) {
    requireCount(min(gradient.count, first.count, second.count), holds: parameters.count, "adam")
    let settings = vk_adam(
      learningRate: learningRate, beta1: adam.beta1, beta2: adam.beta2, epsilon: adam.epsilon,
      correction1: Adam.correction(adam.beta1, step: step), correction2: Adam.correction(adam.beta2, step: step),
      decay: decay, decoupledDecay: decoupledDecay)
    unsafe gradient.withUnsafeBufferPointer { g in
      unsafe first.withUnsafeMutableBufferPointer { m in
        unsafe second.withUnsafeMutableBufferPointer { v in
          unsafe parameters.withUnsafeMutableBufferPointer { p in
            guard let gradient = g.baseAddress, let first = m.baseAddress, let second = v.baseAddress,
              let parameters = p.baseAddress
            else { return }
            unsafe vk_adam_update(settings, gradientScale, gradient, first, second, parameters, p.count)
          }
        }
      }
    }
  }
}
