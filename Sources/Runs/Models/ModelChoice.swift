package import Datasets
package import JacquardEngine
package import Support

/// The model of a training run, before its data is known.
package enum ModelChoice {
  /// A named model, which adapts to the data.
  case named(String)
  /// A model from a file or an earlier state, which the data must fit.
  case fixed(Model)

  /// Reads the setting.
  ///
  /// - Throws: what `ModelReference.model` throws.
  package init(_ text: String) throws(Failure) {
    let model = try ModelReference.model(text)
    self = Model.names.contains(text) ? .named(text) : .fixed(model)
  }

  /// The classes that the data must have; nil if any are allowed.
  package var classNames: [String]? {
    switch self {
    case .named: nil
    case .fixed(let model): model.classNames
    }
  }

  /// The model for a set of images.
  ///
  /// Images with Fashion-MNIST's size and classes get its preprocessing, whatever their content, so that the default is a well-known one.
  /// For others, mean and deviation are measured, by channel, on the training images.
  ///
  /// - Parameters:
  ///   - indices: The training images.
  ///   - path: The data's path, for messages.
  /// - Throws: a `Failure` of the kind `badData` if a named model's layers cannot take such images.
  package func model(for set: ImageSet, indices: [Int32], path: String) throws -> Model {
    guard case .named(let name) = self else { return try fixedModel }
    let shape = set.shape
    let model = try Model.named(
      name, inputShape: shape, classNames: set.classNames,
      preprocessing: Normalization(suiting: set, indices: indices))
    do throws(ModelError) {
      try model.validate()
    } catch {
      throw Self.refusal(of: model, because: error, path: path)
    }
    return model
  }

  private var fixedModel: Model {
    get throws {
      switch self {
      case .fixed(let model): model
      case .named(let name): try Model.named(name)
      }
    }
  }

  /// Says which layer cannot take the images, and what size they need.
  private static func refusal(of model: Model, because error: ModelError, path: String) -> Failure {
    let shape = model.inputShape
    let smallest = (1...64).first { side in
      var larger = model
      larger.inputShape = .image(
        height: max(side, shape.height), width: max(side, shape.width), channels: shape.channels)
      return (try? larger.validate()) != nil
    }
    let hint: MessageText =
      shape.channels > 4 && shape.height <= 4
      ? "if the channels come first, save the array again with x.transpose(0, 2, 3, 1)"
      : "resize the pictures with \(.imageSize), or choose another \(.model)"
    let need = smallest.map { " \"\(model.name)\" needs at least \($0)×\($0) pixels;" } ?? ""
    return Failure(
      .badData, "\(path): images of \(shape) are too small for the model \"\(model.name)\": \(error);\(need) \(hint).")
  }
}
