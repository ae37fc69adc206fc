import Foundation
import Interchange
import JacquardEngine
import NumPy

/// An imported graph that can be run: its layers, for outputs that are images as well as classes.
struct GraphRun {
  private let graph: ONNXNetworkGraph

  init(_ graph: ONNXNetworkGraph) { self.graph = graph }

  /// The output of the layers, in the order of files.
  private func results(_ input: [Float], count: Int) throws -> [Float] {
    guard !graph.layers.isEmpty else { return Self.channelsFirst(input, graph.inputShape, count: count) }
    let probe = try LayerProbe(graph.layers, input: graph.inputShape, images: count)
    let tensors = Dictionary(uniqueKeysWithValues: graph.tensors.map { ($0.name, $0) })
    for tensor in probe.tensors {
      let order = tensor.specification.order
      guard let found = tensors[tensor.name], found.shape == order.fileShape else {
        throw Program.Failure(description: "\(tensor.name) is missing, or has another shape than \(order.fileShape)")
      }
      var values = found.values
      for (place, value) in zip(order.indicesInFileOrder, found.values) { values[place] = value }
      probe[tensor] = values
    }
    return Self.channelsFirst(probe.forward(input, isTraining: false), probe.outputShape, count: count)
  }

  /// The expected output of the graph for its input `[batch, …]`, element by element.
  func outputs(for input: NumPyArray) throws -> [Float] {
    let shape = graph.inputShape
    let count = input.shape[0]
    var values = Self.channelsLast(input.floats, shape, graph.layout, count: count)
    if let preprocessing = graph.preprocessing {
      let channels = shape.channels
      let means = preprocessing.means(channels: channels)
      let deviations = preprocessing.deviations(channels: channels)
      for index in values.indices {
        values[index] =
          (values[index] * Float(preprocessing.scale) - means[index % channels]) / deviations[index % channels]
      }
    }
    let logits = try results(values, count: count)
    guard graph.outcome != .logits else { return logits }
    if graph.outcome == .sigmoid { return logits.map { 1 / (1 + exp(-$0)) } }
    let classes = graph.outputShape.count
    return (0..<count).flatMap { image -> [Float] in
      let row = logits[image * classes..<(image + 1) * classes].map { Double($0) }
      let largest = row.max() ?? 0
      let sum = row.reduce(0) { $0 + exp($1 - largest) }
      return row.map {
        Float(graph.outcome == .probabilities ? exp($0 - largest) / sum : $0 - largest - log(sum))
      }
    }
  }

  /// Converts images from the graph's layout to ours.
  private static func channelsLast(
    _ values: [Float], _ shape: Shape, _ layout: ONNXLayout, count: Int
  ) -> [Float] {
    guard layout == .channelsFirst else { return values }
    let (pixels, channels) = (shape.pixels, shape.channels)
    return (0..<count).flatMap { image in
      (0..<pixels).flatMap { pixel in
        (0..<channels).map { values[(image * channels + $0) * pixels + pixel] }
      }
    }
  }

  /// Converts activations from our layout to that of files, including vectors that were images.
  private static func channelsFirst(_ values: [Float], _ shape: Shape, count: Int) -> [Float] {
    guard let sizes = shape.isImage ? shape.dimensions : shape.flattenedFrom else { return values }
    let image = Shape.image(height: sizes[0], width: sizes[1], channels: sizes[2])
    return RandomImages.channelsFirst(values, shape: image, count: count).values
  }
}
