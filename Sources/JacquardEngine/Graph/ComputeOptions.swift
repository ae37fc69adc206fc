public import LinearAlgebra

/// How convolutions are computed.
public enum ConvolutionAlgorithm: String, CaseIterable, Codable, Sendable {
  /// The method that `ConvolutionCost` rates fastest for each layer.
  case auto
  /// Winograd's algorithm for 3×3 kernels of stride 1, and lowered products for the others.
  case winograd
  /// Register tiles without lowering for kernels of stride 1, and lowered products for the others.
  case direct
  /// Lowering: patches are copied to rows, tile by tile, and multiplied.
  case im2col
  /// Plain loops: the reference for tests and the baseline for benchmarks.
  case naive
}

/// How a network computes. It is part of a run's configuration, because it decides the last bits of every result.
public struct ComputeOptions: Hashable, Codable, Sendable {
  /// The algorithm of every convolution.
  public var algorithm: ConvolutionAlgorithm
  /// The implementation of every matrix product.
  public var product: MatrixProduct

  /// The fastest algorithm on BLAS by default.
  public init(algorithm: ConvolutionAlgorithm = .auto, product: MatrixProduct = .blas) {
    self.algorithm = algorithm
    self.product = product
  }
}
