import LinearAlgebra
import JacquardEngine
import TestSupport
import Testing

struct LayerForwardTests {
  @Test(arguments: LayerCase.single)
  func layersComputeWhatTheirReferencesDo(item: LayerCase) throws {
    let sample = try item.sample()
    for isTraining in [true, false] {
      let expected = sample.reference(isTraining: isTraining)
      for shards in item.shardCounts {
        let probe = try sample.probe(shards: shards)
        #expect(probe.outputShape.dimensions == expected.shape.dimensions)
        expectClose(
          probe.forward(sample.input, isTraining: isTraining), expected.values,
          tolerance: Double(expected.roundings) * Double(Float.ulpOfOne),
          "training \(isTraining), \(shards) shards")
      }
    }
  }

  /// Sizes of products on both sides of the bounds at which a library changes its method.
  @Test(arguments: [(1, 1, 1), (3, 17, 10), (7, 64, 10), (64, 100, 157), (5, 1153, 33)], MatrixProduct.allCases)
  func denseLayersRoundWithinTheBound(sizes: (images: Int, inputs: Int, outputs: Int), product: MatrixProduct) throws {
    for usesBias in [true, false] {
      let layer = Dense(sizes.outputs, usesBias: usesBias)
      let sample = try LayerSample([layer], .vector(sizes.inputs), images: sizes.images)
      let probe = try sample.probe(shards: 2, options: ComputeOptions(product: product))
      expectClose(
        probe.forward(sample.input), sample.reference().values,
        relativeTo: .values(sample.magnitudes.reference().values),
        tolerance: Double(sizes.inputs + 2) * Double(Float.ulpOfOne), "\(product), bias \(usesBias)")
    }
  }

  /// Near −x the distribution's tail is a small number whose relative error grows with x², that of the exponent.
  @Test(arguments: [GELU(), SiLU()] as [any Layer])
  func geluAndSiluKeepTheirPrecisionInBothTails(layer: any Layer) throws {
    let points = Array(stride(from: Float(-12), through: 12, by: 0.125))
    var sample = try LayerSample([layer], .vector(points.count), images: 1)
    sample.input = points
    let expected = sample.reference().values
    let scale = zip(expected, sample.input).map { $0.magnitude * Double(8 + $1 * $1) }
    expectClose(
      try sample.probe().forward(sample.input), expected, relativeTo: .values(scale),
      tolerance: Double(Float.ulpOfOne))
  }

  @Test(arguments: [GELU(), SiLU()] as [any Layer])
  func geluAndSiluSaturateWithoutNaN(layer: any Layer) throws {
    let input: [Float] = [-3e38, -1000, -100, -0.0, 0, 100, 1000, 3e38]
    let probe = try LayerProbe([layer], input: .vector(8), images: 1)
    expectClose(probe.forward(input), [0, 0, 0, 0, 0, 100, 1000, Double(input[7])], relativeTo: .one, tolerance: 1e-30)
    let slopes = probe.backward(Array(repeating: 2, count: 8)).input
    expectClose(slopes, [0, 0, 0, 1, 1, 2, 2, 2], relativeTo: .one, tolerance: 1e-30)
  }

  @Test(arguments: ActivationFunction.all)
  func functionsKeepTheirRelativePrecision(function: ActivationFunction) throws {
    let near = [-1e-4, -1e-6, -1e-20, 0, 1e-20, 1e-6, 1e-4] as [Float]
    let points = Array(stride(from: Float(-20), through: 20, by: 0.0625)) + near
    var sample = try LayerSample([Activation(function)], .vector(points.count), images: 1)
    sample.input = points
    let expected = points.map { function.plain(Double($0)) }
    let scale = zip(expected, points).map { value, x in
      // The rounding of an exponent of x; a difference of two numbers near 1 is as exact as they are.
      let isDifference = if case .hardSigmoid = function.form { true } else { false }
      return isDifference ? 8 * max(value.magnitude, 1) : value.magnitude * Double(8 + 4 * min(x * x, 60))
    }
    expectClose(
      try sample.probe().forward(points), expected, relativeTo: .values(scale.map { max($0, 1e-29) }),
      tolerance: Double(Float.ulpOfOne))
  }

  @Test(arguments: ActivationFunction.all)
  func functionsSaturateWithoutNaN(function: ActivationFunction) throws {
    let input: [Float] = [-3e38, -1000, -100, 100, 1000, 3e38, .nan]
    let probe = try LayerProbe([Activation(function)], input: .vector(7), images: 1)
    let output = probe.forward(input)
    let slopes = probe.backward(Array(repeating: 1, count: 7)).input
    for index in 0..<6 {
      let expected = function.plain(Double(input[index]))
      #expect((Double(output[index]) - expected).magnitude <= 1e-6 * max(1, expected.magnitude), "\(input[index])")
      #expect(slopes[index].isFinite && slopes[index].magnitude <= 2, "\(input[index])")
    }
    #expect(output[6].isNaN)
  }

  @Test(arguments: ActivationFunction.all)
  func functionsInDoubleAreThoseOfTheCLibrary(function: ActivationFunction) {
    for x in stride(from: -30.0, through: 30, by: 0.37) {
      let expected = function.plain(x)
      #expect((function.value(x) - expected).magnitude <= 1e-13 * max(1, expected.magnitude), "\(x)")
    }
  }
}
