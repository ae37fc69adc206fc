public import Samples

/// How some samples' logits depend on their inputs and on the output of an inner layer.
public struct LogitGradients: Sendable {
  /// The layer's name.
  public let layer: String
  /// The shape of the layer's output, per sample.
  public let layerShape: Shape
  /// The shape of a sample.
  public let inputShape: Shape
  /// The logits that were differentiated, one per sample, not divided by the network's temperature.
  public let logits: [Float]
  /// The layer's output, `[count][layerShape]`.
  public let activations: [Float]
  /// ∂ logit / ∂ output of the layer, `[count][layerShape]`.
  public let layerGradients: [Float]
  /// ∂ logit / ∂ input, `[count][inputShape]`; inputs are normalized pixels.
  public let inputGradients: [Float]

  /// The number of samples.
  public var count: Int { logits.count }

  /// Collects what a probe found.
  package init(
    layer: String, layerShape: Shape, inputShape: Shape, logits: [Float], activations: [Float],
    layerGradients: [Float], inputGradients: [Float]
  ) {
    self.layer = layer
    self.layerShape = layerShape
    self.inputShape = inputShape
    self.logits = logits
    self.activations = activations
    self.layerGradients = layerGradients
    self.inputGradients = inputGradients
  }
}

/// Computes the gradient of one logit of each sample by the sample's input and by the output of one layer.
///
/// The network computes as in inference: norms use their running statistics, and dropout does nothing. Every layer runs by itself, and the backward pass is
/// the one that training uses. Samples are computed one at a time, so that nothing depends on other samples or on the number of threads. The network is
/// not changed. A probe computes one call at a time.
public final class GradientProbe {
  /// The network.
  public let network: Network
  /// The name of the layer whose output is differentiated by.
  public let layer: String
  /// The shape of the layer's output, per sample.
  public let layerShape: Shape
  private let team: WorkerTeam
  private let job: GradientJob

  /// A probe of one layer of a network.
  ///
  /// - Parameters:
  ///   - layer: A name of the model's summary, such as `conv3` or `residual1.body.conv1`; nil for the model's first layer.
  /// - Throws: `ModelError.invalid` if the model has no such layer.
  public init(_ network: Network, layer: String? = nil, team: WorkerTeam) throws(ModelError) {
    let model = network.model
    let chain = LayerChain(model.layers)
    var builder = GraphBuilder(options: network.options)
    let input = builder.makeValue(model.inputShape, dependsOnParameters: true)
    let output = try chain.lower(input, prefix: "", into: &builder)
    let name = layer ?? chain.names(within: "").first ?? ""
    guard let value = builder.layerOutputs[name] else {
      throw .invalid("the model \"\(model.name)\" has no layer \"\(name)\"")
    }
    self.network = network
    self.team = team
    self.layer = name
    layerShape = value.shape
    job = GradientJob(
      network, graph: builder.finish(input: input, output: output), layer: value, workers: team.count)
  }

  /// The gradients for all samples of `provider`, in the order of their numbers; epoch 0.
  ///
  /// - Parameter classes: The number of the logit to differentiate, for each sample.
  /// - Precondition: The samples have the model's input shape, and there is one existing class for each.
  public func gradients(of provider: any SampleProvider, classes: [Int]) -> LogitGradients {
    job.start(provider, classes: classes)
    team.run(job)
    return job.finish(layer: layer)
  }
}
