internal import LinearAlgebra
internal import Randomness

/// The initial values of weights; biases start at 0, a norm's scale at 1.
public enum Initialization: String, CaseIterable, Codable, Sendable {
  /// Normal with variance `2 / fanIn` (He et al. 2015), for rectifiers.
  case he
  /// Uniform with variance `2 / (fanIn + fanOut)` (Glorot and Bengio 2010).
  case glorot
  /// Orthonormal rows or columns, scaled by √2 for rectifiers (Saxe et al. 2013), through a QR decomposition. It uses LAPACK, or our own code if
  /// products do not use BLAS.
  case orthogonal
  /// For networks with a norm after each convolution: the first filters of a convolution pass one input channel each to the output (Zagoruyko and Komodakis
  /// 2017); all other weights are uniform with variance `1 / (3 · fanIn)`.
  case dirac

  func fill(
    _ values: inout MutableSpan<Float>, tensor: NetworkTensor, seed: UInt64, product: MatrixProduct
  ) throws(LAPACKError) {
    switch tensor.specification.initial {
    case .constant(let constant):
      Kernels.fill(&values, with: constant)
    case .random(let fanIn, let fanOut):
      var generator = RandomStream(seed: seed, name: "initialize/\(tensor.name)").generator(epoch: 0, index: 0)
      switch self {
      case .he:
        let deviation = (2 / Float(fanIn)).squareRoot()
        for index in values.indices { values[index] = deviation * generator.normal() }
      case .glorot:
        let bound = (6 / Float(fanIn + fanOut)).squareRoot()
        for index in values.indices { values[index] = bound * (2 * generator.unitFloat() - 1) }
      case .dirac:
        let bound = 1 / Float(fanIn).squareRoot()
        for index in values.indices { values[index] = bound * (2 * generator.unitFloat() - 1) }
        Self.passChannels(&values, order: tensor.specification.order)
      case .orthogonal:
        try fillOrthogonal(
          &values, inputs: values.count / tensor.specification.order.outputs, generator: &generator, product: product)
      }
    }
  }

  /// Makes the first filters of a convolution the identity: filter n has a 1 at the center of channel n, and 0 elsewhere.
  private static func passChannels(_ values: inout MutableSpan<Float>, order: TensorOrder) {
    guard case .convolution(let kernel, let inputs, let outputs) = order else { return }
    let center = kernel.height / 2 * kernel.width + kernel.width / 2
    for output in 0..<min(inputs, outputs) {
      for tap in 0..<kernel.height * kernel.width {
        for input in 0..<inputs {
          values[(tap * inputs + input) * outputs + output] = tap == center && input == output ? 1 : 0
        }
      }
    }
  }

  /// Fills `[inputs][outputs]` with orthonormal columns, or rows if there are fewer inputs than outputs.
  private func fillOrthogonal(
    _ values: inout MutableSpan<Float>, inputs: Int, generator: inout AddressedGenerator, product: MatrixProduct
  ) throws(LAPACKError) {
    let outputs = values.count / inputs
    let (rows, columns) = (max(inputs, outputs), min(inputs, outputs))
    let gaussian = (0..<rows * columns).map { _ in generator.normal() }
    let basis = try Decomposition.orthonormalColumns(gaussian, rows: rows, columns: columns, by: product)
    let gain = Float(2).squareRoot()
    for input in 0..<inputs {
      for output in 0..<outputs {
        let index = inputs >= outputs ? input * outputs + output : output * inputs + input
        values[input * outputs + output] = gain * basis[index]
      }
    }
  }
}

extension TensorOrder {
  fileprivate var outputs: Int { fileShape[0] }
}
