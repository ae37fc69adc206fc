/// What is known of Fashion-MNIST: its classes and its names on disk.
///
/// Source: Xiao, Rasul and Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms", 2017.
public enum FashionMNIST {
  /// The ten classes, in the order of their labels.
  public static let classNames = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]

  /// The shape of its images.
  static let shape = ImageShape(height: 28, width: 28, channels: 1)

  /// Where Debian's package `dataset-fashion-mnist` puts the files.
  public static let systemFolder = "/usr/share/datasets/fashion-mnist"
}
