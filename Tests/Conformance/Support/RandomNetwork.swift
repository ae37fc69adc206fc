import JacquardEngine
import Randomness

/// A network with random tensors, and images for it: a case that other programs can compute too.
struct RandomNetwork {
  let network: Network
  let inputs: RandomImages

  /// - Parameters:
  ///   - layers: layers that may end in an image; a flatten and a dense layer with 5 outputs follow.
  ///   - seed: another seed gives other numbers.
  init(_ layers: [any Layer], shape: Shape, images: Int, seed: UInt64) throws {
    let classNames = (0..<5).map { "class \($0)" }
    let model = Model(
      name: "random", inputShape: shape, classNames: classNames,
      preprocessing: Normalization(
        mean: (0..<shape.channels).map { 0.4 + 0.05 * Double($0) },
        deviation: (0..<shape.channels).map { 0.3 + 0.02 * Double($0) })
    ) {
      layers
      Flatten()
      Dense(5)
    }
    try self.init(model, images: images, seed: seed)
  }

  /// A whole model with random tensors.
  init(_ model: Model, images: Int, seed: UInt64) throws {
    network = try Network(awaitingWeights: model)
    for tensor in network.tensors {
      var generator = RandomStream(seed: seed, name: tensor.name).generator(epoch: 0, index: 0)
      let count = tensor.specification.order.count
      let inputs = tensor.specification.order.fileShape.dropFirst().reduce(1, *)
      // Magnitudes that keep activations around one; variances must be positive.
      let values = (0..<count).map { _ in
        tensor.name.hasSuffix("running_var")
          ? 0.5 + generator.unitFloat() : generator.normal() / Float(inputs).squareRoot()
      }
      network.importTensor(tensor, values)
    }
    inputs = RandomImages(shape: model.inputShape, count: images, seed: seed)
  }

  /// `[images][classes]`, as we compute them.
  var logits: [Float] { logits(of: inputs) }

  /// `[images][classes]` for other inputs.
  func logits(of inputs: RandomImages) -> [Float] {
    Predictor(network, team: WorkerTeam(threads: 1)).logits(of: inputs)?.logits ?? []
  }
}

/// Images with normal pixels.
struct RandomImages: SampleProvider {
  let shape: Shape
  let count: Int
  /// `[count][height][width][channels]`
  let values: [Float]

  init(shape: Shape, count: Int, values: [Float]) {
    (self.shape, self.count, self.values) = (shape, count, values)
  }

  init(shape: Shape, count: Int, seed: UInt64) {
    var generator = RandomStream(seed: seed, name: "inputs").generator(epoch: 0, index: 0)
    self.init(shape: shape, count: count, values: (0..<count * shape.count).map { _ in generator.normal() })
  }

  func order(epoch: Int, into order: inout MutableSpan<Int32>) {
    for place in order.indices { order[place] = Int32(place) }
  }

  func draw(
    _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    for place in samples.indices {
      labels[place] = 0
      for element in 0..<shape.count {
        inputs[place * shape.count + element] = values[Int(samples[place]) * shape.count + element]
      }
    }
  }

  /// Images with channels first, as other programs store them, with their dimensions; vectors stay unchanged.
  static func channelsFirst<Element>(
    _ values: [Element], shape: Shape, count: Int
  ) -> (shape: [Int], values: [Element]) {
    guard shape.isImage else { return ([count, shape.channels], values) }
    let (pixels, channels) = (shape.pixels, shape.channels)
    let ordered = (0..<count).flatMap { image in
      (0..<channels).flatMap { channel in
        (0..<pixels).map { values[(image * pixels + $0) * channels + channel] }
      }
    }
    return ([count, channels, shape.height, shape.width], ordered)
  }
}
