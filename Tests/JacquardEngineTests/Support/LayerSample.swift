import JacquardEngine
import TestSupport

/// Layers with all numbers of one test: input, parameters, states, gradient of the output.
struct LayerSample: Sendable {
  let layers: [any Layer]
  let shape: Shape
  let images: Int
  var input: [Float]
  var outputGradient: [Float]
  /// Parameters and states by name.
  var tensors: [String: [Float]] = [:]
  /// The parameters' names in the order of the engine's memory.
  let parameterNames: [String]

  /// Draws everything with `numbers`, but running variances, which must be positive.
  init(
    _ layers: [any Layer], _ shape: Shape, images: Int, seed: UInt64 = 1,
    numbers: (inout TestRandom, Int) -> [Float] = { $0.uniform($1) }
  ) throws {
    let probe = try LayerProbe(layers, input: shape, images: images)
    var random = TestRandom(seed: seed)
    self.layers = layers
    self.shape = shape
    self.images = images
    input = numbers(&random, images * shape.count)
    outputGradient = numbers(&random, images * probe.outputShape.count)
    for tensor in probe.tensors {
      let count = tensor.range.count
      tensors[tensor.name] =
        tensor.specification.name == "running_var" ? random.uniform(count, in: 0.5...2) : numbers(&random, count)
    }
    parameterNames = probe.tensors.filter { $0.specification.role != nil }.map(\.name)
  }

  /// The engine, loaded with the sample's tensors.
  func probe(shards: Int = 1, options: ComputeOptions = ComputeOptions()) throws -> LayerProbe {
    let probe = try LayerProbe(layers, input: shape, images: images, shards: shards, options: options)
    for tensor in probe.tensors { probe[tensor] = tensors[tensor.name] ?? [] }
    return probe
  }

  /// The input in double precision.
  var batch: ReferenceBatch { ReferenceBatch(shape, images: images, values: input.map(Double.init)) }

  /// The tensors in double precision, and other inputs of a reference.
  func context(isTraining: Bool = true) -> ReferenceContext {
    ReferenceContext(tensors: tensors.mapValues { $0.map(Double.init) }, isTraining: isTraining)
  }

  /// The output of the layers' references for the input.
  func reference(isTraining: Bool = true) -> ReferenceBatch {
    context(isTraining: isTraining).apply(layers, to: batch)
  }

  /// The sample with every number replaced by its magnitude.
  ///
  /// For sums of products its reference is Σ|a|·|b|: rounding errors are relative to it.
  var magnitudes: LayerSample {
    var result = self
    result.input = input.map(\.magnitude)
    result.outputGradient = outputGradient.map(\.magnitude)
    result.tensors = tensors.mapValues { $0.map(\.magnitude) }
    return result
  }

  /// The layers and the shape, for messages.
  var description: String { describe(layers, shape, images) }
}

/// For example `conv2d (3×3, stride 1, padding 0), relu on 2 of 5×7×3`.
func describe(_ layers: [any Layer], _ shape: Shape, _ images: Int) -> String {
  func text(_ layer: any Layer) -> String {
    let type = type(of: layer).type
    let inner = layer.children.map { "\($0.name): " + $0.layers.map(text).joined(separator: ", ") }
    let details = inner.isEmpty ? layer.details : inner.joined(separator: "; ")
    return details.isEmpty ? type : "\(type) (\(details))"
  }
  return layers.map(text).joined(separator: ", ") + " on \(images) of \(shape)"
}

extension TestRandom {
  /// Shuffled multiples of 0.05, a third below zero, none closer to it than 0.025, no two of one image equal.
  ///
  /// So a step of a difference never crosses a kink of a rectifier or of a max pool.
  mutating func grid(_ shape: Shape, images: Int) -> [Float] {
    (0..<images).flatMap { _ in
      (0..<shape.count).map { (Float($0 - shape.count / 3) + 0.5) * 0.05 }.shuffled(using: &self)
    }
  }
}
