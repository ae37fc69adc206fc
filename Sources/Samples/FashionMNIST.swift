/// Constants of Fashion-MNIST: its classes, and the shape and the statistics of its images.
///
/// Source: Xiao, Rasul and Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms", 2017.
public enum FashionMNIST {
  /// The ten classes, in the order of their labels.
  public static let classNames = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]
}

extension Shape {
  /// The shape of Fashion-MNIST's images, 28×28×1.
  public static let fashionMNIST = Shape.image(height: 28, width: 28, channels: 1)
}

extension Normalization {
  /// The mean and standard deviation of Fashion-MNIST's training images, to five digits.
  public static let fashionMNIST = Normalization(mean: [0.28604], deviation: [0.35302])
}
