import JacquardEngine
import LinearAlgebra
import TestSupport
import Testing

/// Training on samples with two classes.
struct MixedClassesTests {
  private static let model = Model(
    name: "line", inputShape: .image(height: 2, width: 3, channels: 1), classNames: ["a", "b", "c"]
  ) {
    Flatten()
    Dense(3)
  }

  private static func trainer(
    _ samples: some SampleProvider, loss: some Loss = SoftmaxCrossEntropy(labelSmoothing: 0.1)
  )
    throws -> Trainer
  {
    let network = try Network(model, seed: 3, options: ComputeOptions(product: .naive))
    return Trainer(
      network, on: samples, optimizer: SGD(), schedule: .constant(0.1), loss: loss, epochs: 1, batchSize: 7, shards: 3,
      team: WorkerTeam(threads: 2))
  }

  private static let plain = TestSamples.learnable(count: 7, shape: model.inputShape, classes: 3)

  /// The loss and the gradient are those of both classes, in proportion to their weights.
  @Test func lossAndGradientAreMixed() throws {
    let seconds = (0..<7).map { Int32(($0 * 2 + 1) % 3) }
    let weights: [Float] = [0.5, 0, 0.25, 0.1, 0.4, 0.5, 0.3]
    let mixed = MixedSamples(samples: Self.plain, second: seconds, weights: weights)
    let trainer = try Self.trainer(mixed)
    let report = try #require(try trainer.nextStep())
    var expectedLoss = 0.0
    var expectedGradient = [Double](repeating: 0, count: 18)
    var correct = 0
    for image in 0..<7 {
      let pixels = Array(Self.plain.images[image * 6..<(image + 1) * 6])
      for (label, weight) in [(Self.plain.labels[image], 1 - weights[image]), (seconds[image], weights[image])] {
        let one = TestSamples(shape: Self.model.inputShape, images: pixels, labels: [label])
        let alone = try Self.trainer(one)
        let step = try #require(try alone.nextStep())
        expectedLoss += Double(weight) * step.loss / 7
        for (index, value) in alone.gradient(of: alone.network.tensors[0]).enumerated() {
          expectedGradient[index] += Double(weight) * Double(value) / 7
        }
        if label == Self.plain.labels[image], weight == 1 - weights[image] { correct += step.correct }
      }
    }
    #expect(abs(report.loss - expectedLoss) < 1e-6)
    expectClose(
      trainer.gradient(of: trainer.network.tensors[0]), expectedGradient, relativeTo: .one, tolerance: 1e-6)
    // The class that is drawn counts, which is that of the larger part.
    #expect(report.correct == correct)
  }

  /// Without weight, the second classes change no bit.
  @Test func secondClassesWithoutWeightDoNotMatter() throws {
    let seconds = [Int32](repeating: 0, count: 7)
    let mixed = MixedSamples(samples: Self.plain, second: seconds, weights: [Float](repeating: 0, count: 7))
    let trainers = (try Self.trainer(mixed), try Self.trainer(Self.plain))
    #expect(try trainers.0.nextStep()?.loss == trainers.1.nextStep()?.loss)
    for (mixed, plain) in zip(trainers.0.network.tensors, trainers.1.network.tensors) {
      #expect(trainers.0.gradient(of: mixed) == trainers.1.gradient(of: plain))
    }
  }
}

/// Samples with second classes of given weights.
private struct MixedSamples: SampleProvider {
  let samples: TestSamples
  let second: [Int32]
  let weights: [Float]

  var count: Int { samples.count }
  var shape: Shape { samples.shape }
  var isMixed: Bool { true }

  func order(epoch: Int, into order: inout MutableSpan<Int32>) { samples.order(epoch: epoch, into: &order) }

  func draw(
    _ numbers: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    samples.draw(numbers, epoch: epoch, into: &inputs, labels: &labels)
  }

  func mixedLabels(
    of numbers: Span<Int32>, epoch: Int, into labels: inout MutableSpan<Int32>, weights: inout MutableSpan<Float>
  ) {
    for place in numbers.indices {
      labels[place] = second[Int(numbers[place])]
      weights[place] = self.weights[Int(numbers[place])]
    }
  }
}
