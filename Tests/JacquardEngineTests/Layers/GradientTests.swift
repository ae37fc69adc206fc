import LinearAlgebra
import JacquardEngine
import TestSupport
import Testing

struct GradientTests {
  @Test(arguments: LayerCase.single)
  func gradientsOfLayersFollowFromTheirReference(item: LayerCase) throws {
    let check = try GradientCheck(item.sample())
    for shards in item.shardCounts {
      let findings = try check.findings(shards: shards)
      #expect(findings.isEmpty)
    }
  }

  @Test(arguments: MatrixProduct.allCases)
  func bothProductsGiveTheSameGradients(product: MatrixProduct) throws {
    let options = ComputeOptions(product: product)
    for item in LayerCase.single where item.layers.contains(where: { $0 is Dense || $0 is Conv2D }) {
      let findings = try GradientCheck(item.sample()).findings(shards: 2, options: options)
      #expect(findings.isEmpty, "\(item.testDescription)")
    }
  }

  /// No differences are taken, so they add no error: on whole numbers both sides are equal to the last bit.
  @Test(
    arguments: [
      LayerCase(layers: [Flatten()], shape: .image(height: 5, width: 3, channels: 4), images: 3),
      LayerCase(layers: [Dense(157, usesBias: false)], shape: .vector(100), images: 67),
      // Windows of 4 and 16 places divide without rounding.
      LayerCase(layers: [AveragePool2D(2)], shape: .image(height: 9, width: 12, channels: 10), images: 5),
      LayerCase(
        layers: [AveragePool2D(4, stride: 2, padding: Padding(top: 1, left: 0, bottom: 3, right: 2))],
        shape: .image(height: 9, width: 12, channels: 3), images: 5),
      LayerCase(
        layers: [AveragePool2D(2, stride: 1, padding: Padding(1), countsPadding: false)],
        shape: .image(height: 7, width: 4, channels: 3), images: 4),
      LayerCase(layers: [GlobalAveragePool()], shape: .image(height: 8, width: 4, channels: 10), images: 3),
    ]
      + ConvolutionCase.table.filter { !$0.layer.usesBias }.map {
        LayerCase(layers: [$0.layer], shape: $0.shape, images: $0.images)
      })
  func linearLayersAreAdjoint(item: LayerCase) throws {
    let sample = try LayerSample(item.layers, item.shape, images: item.images) { $0.integers($1) }
    for shards in item.shardCounts {
      let probe = try sample.probe(shards: shards)
      let forward = product(probe.forward(sample.input), sample.outputGradient)
      let gradients = probe.backward(sample.outputGradient)
      #expect(forward == product(sample.input, gradients.input))
      // Linear in the weights too.
      for (name, gradient) in zip(sample.parameterNames, gradients.parameters) {
        #expect(forward == product(sample.tensors[name] ?? [], gradient), "\(name)")
      }
    }
  }

  @Test func everyRegisteredLayerIsChecked() {
    #expect(missing(LayerRegistry.layers) == [])
    #expect(missing(LayerRegistry.layers + [FaultyLayer.self]) == [FaultyLayer.type])
  }

  /// Types without a separate row in the table that `layer` walks over.
  private func missing(_ types: [any Layer.Type]) -> [String] {
    let covered = Set(LayerCase.single.flatMap(\.layers).map { type(of: $0).type })
    return types.map { $0.type }.filter { !covered.contains($0) }
  }
}
