import LinearAlgebra
import JacquardEngine
import TestSupport
import Testing

struct ConvolutionTests {
  @Test(arguments: ConvolutionCase.table)
  func roundingStaysWithinTheBoundOfAnyOrder(item: ConvolutionCase) throws {
    let sample = try LayerSample([item.layer], item.shape, images: item.images)
    let expected = sample.reference()
    let magnitude = sample.magnitudes.reference().values
    for options in ConvolutionCase.options {
      let probe = try sample.probe(shards: item.shards, options: options)
      #expect(probe.outputShape == expected.shape)
      expectClose(
        probe.forward(sample.input), expected.values, relativeTo: .values(magnitude),
        tolerance: Double(item.patchSize + 2) * Double(Float.ulpOfOne), "\(options): \(item)")
    }
  }

  @Test(arguments: ConvolutionCase.table)
  func smallIntegersAreExactForwardAndBackward(item: ConvolutionCase) throws {
    let sample = try LayerSample([item.layer], item.shape, images: item.images) { $0.integers($1) }
    let (output, gradients) = (sample.reference().values, exactGradients(item.layer, sample))
    // Winograd's transforms divide by 3, and auto may choose it.
    for options in ConvolutionCase.options where ![.auto, .winograd].contains(options.algorithm) {
      let probe = try sample.probe(shards: item.shards, options: options)
      expectClose(probe.forward(sample.input), output, tolerance: 0, "output, \(options): \(item)")
      let got = probe.backward(sample.outputGradient)
      expectClose(got.input, gradients.input, tolerance: 0, "input gradient, \(options): \(item)")
      #expect(got.parameters.count == gradients.parameters.count)
      for (got, expected) in zip(got.parameters, gradients.parameters) {
        expectClose(got, expected, tolerance: 0, "parameter gradient, \(options): \(item)")
      }
    }
  }

  @Test(arguments: ConvolutionCase.table)
  func roundingOfGradientsStaysWithinTheBound(item: ConvolutionCase) throws {
    let sample = try LayerSample([item.layer], item.shape, images: item.images)
    let expected = exactGradients(item.layer, sample)
    let magnitudes = exactGradients(item.layer, sample.magnitudes)
    // A weight's gradient is a sum over all pixels, an input's over the taps and outputs.
    let terms = max(item.images * expected.input.count / item.shape.count, item.patchSize * item.layer.outputChannels)
    let tolerance = Double(terms + 16) * Double(Float.ulpOfOne)
    for options in ConvolutionCase.options {
      let probe = try sample.probe(shards: item.shards, options: options)
      _ = probe.forward(sample.input)
      let got = probe.backward(sample.outputGradient)
      expectClose(
        got.input, expected.input, relativeTo: .values(magnitudes.input), tolerance: tolerance,
        "input gradient, \(options): \(item)")
      for (index, found) in got.parameters.enumerated() {
        expectClose(
          found, expected.parameters[index], relativeTo: .values(magnitudes.parameters[index]), tolerance: tolerance,
          "parameter gradient, \(options): \(item)")
      }
    }
  }

  /// The bounds that `WinogradConvolution` states, on the layers of the named models.
  @Test(arguments: [(28, 32, 32), (14, 32, 64), (14, 64, 64), (7, 64, 128), (13, 32, 64)])
  func winogradErrsByLessThanAHundredThousandth(size: Int, inputs: Int, outputs: Int) throws {
    let layer = Conv2D(
      outputChannels: outputs, kernelSize: 3, padding: size == 13 ? .valid : Padding(1), usesBias: false)
    let sample = try LayerSample([layer], .image(height: size, width: size, channels: inputs), images: 2)
    func results(_ algorithm: ConvolutionAlgorithm) throws -> [[Float]] {
      let probe = try sample.probe(options: ComputeOptions(algorithm: algorithm))
      let output = probe.forward(sample.input)
      let gradients = probe.backward(sample.outputGradient)
      return [output, gradients.input] + gradients.parameters
    }
    for (found, expected) in try zip(results(.winograd), results(.im2col)) {
      let largest = expected.map { Double($0.magnitude) }.max() ?? 0
      expectClose(
        found, expected.map(Double.init), relativeTo: .values(expected.map { _ in largest }), tolerance: 1e-5)
      #expect(found != expected, "the same bits would be another algorithm's")
    }
  }

  /// Copying patches and adding them back are convolutions with one output channel per element of the patch.
  @Test(arguments: ConvolutionCase.table)
  func patchesAreLoweredAndAddedBack(item: ConvolutionCase) throws {
    var layer = item.layer
    let patch = item.patchSize
    guard patch * layer.groups <= 400 else { return }
    layer.outputChannels = patch * layer.groups
    layer.usesBias = false
    var sample = try LayerSample([layer], item.shape, images: item.images) { $0.integers($1) }
    sample.tensors["conv1.weight"] = (0..<patch * layer.outputChannels).map { index in
      index % layer.outputChannels % patch == index / layer.outputChannels ? 1 : 0
    }
    let probe = try sample.probe(options: ComputeOptions(algorithm: .im2col))
    let columns = probe.forward(sample.input)
    expectClose(columns, patches(of: sample.batch, layer), tolerance: 0, "patches of \(item)")
    let scattered = probe.backward(sample.outputGradient).input
    #expect(product(columns, sample.outputGradient) == product(sample.input, scattered), "\(item)")
  }

  /// A table that fits into one tile would never test the boundaries: those of the kernels in use, and of either kind.
  @Test(arguments: [MatrixProduct.blas.rowRule, MatrixProduct.naive.rowRule, RowRule(unit: 4, smallProduct: 1_000_000)])
  func casesCoverSeveralTilesPartsAndGroups(rule: RowRule) {
    for isGrouped in [false, true] {
      let cuts = ConvolutionCase.table.filter { ($0.layer.groups > 1) == isGrouped }.map {
        ($0, ProductTile(patchSize: $0.patchSize, outputs: $0.layer.outputChannels / $0.layer.groups, rule: rule))
      }
      let several = cuts.filter { $0.shardPixels > $1.pixels && $0.shardPixels % $1.pixels != 0 }
      #expect(several.contains { $1.parts == 1 }, "several tiles, groups: \(isGrouped)")
      // Only kernels for small matrices make cutting a patch worthwhile.
      let isCut = rule.smallProduct != nil
      #expect(several.contains { $1.parts > 1 } == isCut, "several parts, groups: \(isGrouped)")
      #expect(cuts.contains { $1.parts > 1 } == isCut, "parts, groups: \(isGrouped)")
    }
  }

  /// The gradients by the definition of an adjoint: each product of the forward sum, with another factor left out.
  private func exactGradients(
    _ layer: Conv2D, _ sample: LayerSample
  ) -> (input: [Double], parameters: [[Double]]) {
    let batch = sample.batch
    let gradient = sample.outputGradient.map(Double.init)
    let weights = sample.context().tensors["conv1.weight"] ?? []
    var inputGradient = [Double](repeating: 0, count: batch.values.count)
    var weightGradient = [Double](repeating: 0, count: weights.count)
    var biasGradient = [Double](repeating: 0, count: layer.outputChannels)
    layer.forEachProduct(batch, to: layer.referenceShape(batch)) { output, input, weight in
      inputGradient[input] += gradient[output] * weights[weight]
      weightGradient[weight] += gradient[output] * batch.values[input]
    }
    for (index, value) in gradient.enumerated() { biasGradient[index % layer.outputChannels] += value }
    return (inputGradient, layer.usesBias ? [weightGradient, biasGradient] : [weightGradient])
  }

  /// The patch of each output pixel, group after group, `[kernelHeight][kernelWidth][inputChannels / groups]`.
  private func patches(of batch: ReferenceBatch, _ layer: Conv2D) -> [Double] {
    let shape = layer.referenceShape(batch)
    let groupInputs = batch.channels / layer.groups
    var values: [Double] = []
    for pixel in 0..<batch.images * shape.pixels {
      let (image, place) = pixel.quotientAndRemainder(dividingBy: shape.pixels)
      for group in 0..<layer.groups {
        for tap in 0..<layer.kernelSize.height * layer.kernelSize.width {
          let row =
            place / shape.width * layer.stride.height - layer.padding.top + tap / layer.kernelSize.width
            * layer.dilation.height
          let column =
            place % shape.width * layer.stride.width - layer.padding.left + tap % layer.kernelSize.width
            * layer.dilation.width
          for channel in group * groupInputs..<(group + 1) * groupInputs {
            let isInside = batch.contains(row: row, column: column)
            values.append(isInside ? batch.values[batch.index(image, row, column, channel)] : 0)
          }
        }
      }
    }
    return values
  }
}

/// ⟨a, b⟩ in double precision: exact for small whole numbers.
func product(_ a: [Float], _ b: [Float]) -> Double {
  precondition(a.count == b.count, "⟨a, b⟩ of \(a.count) and \(b.count) elements")
  return zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}
