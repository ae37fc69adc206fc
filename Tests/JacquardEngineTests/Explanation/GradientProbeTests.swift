import JacquardEngine
import TestSupport
import Testing

/// Gradients of one logit, against central differences through the references.
struct GradientProbeTests {
  /// A model with its tensors, and one image, in single and in double precision.
  private struct Sample {
    let network: Network
    let names: [String]
    var context: ReferenceContext
    let input: [Float]

    init(_ layers: [any Layer], _ shape: Shape, seed: UInt64) throws {
      let model = Model(name: "explained", inputShape: shape, classNames: ["a", "b", "c"]) {
        layers
        Flatten()
        Dense(3)
      }
      network = try Network(awaitingWeights: model)
      names = LayerChain(model.layers).names(within: "")
      var sample = try LayerSample(model.layers, shape, images: 1, seed: seed)
      var random = TestRandom(seed: seed &+ 1000)
      sample.input = random.grid(shape, images: 1)
      input = sample.input
      context = sample.context(isTraining: false)
      for tensor in network.tensors {
        let values = try #require(sample.tensors[tensor.name])
        network.importTensor(tensor, tensor.specification.order.indicesInFileOrder.map { values[$0] })
      }
    }

    /// The result of the layers in a range, for one image.
    func apply(_ range: Range<Int>, to batch: ReferenceBatch) throws -> ReferenceBatch {
      var batch = batch
      for place in range {
        var context = context
        context.name = names[place]
        batch = try #require(network.model.layers[place] as? any ReferenceLayer).reference(batch, context)
      }
      return batch
    }

    /// What is wrong with the gradients of every class, by the input and by the output of every layer of the model; empty if nothing is.
    func findings() throws -> [String] {
      let all = 0..<network.model.layers.count
      let shape = network.model.inputShape
      let batch = ReferenceBatch(shape, images: 1, values: input.map(Double.init))
      let answer = try apply(all, to: batch)
      guard answer.margin > GradientCheck.leastMargin else { return ["a bad case: a kink is \(answer.margin) away"] }
      let tolerance = Double(answer.roundings + 4) * Double(Float.ulpOfOne)
      let samples = TestSamples(shape: shape, images: input, labels: [0])
      var findings: [String] = []
      func compare(_ name: String, _ got: [Float], _ expected: [Double]) {
        guard got.count == expected.count else { return findings.append("\(name): \(got.count) elements") }
        let found = mismatches(got, expected, relativeTo: .largest, tolerance: tolerance)
        if let first = found.first { findings.append("\(name): \(found.count) of \(got.count) off; first \(first)") }
      }
      // A logit is a sum whose terms may cancel each other: its rounding errors are relative to their magnitudes.
      var terms = try apply(0..<all.count - 1, to: batch)
      terms.values = terms.values.map(\.magnitude)
      var absolute = self
      absolute.context.tensors = context.tensors.mapValues { $0.map(\.magnitude) }
      let magnitudes = try absolute.apply(all.count - 1..<all.count, to: terms).values
      for (place, name) in names.enumerated() {
        let activations = try apply(0..<place + 1, to: batch)
        let probe = try GradientProbe(network, layer: name, team: WorkerTeam(threads: 1))
        for choice in 0..<3 {
          let found = probe.gradients(of: samples, classes: [choice])
          compare("\(name), activations", found.activations, activations.values)
          let bound = tolerance * magnitudes[choice]
          if !((Double(found.logits[0]) - answer.values[choice]).magnitude <= bound) {
            findings.append("\(name), logit of class \(choice): \(found.logits[0]), expected \(answer.values[choice])")
          }
          let layer = GradientCheck.differences(activations.values) { values in
            let moved = ReferenceBatch(activations.shape, images: 1, values: values)
            return (try? apply(place + 1..<all.count, to: moved).values[choice]) ?? .nan
          }
          compare("\(name), class \(choice)", found.layerGradients, layer)
          guard place == 0 else { continue }
          let pixels = GradientCheck.differences(batch.values) { values in
            (try? apply(all, to: ReferenceBatch(shape, images: 1, values: values)).values[choice]) ?? .nan
          }
          compare("input, class \(choice)", found.inputGradients, pixels)
        }
      }
      return findings
    }
  }

  @Test(arguments: LayerCase.single.filter { $0.images < 4 })
  func everyLayerPassesTheGradientOn(item: LayerCase) throws {
    let findings = try Sample(item.layers, item.shape, seed: item.seed).findings()
    #expect(findings.isEmpty)
  }

  @Test func everyRegisteredLayerIsAmongTheCases() {
    let covered = Set(LayerCase.single.filter { $0.images < 4 }.flatMap(\.layers).map { type(of: $0).type })
    #expect(LayerRegistry.layers.map { $0.type }.filter { !covered.contains($0) } == [])
  }

  /// Several paths, in- and outside of each other, norms with running statistics and dropout.
  @Test func severalPathsAreAdded() throws {
    let layers: [any Layer] = [
      Conv2D(outputChannels: 4, kernelSize: 3, padding: .same(3)), BatchNorm2D(), GELU(),
      Residual {
        Conv2D(outputChannels: 4, kernelSize: 3, padding: .same(3), usesBias: false)
        BatchNorm2D()
        Residual {
          SiLU()
        } shortcut: {
          Conv2D(outputChannels: 4, kernelSize: 1)
        }
      },
      Branches(.concat, [AveragePool2D(2)], [Conv2D(outputChannels: 2, kernelSize: 2, stride: 2), Activation(.tanh)]),
      Dropout(0.5), Branches(.multiply, [], [GlobalAveragePool(), Dense(6), Activation(.sigmoid)]),
    ]
    let findings = try Sample(layers, .image(height: 6, width: 4, channels: 2), seed: 3).findings()
    #expect(findings.isEmpty)
  }

  @Test(arguments: [FaultyLayer.Fault.none, .inputScale, .stride, .unwritten])
  func aWrongGradientIsFound(fault: FaultyLayer.Fault) throws {
    let findings = try Sample([FaultyLayer(fault: fault)], .image(height: 5, width: 6, channels: 2), seed: 1).findings()
    #expect(findings.isEmpty == (fault == .none))
  }

  @Test func nothingDependsOnOtherSamplesOrThreads() throws {
    for model in [TestModels.tiny, TestModels.branches, TestModels.slopes] {
      let network = try Network(model, seed: 2)
      let before = network.bits
      let samples = TestSamples.learnable(count: 7, shape: model.inputShape, classes: 3)
      let classes = (0..<7).map { $0 % 3 }
      func bits(_ threads: Int) throws -> [[UInt32]] {
        let probe = try GradientProbe(network, team: WorkerTeam(threads: threads))
        // Twice: one call must not affect the next.
        _ = probe.gradients(of: samples, classes: classes.reversed())
        let found = probe.gradients(of: samples, classes: classes)
        return [found.logits, found.activations, found.layerGradients, found.inputGradients].map {
          $0.map(\.bitPattern)
        }
      }
      let expected = try bits(1)
      for threads in [2, 3, 8] { #expect(try bits(threads) == expected, "\(model.name), \(threads) threads") }
      let size = model.inputShape.count
      let alone = TestSamples(
        shape: model.inputShape, images: Array(samples.images[4 * size..<5 * size]), labels: [0])
      let one = try GradientProbe(network, team: WorkerTeam(threads: 1)).gradients(of: alone, classes: [classes[4]])
      #expect(one.inputGradients.map(\.bitPattern) == Array(expected[3][4 * size..<5 * size]), "\(model.name)")
      #expect(network.bits == before)
    }
  }

  @Test func aLayerWithinABlockHasItsOwnOutput() throws {
    let network = try Network(TestModels.tiny, seed: 2)
    let samples = TestSamples.learnable(count: 1, shape: network.model.inputShape, classes: 3)
    let team = WorkerTeam(threads: 1)
    for row in try network.model.layerShapes() {
      let probe = try GradientProbe(network, layer: row.name, team: team)
      #expect(probe.layerShape == row.shape, "\(row.name)")
      let found = probe.gradients(of: samples, classes: [1])
      #expect(found.layer == row.name && found.layerGradients.count == row.shape.count)
      #expect(found.layerGradients.contains { $0 != 0 }, "\(row.name)")
    }
    #expect(throws: ModelError.self) { try GradientProbe(network, layer: "conv9", team: team) }
    #expect(try network.model.lastSpatialLayer() == "pool1")
    #expect(try TestModels.linear().lastSpatialLayer() == nil)
    #expect(
      try Model.named("resnet18").lastSpatialLayer() == "layer4.1.relu2"
        || Model.named("resnet18").lastSpatialLayer() != nil)
  }
}
