internal import Datasets
internal import Jacquard

extension Shape {
  /// The engine's shape of a data set's images.
  init(_ shape: ImageShape) {
    self = .image(height: shape.height, width: shape.width, channels: shape.channels)
  }
}

extension ImageShape {
  /// The shape of a data set's images that a model's input has; one row and column for a vector.
  init(_ shape: Shape) {
    self.init(height: shape.height, width: shape.width, channels: shape.channels)
  }
}

extension Model {
  /// Whether the model takes images as Fashion-MNIST's are and tells its classes apart.
  var isForFashionMNIST: Bool { inputShape == .fashionMNIST && classNames == Model.fashionMNISTClasses }

  /// The model's preprocessing as the data set applies it, to pixels divided by 255.
  ///
  /// - Throws: a `CommandFailure` for a scale that is not positive, which would divide by zero or turn the deviation around.
  func normalization() throws(CommandFailure) -> Normalization {
    guard let (mean, deviation) = preprocessing.ofUnitPixels(channels: inputShape.channels) else {
      throw CommandFailure(
        .badConfiguration,
        "model \"\(name)\": preprocessing.scale must be above 0, not \(preprocessing.scale); the usual one is 1/255.")
    }
    return Normalization(mean: mean, deviation: deviation)
  }

  /// Refuses images of another shape than the model takes.
  ///
  /// - Parameter source: Where the images are from, for the message.
  func check(_ shape: ImageShape, of source: String) throws(CommandFailure) {
    guard Shape(shape) == inputShape else {
      throw CommandFailure(
        .badData,
        "\(source): images are \(Shape(shape)), but the model \"\(name)\" takes \(inputShape); use data or a model that fits."
      )
    }
  }
}
