package import Datasets
internal import JacquardEngine
package import Support

extension Model {
  /// Whether the model takes images as Fashion-MNIST's are and tells its classes apart.
  package var isForFashionMNIST: Bool { inputShape == .fashionMNIST && classNames == FashionMNIST.classNames }

  /// The model's preprocessing, which a data set can apply.
  ///
  /// - Throws: a `Failure` for a scale that is not positive, which would divide by zero or turn the deviation around.
  package func normalization() throws(Failure) -> Normalization {
    guard preprocessing.scale > 0 else {
      throw Failure(
        .badConfiguration,
        "model \"\(name)\": preprocessing.scale must be above 0, not \(preprocessing.scale); the usual one is 1/255.")
    }
    return preprocessing
  }

  /// Refuses images of another shape than the model takes.
  ///
  /// - Parameter source: Where the images are from, for the message.
  package func check(_ shape: Shape, of source: String) throws(Failure) {
    guard shape == inputShape else {
      throw Failure(
        .badData,
        "\(source): images are \(shape), but the model \"\(name)\" takes \(inputShape); use data or a model that fits."
      )
    }
  }
}
