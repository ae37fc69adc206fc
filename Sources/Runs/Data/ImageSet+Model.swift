package import Datasets
internal import JacquardEngine
package import Support

extension Model {
  /// Whether the model takes images of Fashion-MNIST's shape and has its classes.
  package var isForFashionMNIST: Bool { inputShape == .fashionMNIST && classNames == FashionMNIST.classNames }

  /// The model's preprocessing, in a form that a data set can apply.
  ///
  /// - Throws: a `Failure` for a scale that is not positive, which would divide by zero or negate the deviation.
  package func normalization() throws(Failure) -> Normalization {
    guard preprocessing.scale > 0 else {
      throw Failure(
        .badConfiguration,
        "model \"\(name)\": preprocessing.scale must be above 0, not \(preprocessing.scale); the usual scale is 1/255.")
    }
    return preprocessing
  }

  /// Rejects images whose shape the model does not take.
  ///
  /// - Parameter source: The images' origin, for the message.
  package func check(_ shape: Shape, of source: String) throws(Failure) {
    guard shape == inputShape else {
      throw Failure(
        .badData,
        "\(source): images are \(shape), but the model \"\(name)\" takes \(inputShape); use other data or another model."
      )
    }
  }
}
