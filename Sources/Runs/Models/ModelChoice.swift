package import Datasets
package import JacquardEngine
package import Support

/// The model of a training run, before its data is known.
package enum ModelChoice {
  /// A named model, which adapts to the data.
  case named(String)
  /// A model from a file or an earlier state, which the data must fit.
  case fixed(Model)
  /// The network of a checkpoint, with a new head for the data's classes.
  case transferred(TransferSource)

  /// The model of a training's settings.
  ///
  /// - Throws: what `TransferSource` and `ModelReference.model` throw, and a `Failure` for a name with a shape.
  package init(_ settings: TrainSettings) throws(Failure) {
    if let source = settings.source {
      self = .transferred(try TransferSource(source, model: settings.statedModel))
    } else {
      try self.init(settings.model)
    }
  }

  /// Reads the setting.
  ///
  /// - Throws: what `ModelReference.model` throws, and a `Failure` for a name with a shape.
  package init(_ text: String) throws(Failure) {
    guard case .named(let named) = try ModelReference(text) else {
      self = .fixed(try ModelReference.model(text))
      return
    }
    guard named.inputShape == nil else {
      throw Failure(
        .usage, "\(.model) \(text): the data says what images and classes there are; give '\(named.name)' alone.")
    }
    self = .named(named.name)
  }

  /// The model's name.
  package var name: String {
    switch self {
    case .named(let name): name
    case .fixed(let model): model.name
    case .transferred(let source): source.model.name
    }
  }

  /// The classes that the data must have; nil if any are allowed.
  package var classNames: [String]? {
    switch self {
    case .named, .transferred: nil
    case .fixed(let model): model.classNames
    }
  }

  /// The checkpoint whose network the training continues; nil for a new network.
  package var source: TransferSource? { if case .transferred(let source) = self { source } else { nil } }

  /// The model for a set of images.
  ///
  /// Images with Fashion-MNIST's size and classes get its preprocessing, whatever their content, so that the default is a well-known one.
  /// For others, mean and deviation are measured, by channel, on the training images.
  ///
  /// - Parameters:
  ///   - indices: The training images.
  ///   - path: The data's path, for messages.
  ///   - isResizable: Whether the images are pictures, which are resized on request; arrays are not.
  /// - Throws: a `Failure` of the kind `badData` if a named model's layers cannot take such images.
  package func model(for set: ImageSet, indices: [Int32], path: String, isResizable: Bool) throws -> Model {
    let name: String
    switch self {
    case .fixed(let model): return model
    case .transferred(let source):
      return try source.model(for: set, indices: indices, data: path, isResizable: isResizable)
    case .named(let text): name = text
    }
    let preprocessing = Normalization(suiting: set, indices: indices)
    do throws(ModelError) {
      let model = try Model.named(
        name, inputShape: set.shape, classNames: set.classNames, preprocessing: preprocessing)
      try model.validate()
      return model
    } catch {
      throw Self.refusal(of: name, for: set.shape, because: error, path: path, isResizable: isResizable)
    }
  }

  /// Says which layer cannot take the images, and what size they need.
  private static func refusal(
    of name: String, for shape: Shape, because error: ModelError, path: String, isResizable: Bool
  ) -> Failure {
    let smallest = (1...64).first { side in
      let larger = Shape.image(
        height: max(side, shape.height), width: max(side, shape.width), channels: shape.channels)
      return (try? Model.named(name, inputShape: larger).validate()) != nil
    }
    let hint: MessageText =
      shape.channels > 4 && shape.height <= 4
      ? "if the channels come first, save the array again with x.transpose(0, 2, 3, 1)"
      : isResizable
        ? "resize the pictures with \(.imageSize), or choose another \(.model)"
        : "choose another \(.model), or save larger images"
    let need = smallest.map { " \"\(name)\" needs at least \($0)×\($0) pixels;" } ?? ""
    return Failure(
      .badData, "\(path): images of \(shape) are too small for the model \"\(name)\": \(error);\(need) \(hint).")
  }
}
