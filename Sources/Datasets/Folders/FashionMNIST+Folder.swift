public import Samples

extension FashionMNIST {
  /// The folder of Debian's package `dataset-fashion-mnist`.
  public static let systemFolder = DataSource.systemFolder + "/fashion-mnist"
}
