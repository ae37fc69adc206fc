import BLAS
import JacquardEngine
import TestSupport
import Testing

@Suite("Layers forward") struct LayerForwardTests {
  @Test("compute what their references do, in training and in inference", arguments: LayerCase.single)
  func reference(item: LayerCase) throws {
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
  @Test(
    "dense layers round no more than any order of additions may",
    arguments: [(1, 1, 1), (3, 17, 10), (7, 64, 10), (64, 100, 157), (5, 1153, 33)], MatrixProduct.allCases)
  func dense(sizes: (images: Int, inputs: Int, outputs: Int), product: MatrixProduct) throws {
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
  @Test("GELU and SiLU keep their relative precision in both tails", arguments: [GELU(), SiLU()] as [any Layer])
  func tails(layer: any Layer) throws {
    let points = Array(stride(from: Float(-12), through: 12, by: 0.125))
    var sample = try LayerSample([layer], .vector(points.count), images: 1)
    sample.input = points
    let expected = sample.reference().values
    let scale = zip(expected, sample.input).map { $0.magnitude * Double(8 + $1 * $1) }
    expectClose(
      try sample.probe().forward(sample.input), expected, relativeTo: .values(scale),
      tolerance: Double(Float.ulpOfOne))
  }

  @Test("GELU and SiLU saturate without NaN", arguments: [GELU(), SiLU()] as [any Layer])
  func saturation(layer: any Layer) throws {
    let input: [Float] = [-3e38, -1000, -100, -0.0, 0, 100, 1000, 3e38]
    let probe = try LayerProbe([layer], input: .vector(8), images: 1)
    expectClose(probe.forward(input), [0, 0, 0, 0, 0, 100, 1000, Double(input[7])], relativeTo: .one, tolerance: 1e-30)
    let slopes = probe.backward(Array(repeating: 2, count: 8)).input
    expectClose(slopes, [0, 0, 0, 1, 1, 2, 2, 2], relativeTo: .one, tolerance: 1e-30)
  }
}
