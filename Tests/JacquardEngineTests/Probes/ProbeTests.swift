import LinearAlgebra
import JacquardEngine
import TestSupport
import Testing

/// The measurements of `bench`, and their references.
struct ProbeTests {
  @Test(arguments: ConvolutionCase.table)
  func convolutionProbesAgreeWithTheirReference(item: ConvolutionCase) throws {
    var layer = item.layer
    layer.usesBias = false
    let reference = try #require(ConvolutionReference(layer, input: item.shape, images: item.images))
    let team = WorkerTeam(threads: 2)
    for pass in ConvolutionPass.allCases {
      let expected = reference.result(of: pass)
      for options in ConvolutionCase.options {
        let probe = ConvolutionProbe(
          layer, input: item.shape, images: item.images, pass: pass, options: options, workers: 2)
        #expect(probe.multiplyAdds == layer.multiplyAdds(for: item.shape))
        // Twice: one pass must not affect the next.
        probe.run(repetitions: 2, team: team)
        for worker in 0..<2 {
          expectClose(
            probe.result(worker: worker), expected, tolerance: 1e-4, "\(pass.rawValue), \(options): \(item)")
        }
      }
    }
  }

  @Test func unsuitableAlgorithmsAreReported() {
    let (square, wide) = (Conv2D(outputChannels: 8, kernelSize: 3), Conv2D(outputChannels: 8, kernelSize: 5))
    let input = Shape.image(height: 9, width: 9, channels: 4)
    func method(_ algorithm: ConvolutionAlgorithm, _ layer: Conv2D) -> ConvolutionMethod? {
      ConvolutionProbe.method(algorithm, layer, input: input, pass: .forward)
    }
    #expect([.winograd2, .winograd4].contains(method(.winograd, square)))
    #expect(method(.winograd, wide) == nil)
    #expect(method(.im2col, wide) == .im2col)
    #expect(method(.naive, wide) == .naive)
    #expect(method(.auto, wide) != nil)
    #expect(method(.direct, Conv2D(outputChannels: 8, kernelSize: 3, stride: 2)) == nil)
  }

  /// The reference is that of the layers' tests, which central differences have verified.
  @Test(arguments: ConvolutionCase.table.filter(\.isSmall))
  func theReferenceIsTheDefinition(item: ConvolutionCase) throws {
    var layer = item.layer
    layer.usesBias = false
    let reference = try #require(ConvolutionReference(layer, input: item.shape, images: item.images))
    let (input, weights, gradient) = reference.values
    let batch = ReferenceBatch(item.shape, images: item.images, values: input)
    let shape = layer.referenceShape(batch)
    var expected = [
      ConvolutionPass.forward: [Double](repeating: 0, count: gradient.count),
      .backwardData: [Double](repeating: 0, count: input.count),
      .backwardWeights: [Double](repeating: 0, count: weights.count),
    ]
    layer.forEachProduct(batch, to: shape) { output, from, weight in
      expected[.forward]?[output] += input[from] * weights[weight]
      expected[.backwardData]?[from] += gradient[output] * weights[weight]
      expected[.backwardWeights]?[weight] += input[from] * gradient[output]
    }
    for pass in ConvolutionPass.allCases {
      let values = try #require(expected[pass])
      let result = reference.result(of: pass)
      #expect(result.count == values.count)
      #expect(zip(result, values).allSatisfy { ($0 - $1).magnitude < 1e-12 }, "\(pass.rawValue): \(item)")
    }
  }

  @Test(arguments: [false, true], MatrixProduct.allCases)
  func productProbesComputeOnEveryWorker(transposesA: Bool, implementation: MatrixProduct) {
    let (m, n, k) = (7, 10, 13)
    let probe = ProductProbe(m: m, n: n, k: k, transposesA: transposesA, workers: 3)
    var expected = [Double](repeating: 0, count: m * n)
    for row in 0..<m {
      for column in 0..<n {
        for index in 0..<k {
          let a = probe.a[transposesA ? index * m + row : row * k + index]
          expected[row * n + column] += Double(a) * Double(probe.b[index * n + column])
        }
      }
    }
    // Nothing has been computed yet: the results must not be right by chance.
    #expect(probe.result(worker: 2).allSatisfy { $0.isNaN })
    probe.run(implementation, repetitions: 2, team: WorkerTeam(threads: 3))
    for worker in 0..<3 { expectClose(probe.result(worker: worker), expected, tolerance: 1e-5) }
  }

  @Test func convolutionsInsideBlocksAreFound() throws {
    let vgg = try Model.named("vgg").convolutions
    #expect(vgg.map(\.name) == (1...6).map { "conv\($0)" })
    #expect(vgg.map(\.input.description) == ["28×28×1", "28×28×32", "14×14×32", "14×14×64", "7×7×64", "7×7×128"])
    let model = Model(name: "block", inputShape: .image(height: 4, width: 4, channels: 2), classNames: ["a", "b"]) {
      Residual {
        Conv2D(outputChannels: 2, kernelSize: 3, padding: .same(3))
      }
      Conv2D(outputChannels: 2, kernelSize: 1, stride: 2)
      GlobalAveragePool()
    }
    #expect(model.convolutions.map(\.name) == ["residual1.body.conv1", "conv1"])
    #expect(model.convolutions.map(\.layer.kernelSize) == [3, 1])
  }
}
