internal import LinearAlgebra
internal import Support
public import Samples

extension Network {
  /// The filters of the first convolution, made to whiten the patches that it sees.
  ///
  /// With the covariance C of the patches of `samples`, `C = Vᵀ diag(λ) V`, the filters are the eigenvectors of the largest eigenvalues divided by
  /// `√(λ + 0.0005)`, then their negatives, so that a rectifier keeps both halves (Coates and Ng 2012; Jordan 2024). The sums have a fixed order. With products
  /// by BLAS, LAPACK decomposes; otherwise our own code, with the same bits everywhere.
  ///
  /// - Parameter samples: Images to learn from, without augmentation; 5,000 are enough.
  /// - Returns: The name of the changed weight, which training should leave as it is; see `ParameterGroup`.
  /// - Throws: a `WhiteningError` if the first layer is not a convolution of the images with an even number of filters, at most twice the size of a
  ///   patch; a `LAPACKError` if the decomposition fails.
  public func whitenFirstConvolution(by samples: some SampleProvider) throws -> String {
    guard model.layers.first is Conv2D, let tensor = graph.parameters.tensors.first,
      case .convolution(let kernel, let inputs, let outputs) = tensor.specification.order,
      inputs == model.inputShape.channels, model.inputShape == samples.shape
    else { throw WhiteningError.noConvolution(model: model.name) }
    let taps = kernel.height * kernel.width * inputs
    guard outputs.isMultiple(of: 2), outputs <= 2 * taps else {
      throw WhiteningError.filters(tensor: tensor.name, count: outputs, most: 2 * taps)
    }
    let covariance = PatchCovariance(of: samples, kernel: kernel, product: options.product).matrix
    let eigen = try Decomposition.symmetricEigen(
      covariance, order: taps, largest: outputs / 2, by: options.product)
    let parameters = parameters
    var weights = parameters.write(tensor.range)
    for place in 0..<outputs / 2 {
      // The largest eigenvalue first. LAPACK chooses signs freely, so the largest element of each vector becomes positive.
      let row = outputs / 2 - 1 - place
      let vector = eigen.vectors[row * taps..<(row + 1) * taps]
      let peak = vector.max { abs($0) < abs($1) } ?? 1
      let factor = (peak < 0 ? -1 : 1) / (max(0, eigen.values[row]) + 5e-4).squareRoot()
      for (tap, value) in vector.enumerated() {
        weights[tap * outputs + place] = value * factor
        weights[tap * outputs + outputs / 2 + place] = -(value * factor)
      }
    }
    noteChange()
    return tensor.name
  }
}

/// Why a network's first layer cannot whiten.
public enum WhiteningError: Error, Hashable, CustomStringConvertible {
  /// The first layer with weights is not a convolution of the images.
  case noConvolution(model: String)
  /// The number of filters is odd or too large.
  case filters(tensor: String, count: Int, most: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .noConvolution(let model): "the first layer of \(model) is not a convolution of the images"
    case .filters(let tensor, let count, let most):
      "\(tensor): whitening needs an even number of filters, at most \(most), found \(count)"
    }
  }
}

/// The second moments of all patches of some images, `[taps][taps]` with taps in the order of filters: `[kernelHeight][kernelWidth][channels]`.
private struct PatchCovariance {
  private(set) var matrix: [Float]

  init(of samples: some SampleProvider, kernel: Size2D, product: MatrixProduct) {
    let shape = samples.shape
    let taps = kernel.height * kernel.width * shape.channels
    let (height, width) = (shape.height - kernel.height + 1, shape.width - kernel.width + 1)
    var sums = [Double](repeating: 0, count: taps * taps)
    var image = [Float](repeating: 0, count: shape.count)
    var patches = [Float](repeating: 0, count: max(0, height * width) * taps)
    var moments = [Float](repeating: 0, count: taps * taps)
    for number in 0..<samples.count {
      let numbers: [1 of Int32] = [Int32(number)]
      var label: [1 of Int32] = [0]
      var inputs = image.mutableSpan
      var labels = label.mutableSpan
      samples.draw(numbers.span, epoch: 0, into: &inputs, labels: &labels)
      var place = 0
      for row in 0..<height {
        for column in 0..<width {
          for tapRow in 0..<kernel.height {
            let first = ((row + tapRow) * shape.width + column) * shape.channels
            for offset in 0..<kernel.width * shape.channels {
              patches[place] = image[first + offset]
              place += 1
            }
          }
        }
      }
      var target = moments.mutableSpan
      product.multiply(
        m: taps, n: taps, k: height * width, patches.span, transposeA: true, leadingDimensionA: taps, patches.span,
        leadingDimensionB: taps, into: &target, leadingDimensionC: taps)
      for index in sums.indices { sums[index] += Double(moments[index]) }
    }
    let count = Double(max(1, samples.count * height * width))
    matrix = sums.map { Float($0 / count) }
  }
}
