package import Datasets
package import JacquardEngine
internal import Runs
package import Support

/// What a class's logit depends on in one image.
package struct Explanation: Sendable {
  /// The class that is explained.
  package let classIndex: Int
  /// Its probability, 0…1.
  package let probability: Double
  /// The predicted class.
  package let answer: Int
  /// The map, at the method's own resolution.
  package let map: SaliencyMap
}

/// Explains a network's answers, one map per image and class.
package struct Explainer {
  /// The network.
  package let network: Network
  /// The method.
  package let method: ExplanationMethod
  /// The layer whose activations make the maps; nil for methods that take no layer.
  package let layer: String?
  /// The squares of the method `occlusion`; nil for the others.
  package let occlusion: Occlusion?
  private let predictor: Predictor
  private let probe: GradientProbe?

  /// Makes an explainer.
  ///
  /// - Parameters:
  ///   - layer: The layer for `gradcam`; nil for the last that has spatial extent.
  ///   - occlusion: The squares for `occlusion`; nil for those of a seventh of the image.
  /// - Throws: a `Failure` if the model takes no images, or has no such layer.
  package init(
    _ network: Network, method: ExplanationMethod, layer: String? = nil, occlusion: Occlusion? = nil, team: WorkerTeam,
    imagesPerWorker: Int
  ) throws(Failure) {
    let model = network.model
    guard model.inputShape.isImage else {
      throw Failure(
        .usage, "the model \"\(model.name)\" takes vectors of \(model.inputShape), so there is no map of a picture.")
    }
    self.network = network
    self.method = method
    predictor = Predictor(network, team: team, chunk: imagesPerWorker)
    do throws(ModelError) {
      let chosen = method == .gradcam ? try Self.spatialLayer(layer, of: model) : nil
      self.layer = chosen
      probe = method == .occlusion ? nil : try GradientProbe(network, layer: chosen, team: team)
    } catch {
      throw Failure(error)
    }
    self.occlusion = method == .occlusion ? occlusion ?? Occlusion(for: model.inputShape) : nil
  }

  /// The layer with a name, or the last one, whose output is an image of more than one pixel.
  private static func spatialLayer(_ name: String?, of model: Model) throws(ModelError) -> String {
    guard let name else {
      guard let last = try model.lastSpatialLayer() else {
        throw .invalid(
          "no layer of the model \"\(model.name)\" gives an image of more than one pixel, which the method gradcam needs; choose the method occlusion or gradient"
        )
      }
      return last
    }
    let layers = try model.layerShapes()
    guard let found = layers.first(where: { $0.name == name }) else {
      let names = layers.map(\.name)
      throw .invalid(
        "the model \"\(model.name)\" has no layer \"\(name)\""
          + (Suggestion.closest(to: name, among: names).map { "; did you mean \"\($0)\"?" }
            ?? "; its layers are \(names.prefix(40).joined(separator: ", "))\(names.count > 40 ? " and \(names.count - 40) more" : "")")
      )
    }
    guard found.shape.isImage, found.shape.pixels > 1 else {
      let last = try model.lastSpatialLayer()
      throw .invalid(
        "the layer \"\(name)\" of the model \"\(model.name)\" gives \(found.shape), which has no places to show"
          + (last.map { "; the last layer that has is \"\($0)\"" } ?? ""))
    }
    return name
  }

  /// The explanations of images, in their order.
  ///
  /// - Parameter classes: The class to explain, for each image; nil for the predicted one.
  /// - Throws: a `Failure` if an answer is not finite.
  package func explanations(of source: SampleSource, classes: [Int?]) throws(Failure) -> [Explanation] {
    // This prediction cannot be stopped, so it always has a result.
    let predictions = predictor.logits(of: source) ?? Predictions(logits: [], labels: [])
    guard predictions.logits.allSatisfy(\.isFinite) else {
      throw Failure(.badData, "an answer is not finite; the model's weights are broken.")
    }
    let count = network.model.classNames.count
    let answers = predictions.answers(classes: count)
    let chosen = zip(classes, answers).map { $0 ?? $1.answer }
    let maps = maps(of: source, classes: chosen)
    return answers.indices.map { place in
      let row = predictions.logits.span.extracting(place * count..<(place + 1) * count)
      var shares = [Float](repeating: 0, count: count)
      var target = shares.mutableSpan
      SoftmaxCrossEntropy.softmax(row, into: &target)
      return Explanation(
        classIndex: chosen[place], probability: Double(shares[chosen[place]]), answer: answers[place].answer,
        map: maps[place])
    }
  }

  private func maps(of source: SampleSource, classes: [Int]) -> [SaliencyMap] {
    if let occlusion {
      return classes.enumerated().map { occlusion.map(of: $0, in: source, class: $1, with: predictor) }
    }
    guard let gradients = probe?.gradients(of: source, classes: classes) else { return [] }
    return classes.indices.map { method == .gradcam ? gradients.gradCAM($0) : gradients.inputMap($0) }
  }
}
