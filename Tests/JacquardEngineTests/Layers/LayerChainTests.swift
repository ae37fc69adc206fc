import JacquardEngine
import TestSupport
import Testing

/// Consecutive layers share memory: one may overwrite what another still needs.
struct LayerChainTests {
  private static let image = Shape.image(height: 4, width: 4, channels: 2)

  private static func cases(_ chains: [[any Layer]]) -> [LayerCase] {
    chains.map { LayerCase(layers: $0, shape: image, images: 5) }
  }

  private static func skip(_ body: [any Layer], shortcut: [any Layer] = []) -> Residual {
    Residual(body: { body }, shortcut: { shortcut })
  }

  private static func same(_ channels: Int = 2, usesBias: Bool = true) -> Conv2D {
    Conv2D(outputChannels: channels, kernelSize: 3, padding: Padding(1), usesBias: usesBias)
  }

  private static let leaky = LeakyReLU(negativeSlope: 0.3)
  private static let overlappingPool = MaxPool2D(3, stride: 1, padding: Padding(1))

  /// An in-place operator after one that still needs its output, or its input, in the backward pass.
  static let inPlace = cases([
    [ReLU(), ReLU()],
    [leaky, ReLU()],
    [ReLU(), leaky, Dropout(0.3)],
    [Dropout(0.3), ReLU()],
    [Dropout(0.3), Dropout(0.4), same()],
    [same(), Dropout(0.3), same()],
    [ReLU(), Flatten(), leaky, Dense(3)],
    [Dropout(0.5), Flatten(), ReLU(), Flatten(), Dropout(0.2), Dense(3)],
    [Flatten(), ReLU()],
    [GELU(), ReLU()],
    [ReLU(), GELU(), Dropout(0.2)],
    [SiLU(), SiLU(), leaky],
    [GlobalMaxPool(), ReLU(), Dense(2)],
    [leaky, GlobalMaxPool(), Dropout(0.4)],
    [ReLU(), AveragePool2D(2), leaky],
    [leaky, overlappingPool, Dropout(0.3), same()],
    [BatchNorm2D(), ReLU(), BatchNorm2D()],
    [Dropout(0.3), BatchNorm2D(), leaky, Dropout(0.2)],
    [Flatten()],
    [Flatten(), Flatten(), Dense(2), ReLU()],
  ])

  /// Two paths read one value, and either may begin or end with an in-place operator.
  static let residual = cases([
    [skip([ReLU()])],
    [skip([ReLU()], shortcut: [leaky])],
    [skip([same()], shortcut: [ReLU()])],
    [skip([AveragePool2D(1)], shortcut: [leaky])],
    [skip([Dropout(0.3)], shortcut: [Dropout(0.6)])],
    [Flatten(), skip([Flatten()])],
    [skip([Flatten()], shortcut: [Flatten()])],
    [skip([GELU()]), ReLU()],
    [ReLU(), skip([leaky, Dropout(0.2)]), leaky],
    [skip([same(), ReLU(), same()]), ReLU(), same()],
    [
      skip(
        [Conv2D(outputChannels: 3, kernelSize: 3, stride: 2, padding: Padding(1)), ReLU(), same(3)],
        shortcut: [Conv2D(outputChannels: 3, kernelSize: 1, stride: 2, usesBias: false)]), ReLU(),
    ],
    [skip([overlappingPool], shortcut: [SiLU()])],
    [same(), skip([ReLU(), Flatten()], shortcut: [Flatten()]), Dense(3)],
  ])

  static let nested = cases([
    [skip([skip([ReLU()])])],
    [skip([skip([same()]), leaky], shortcut: [skip([ReLU()])])],
    [skip([ReLU(), skip([leaky, same()], shortcut: [Dropout(0.3)])]), ReLU()],
    [skip([skip([skip([Dropout(0.3)], shortcut: [ReLU()])])]), Flatten(), Dense(2)],
    [skip([same(), GELU()]), skip([same(), SiLU()]), GlobalAveragePool(), Dense(2)],
  ])

  /// A bias before a norm has no effect and its gradient would be only rounding, so there is no bias.
  static let normalized = cases([
    [skip([BatchNorm2D(), GELU()])],
    [skip([BatchNorm2D(), ReLU(), same(usesBias: false)]), BatchNorm2D()],
    [skip([same(usesBias: false), BatchNorm2D()], shortcut: [BatchNorm2D()]), leaky],
    [skip([skip([BatchNorm2D()]), Dropout(0.3), BatchNorm2D()])],
    [same(usesBias: false), BatchNorm2D(), SiLU(), Flatten(), Dense(3)],
  ])

  @Test(arguments: inPlace + residual + nested + normalized)
  func chainsComputeWhatTheirLayersDo(item: LayerCase) throws {
    let sample = try item.sample()
    let check = GradientCheck(sample)
    for shards in item.shardCounts {
      for isTraining in [true, false] {
        let probe = try sample.probe(shards: shards)
        let expected = sample.reference(isTraining: isTraining)
        expectClose(
          probe.forward(sample.input, isTraining: isTraining), expected.values,
          tolerance: Double(expected.roundings) * Double(Float.ulpOfOne), "training \(isTraining), \(shards) shards")
      }
      let findings = try check.findings(shards: shards)
      #expect(findings.isEmpty)
    }
  }

  @Test func repeatedRunsGiveTheSameNumbers() throws {
    for item in Self.residual + Self.normalized {
      let sample = try item.sample()
      let probe = try sample.probe(shards: 3)
      let (output, gradients) = (probe.forward(sample.input), probe.backward(sample.outputGradient))
      _ = probe.forward(sample.input.map { -$0 })
      _ = probe.backward(sample.outputGradient.map { 2 * $0 })
      #expect(probe.forward(sample.input) == output, "\(item.testDescription)")
      let again = probe.backward(sample.outputGradient)
      #expect(again.input == gradients.input && again.parameters == gradients.parameters, "\(item.testDescription)")
    }
  }
}
