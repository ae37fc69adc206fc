import Foundation
import Interchange
import JacquardEngine
import NumPy
import TestSupport
import Testing

/// Training with teachers, against PyTorch's `KLDivLoss` and its automatic gradients: the losses and the weights of several steps.
@Suite(.conformance)
struct DistillationConformanceTests {
  @Test(arguments: [(1, 4.0, 0.7), (2, 4.0, 0.7), (2, 1.5, 1.0), (3, 20.0, 0.3)])
  func bothTrainTheSame(teachers count: Int, temperature: Double, weight: Double) throws {
    let (features, classes, images, steps) = (12, 5, 20, 10)
    let model = Model(
      name: "dense", inputShape: .vector(features), classNames: (0..<classes).map { "c\($0)" },
      preprocessing: Normalization(mean: [0], deviation: [1])
    ) {
      Dense(16)
      ReLU()
      Dense(classes)
    }
    var random = TestRandom(seed: 3)
    let samples = Vectors(
      inputs: random.uniform(images * features, in: -2...2), labels: (0..<images).map { Int32($0 * 7 % classes) },
      features: features)
    let folder = try TemporaryFolder()
    func write(_ network: Network, _ name: String) throws {
      for tensor in network.tensors {
        let values = network.exportTensor(tensor)
        try NumPyArray(shape: tensor.specification.order.fileShape, floats: values).write(
          to: folder("\(name).\(tensor.name).npy"))
      }
    }
    let network = try Network(model, seed: 1)
    try write(network, "student")
    let teachers = try (0..<count).map { try Network(model, seed: UInt64(10 + $0)) }
    for (index, teacher) in teachers.enumerated() { try write(teacher, "teacher\(index)") }
    try NumPyArray(shape: [images, features], floats: samples.inputs).write(to: folder("inputs.npy"))
    try NumPyArray(shape: [images], integers: samples.labels.map(Int64.init)).write(to: folder("labels.npy"))

    var recipe = TrainingRecipe(
      optimizer: SGD(momentum: 0.9), schedule: .constant(0.05), epochs: steps, batchSize: images, shards: 3)
    recipe.distillation = Distillation(teachers, temperature: temperature, weight: weight)
    let trainer = Trainer(network, on: samples, recipe: recipe, team: WorkerTeam(threads: 2))
    var losses: [Double] = []
    while let step = try trainer.nextStep() { losses.append(step.loss) }
    #expect(losses.count == steps)

    struct Theirs: Decodable {
      let losses: [Double]
      let weights: [String: [Double]]
    }
    let theirs = try Python.json(
      "torch_distillation.py", folder.path, "\(count)", "\(temperature)", "\(weight)", "\(steps)", as: Theirs.self)
    for (own, other) in zip(losses, theirs.losses) {
      #expect(abs(own - other) < 2e-5 * max(1, other), "\(losses) \(theirs.losses)")
    }
    #expect(theirs.losses.count == steps && losses[steps - 1] < losses[0])
    for tensor in network.tensors {
      expectClose(
        network.exportTensor(tensor), try #require(theirs.weights[tensor.name]), relativeTo: .one, tolerance: 2e-5)
    }
  }
}

/// Vectors in memory, in their own order.
private struct Vectors: SampleProvider {
  let inputs: [Float]
  let labels: [Int32]
  let features: Int

  var count: Int { labels.count }
  var shape: Shape { .vector(features) }

  func order(epoch: Int, into order: inout MutableSpan<Int32>) {
    for place in order.indices { order[place] = Int32(place) }
  }

  func draw(
    _ samples: Span<Int32>, epoch: Int, into target: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    for place in samples.indices {
      let sample = Int(samples[place])
      labels[place] = self.labels[sample]
      for index in 0..<features { target[place * features + index] = inputs[sample * features + index] }
    }
  }
}
