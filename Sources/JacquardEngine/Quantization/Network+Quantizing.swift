public import Samples
internal import Support

extension Network {
  /// The share of an activation's numbers that its range holds by default, in percent.
  public static let defaultPercentile = 99.99

  /// The network in bytes: post-training, static quantization.
  ///
  /// Batch norms become parts of the convolutions before them. Weights of convolutions and dense layers are rounded to signed bytes with one scale for
  /// each output channel; every activation becomes an unsigned byte, in the range that it has on the samples. Predictors of the result compute with
  /// bytes; its parameters are the numbers that the bytes stand for. Source: Jacob et al., 2018, and Krishnamoorthi, 2018.
  ///
  /// - Parameters:
  ///   - provider: Samples that are typical of those to come, such as a thousand of the training set.
  ///   - percentile: The share of an activation's numbers that its range must hold, above 50 and at most 100 percent; numbers beyond the range
  ///     count as its end.
  /// - Throws: a `ModelError` if the network is quantized, has neither convolutions nor dense layers, or gives numbers that are not finite.
  public func quantized(
    on provider: any SampleProvider, team: WorkerTeam, percentile: Double = Network.defaultPercentile
  ) throws(ModelError) -> Network {
    require(
      provider.shape == graph.input.shape,
      "Network: the model takes \(graph.input.shape), the samples are \(provider.shape)")
    require(
      percentile > 50 && percentile <= 100,
      "Network: the percentile must be above 50 and at most 100, found \(percentile)")
    require(provider.count > 0, "Network: quantizing needs samples")
    guard quantization == nil else { throw .invalid("the network \"\(model.name)\" is quantized already") }
    let network = try withFoldedNorms()
    let plan = QuantizationPlan(network.graph)
    guard plan.steps.contains(where: { $0.kind.isProduct }) else {
      throw .invalid("the model \"\(model.name)\" has no convolution or dense layer to quantize")
    }
    let (input, activations) = try Calibration(network, on: provider, percentile: percentile, team: team).ranges()
    let draft = Quantization(input: input, activations: activations, weights: [:])
    let ranges = plan.ranges(draft)
    var weights: [String: [Float]] = [:]
    let numbers = network.parameters
    for step in plan.steps where step.kind.isProduct {
      guard let range = ranges[step.inputs[0]] else { continue }
      let tensor = network.graph.weightTensor(of: step.node)
      let bias = network.bias(of: step)
      weights[tensor.name] = QuantizedWeights.scales(
        numbers.read(tensor.range), bias: bias, channels: step.channels, input: range)
    }
    network.quantize(Quantization(input: input, activations: activations, weights: weights))
    return network
  }

  /// Rounds the weights to whole multiples of the quantization's scales, and lets predictors compute with bytes.
  ///
  /// - Precondition: The quantization fits the network.
  package func quantize(_ quantization: Quantization) {
    let problem = problem(of: quantization)
    require(problem == nil, "Network: \(problem ?? "")")
    let storage = parameters
    for step in QuantizationPlan(graph).steps where step.kind.isProduct {
      let rounded = quantizedWeights(of: step, quantization)
      let range = graph.weightTensor(of: step.node).range
      for (place, number) in zip(range, rounded.numbers) { storage[place] = number }
    }
    setQuantization(quantization)
  }

  /// Lets predictors compute in floating point.
  package func removeQuantization() {
    if quantization != nil { setQuantization(nil) }
  }

  /// The names of the activations that a quantization has ranges for, in the order of their computation.
  package var rangeNames: [String] { quantizationPlan.rangeNames }

  /// What computes in bytes once the network is quantized.
  package var quantizationPlan: QuantizationPlan { QuantizationPlan(graph) }
}
