public import Samples

extension FashionMNIST {
  /// Where Debian's package `dataset-fashion-mnist` puts the files.
  public static let systemFolder = DataSource.systemFolder + "/fashion-mnist"
}
