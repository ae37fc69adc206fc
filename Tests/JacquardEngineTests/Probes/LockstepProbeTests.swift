import LinearAlgebra
import JacquardEngine
import Testing

/// The check of `bench model`: every block against plain loops, from the same numbers.
struct LockstepProbeTests {
  private static let naive = ComputeOptions(algorithm: .naive, product: .naive)

  /// A model in which rounding flips ReLUs and pools: deep, with residuals, pools that overlap and ragged channels.
  private static let kinked = Model(
    name: "kinked", inputShape: .image(height: 17, width: 15, channels: 3), classNames: ["a", "b", "c"]
  ) {
    Conv2D(outputChannels: 10, kernelSize: 5, stride: 2, padding: .same(5))
    ReLU()
    MaxPool2D(3, stride: 2, padding: Padding(1))
    for _ in 0..<4 {
      Residual {
        Conv2D(outputChannels: 10, kernelSize: 3, padding: .same(3), usesBias: false)
        BatchNorm2D()
        ReLU()
        Conv2D(outputChannels: 10, kernelSize: 3, padding: .same(3), groups: 2)
        BatchNorm2D()
      }
      ReLU()
    }
    Dropout(0.3)
    GlobalAveragePool()
    Dense(8)
    ReLU()
    Dense(3)
  }

  private static func models() throws -> [Model] {
    try TestModels.quickNames.map { try Model.named($0) } + [TestModels.tiny, TestModels.deep, kinked]
  }

  @Test(arguments: ConvolutionAlgorithm.allCases, [true, false])
  func blocksDifferByRoundingOnly(algorithm: ConvolutionAlgorithm, isTraining: Bool) throws {
    let team = WorkerTeam(threads: 2)
    for model in try Self.models() {
      let samples = TestSamples.learnable(count: 5, shape: model.inputShape, classes: model.classNames.count)
      for product in [MatrixProduct.blas, .portable] {
        let probe = try LockstepProbe(
          model, options: ComputeOptions(algorithm: algorithm, product: product), reference: Self.naive,
          samples: samples, isTraining: isTraining, team: team)
        #expect(probe.isReferenceFinite)
        #expect(probe.differences.contains { $0.result == "output" })
        #expect(probe.differences.contains { $0.result == "input gradient" } == isTraining)
        for difference in probe.differences {
          #expect(difference.error < 1e-4, "\(model.name), \(algorithm), \(product): \(difference)")
        }
      }
    }
  }

  @Test(arguments: FaultyLayer.Fault.allCases)
  func aBlockThatComputesSomethingElseIsNamed(fault: FaultyLayer.Fault) throws {
    let model = Model(
      name: "faulty", inputShape: .image(height: 8, width: 8, channels: 2), classNames: ["a", "b"]
    ) {
      Conv2D(outputChannels: 3, kernelSize: 3, padding: .same(3))
      ReLU()
      FaultyLayer(fault: fault, isRightWhenNaive: true)
      ReLU()
      Flatten()
      Dense(2)
    }
    let probe = try LockstepProbe(
      model, options: ComputeOptions(), reference: Self.naive,
      samples: TestSamples.learnable(count: 6, shape: model.inputShape, classes: 2), isTraining: true,
      team: WorkerTeam(threads: 2))
    let wrong = probe.differences.filter { !($0.error < 5e-4) }
    #expect(wrong.isEmpty == (fault == .none))
    #expect(wrong.allSatisfy { $0.block == "faulty1" }, "\(wrong)")
  }
}
