import JacquardEngine
import TestSupport
import Testing

struct NormalizationTests {
  static let shape = Shape.image(height: 5, width: 4, channels: 10)
  static let images = 7

  private func sample(_ layer: BatchNorm2D = BatchNorm2D()) throws -> LayerSample {
    try LayerSample([layer], Self.shape, images: Self.images)
  }

  private func state(_ name: String, _ probe: LayerProbe) throws -> [Float] {
    let tensor = try #require(probe.tensors.first { $0.name == "bn1.\(name)" })
    return probe[tensor]
  }

  @Test(arguments: [1, 2, 3, 7, 12])
  func batchStatisticsDoNotDependOnShards(count: Int) throws {
    let sample = try sample()
    let expected = sample.reference()
    let (whole, split) = (try sample.probe(), try sample.probe(shards: count))
    let tolerance = Double(expected.roundings) * Double(Float.ulpOfOne)
    let (wholeOutput, splitOutput) = (whole.forward(sample.input), split.forward(sample.input))
    expectClose(splitOutput, expected.values, tolerance: tolerance)
    // Merged in Double: results with different shards agree far better than either agrees with exact sums in the worst case.
    expectClose(splitOutput, wholeOutput.map(Double.init), tolerance: 8 * Double(Float.ulpOfOne))
    let (a, b) = (whole.backward(sample.outputGradient), split.backward(sample.outputGradient))
    expectClose(b.input, a.input.map(Double.init), tolerance: 16 * Double(Float.ulpOfOne))
    for (a, b) in zip(a.parameters, b.parameters) {
      expectClose(b, a.map(Double.init), tolerance: 16 * Double(Float.ulpOfOne))
    }
  }

  @Test(arguments: [0, 0.1, 0.75, 1] as [Float], [1, 3, 9])
  func runningStatisticsMoveAsInPyTorch(momentum: Float, shards: Int) throws {
    let sample = try sample(BatchNorm2D(momentum: momentum))
    let probe = try sample.probe(shards: shards)
    var (mean, variance) = (
      try state("running_mean", probe).map(Double.init), try state("running_var", probe).map(Double.init)
    )
    let (m, tolerance) = (Double(momentum), 8 * Double(Float.ulpOfOne))
    // The second batch starts where the first one left off.
    for factor in [1, 3] as [Float] {
      let input = sample.input.map { factor * $0 + factor }
      let batch = ReferenceBatch(Self.shape, images: Self.images, values: input.map(Double.init))
      for channel in mean.indices {
        let moments = ReferenceMoments(batch, channel: channel)
        mean[channel] = (1 - m) * mean[channel] + m * moments.mean
        variance[channel] = (1 - m) * variance[channel] + m * moments.unbiasedVariance
      }
      _ = probe.forward(input)
      expectClose(try state("running_mean", probe), mean, tolerance: tolerance)
      expectClose(try state("running_var", probe), variance, relativeTo: .each, tolerance: tolerance)
    }
  }

  @Test func inferenceAndBackwardKeepRunningStatistics() throws {
    let sample = try sample()
    let probe = try sample.probe(shards: 2)
    let before = [try state("running_mean", probe), try state("running_var", probe)]
    _ = probe.forward(sample.input, isTraining: false)
    #expect([try state("running_mean", probe), try state("running_var", probe)] == before)
    _ = probe.forward(sample.input)
    let after = [try state("running_mean", probe), try state("running_var", probe)]
    #expect(after != before)
    _ = probe.backward(sample.outputGradient)
    #expect([try state("running_mean", probe), try state("running_var", probe)] == after)
  }

  /// Σx² − (Σx)² / n would lose everything here, and a mean summed in Float much: n roundings of a number near 1000 n.
  ///
  /// Some roundings of a number near 1000 remain, because a mean is passed on as a Float.
  @Test(arguments: [(1000, 0.1), (-1000, 0.1), (50, 2), (0, 1)] as [(Float, Float)], [1, 4])
  func aLargeMeanKeepsAccuracy(distribution: (mean: Float, deviation: Float), shards: Int) throws {
    let shape = Shape.image(height: 28, width: 28, channels: 3)
    var sample = try LayerSample([BatchNorm2D()], shape, images: 16) { $0.normal($1) }
    sample.input = sample.input.map { distribution.mean + distribution.deviation * $0 }
    sample.tensors["bn1.weight"] = [1, 1, 1]
    let expected = sample.reference().values
    let probe = try sample.probe(shards: shards)
    // Two roundings of the mean, in units of the deviation; and the rounding of 12,544 squares, which mostly cancels.
    let ratio = Double(distribution.mean.magnitude / distribution.deviation)
    expectClose(
      probe.forward(sample.input), expected, relativeTo: .values(expected.map { ratio + 8 * (1 + $0.magnitude) }),
      tolerance: Double(Float.ulpOfOne))
    let moments = (0..<3).map { ReferenceMoments(sample.batch, channel: $0) }
    let probeOfMoments = try LayerProbe([BatchNorm2D(momentum: 1)], input: shape, images: 16, shards: shards)
    _ = probeOfMoments.forward(sample.input)
    expectClose(
      try state("running_mean", probeOfMoments), moments.map(\.mean), relativeTo: .one,
      tolerance: Double(Float.ulpOfOne) * Double(distribution.mean.magnitude + distribution.deviation))
    // Roundings of a sum of 12,544 squares add up like a random walk: to about its root, in halves of an ulp.
    expectClose(
      try state("running_var", probeOfMoments), moments.map(\.unbiasedVariance), relativeTo: .each,
      tolerance: 64 * Double(Float.ulpOfOne))
  }

  @Test func aConstantChannelGivesTheBias() throws {
    var sample = try LayerSample([BatchNorm2D()], .image(height: 1, width: 1, channels: 3), images: 1)
    sample.input = [7, -3, 0]
    let probe = try sample.probe()
    #expect(probe.forward(sample.input) == sample.tensors["bn1.bias"])
    #expect(probe.backward([1, 2, 3]).input == [0, 0, 0])
    #expect(try state("running_var", probe).allSatisfy { $0.isFinite && $0 >= 0 })
  }
}
