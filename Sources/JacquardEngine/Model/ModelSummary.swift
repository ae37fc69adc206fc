public import Samples

/// A summary of a model, layer by layer: shapes, parameters, multiplications.
public struct ModelSummary: Sendable {
  /// One layer.
  public struct Row: Sendable, Hashable {
    /// For example `conv1`, or `residual1.body.conv1`.
    public let name: String
    /// For example `conv2d`.
    public let type: String
    /// Settings, for example `3×3, stride 1×1, padding 0`.
    public let details: String
    /// The shape per image after the layer.
    public let outputShape: Shape
    /// Trained values.
    public let parameterCount: Int
    /// Multiplications (with an addition each) per image.
    public let multiplyAdds: Int
  }

  /// Operators that run as one.
  public struct Block: Sendable, Hashable {
    /// The names of its layers, joined: `conv1+relu1+pool1`.
    public let name: String
    /// The method of each pass of its convolution (`forward`, `backward_data`, `backward_weights`): `im2col`, `direct`, `winograd2`, `winograd4` or
    /// `naive`; empty for blocks without a convolution. The first layer has no `backward_data`.
    public let methods: [String: String]
  }

  /// The operators of a training step, in order.
  public let blocks: [Block]
  /// The layers in execution order; those inside a block follow it.
  public let rows: [Row]
  /// Trained values in total.
  public let parameterCount: Int
  /// Values that are stored but not trained, such as running means.
  public let stateCount: Int
  /// Multiplications (with an addition each) per image in the forward pass.
  public let multiplyAdds: Int
  /// Planned bytes of activations, gradients and saved choices per image of a training batch.
  public let trainingBytesPerImage: Int
  /// Planned bytes of activations per image in inference.
  public let inferenceBytesPerImage: Int
  /// The largest number of images that a worker computes at once in inference.
  package let mostImagesAtOnce: Int
}

extension Model {
  /// The summary of a model computed with `options`; throws if shapes do not fit.
  public func summary(options: ComputeOptions = ComputeOptions()) throws(ModelError) -> ModelSummary {
    let graph = try compile(options: options)
    let trained = graph.withBlocks(isTraining: true)
    let rows = ModelSummary.rows(LayerChain(layers), input: inputShape, prefix: "")
    let training = MemoryPlan(trained, isTraining: true)
    let inference = MemoryPlan(graph.withBlocks(isTraining: false), isTraining: false)
    let floatSize = MemoryLayout<Float>.stride
    return ModelSummary(
      blocks: trained.nodes.map(ModelSummary.Block.init), rows: rows, parameterCount: graph.parameters.elementCount,
      stateCount: graph.states.elementCount,
      multiplyAdds: rows.reduce(0) { $0 + $1.multiplyAdds },
      trainingBytesPerImage: training.floatsPerImage * floatSize + training.savedBytesPerImage,
      inferenceBytesPerImage: inference.floatsPerImage * floatSize + inference.savedBytesPerImage,
      mostImagesAtOnce: graph.imagesAtOnce(most: .max))
  }
}

extension ModelSummary {
  /// The memory in bytes that training needs besides its images: parameters, the gradients of each shard and their sum, the optimizer's moments, slow
  /// and averaged weights with the network that is evaluated, and the planned memory of a batch's images. Nil if it overflows an `Int`.
  package func trainingByteCount(_ configuration: TrainingConfiguration) -> Int? {
    trainingByteCount(
      batchSize: configuration.batchSize, shards: configuration.shards,
      moments: configuration.makeOptimizer().momentNames.count
        + KeptWeights.names(average: configuration.average, lookahead: configuration.lookahead).count
        + (configuration.average == nil ? 0 : 1))
  }

  private func trainingByteCount(batchSize: Int, shards: Int, moments: Int) -> Int? {
    let (numbers, isNumbersOverflow) = (parameterCount * MemoryLayout<Float>.stride)
      .multipliedReportingOverflow(by: shards + 2 + moments)
    let (images, isImagesOverflow) = trainingBytesPerImage.multipliedReportingOverflow(by: batchSize)
    let (sum, isSumOverflow) = numbers.addingReportingOverflow(images)
    return isNumbersOverflow || isImagesOverflow || isSumOverflow ? nil : sum
  }

  /// The memory needed to run inference on at most a number of images per worker. Nil if it overflows an `Int`.
  package func inferenceByteCount(imagesPerWorker: Int, workers: Int) -> Int? {
    let images = min(imagesPerWorker, mostImagesAtOnce)
    let (bytes, isOverflow) = inferenceBytesPerImage.multipliedReportingOverflow(by: images * workers)
    return isOverflow ? nil : bytes
  }

  /// The rows of layers whose shapes are known to fit.
  fileprivate static func rows(_ chain: LayerChain, input: Shape, prefix: String) -> [Row] {
    var shape = input
    var rows: [Row] = []
    for (layer, name) in zip(chain.layers, chain.names(within: prefix)) {
      guard let output = try? layer.outputShape(for: shape) else { break }
      rows.append(
        Row(
          name: name, type: type(of: layer).type, details: layer.details, outputShape: output,
          parameterCount: layer.tensors(for: shape).reduce(0) { $0 + ($1.role == nil ? 0 : $1.order.count) },
          multiplyAdds: layer.multiplyAdds(for: shape)))
      for group in layer.children {
        rows += Self.rows(LayerChain(group.layers), input: shape, prefix: "\(name).\(group.name).")
      }
      shape = output
    }
    return rows
  }
}

extension ModelSummary.Block {
  fileprivate init(_ node: Node) {
    name = node.name
    methods = Dictionary(
      uniqueKeysWithValues: ConvolutionPass.allCases.compactMap { pass in
        node.computation.convolutionBlock?.convolution.method(pass).map { (pass.rawValue, $0.rawValue) }
      })
  }
}

extension TensorPlacement {
  /// Elements of all tensors, without the gaps between them.
  var elementCount: Int { tensors.reduce(0) { $0 + $1.range.count } }
}
