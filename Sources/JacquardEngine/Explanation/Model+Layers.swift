public import Samples

extension Model {
  /// The name and output shape of every layer, also of those inside others, in execution order.
  ///
  /// - Throws: what `validate` throws.
  public func layerShapes() throws(ModelError) -> [(name: String, shape: Shape)] {
    try summary().rows.map { ($0.name, $0.outputShape) }
  }

  /// The name of the last layer whose output is an image of more than one pixel; nil if no layer has one. Layers inside others do not count.
  ///
  /// - Throws: what `validate` throws.
  public func lastSpatialLayer() throws(ModelError) -> String? {
    let own = Set(LayerChain(layers).names(within: ""))
    return try layerShapes().last { own.contains($0.name) && $0.shape.isImage && $0.shape.pixels > 1 }?.name
  }
}

extension Model {
  /// The memory in bytes that a `GradientProbe` needs on a number of workers: values derived from the weights, and for each worker the activations and
  /// gradients of one sample and gradients of all parameters. Nil if it overflows an `Int`.
  package func gradientByteCount(workers: Int) throws(ModelError) -> Int? {
    let graph = try compile(options: ComputeOptions())
    let plan = MemoryPlan(graph, isTraining: true)
    let floats = plan.floatsPerImage + graph.parameters.count + graph.scratchCount
    let (bytes, isOverflow) = (floats * MemoryLayout<Float>.stride + plan.savedBytesPerImage)
      .multipliedReportingOverflow(by: workers)
    return isOverflow ? nil : bytes + graph.preparedCount * MemoryLayout<Float>.stride
  }
}
