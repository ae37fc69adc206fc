internal import Samples

extension FashionMNIST {
  /// The first labels of both parts. They identify the data set, because others have files of the same names and sizes.
  /// A few first images are enough.
  private static let firstLabels: [[UInt8]] = [
    [9, 0, 0, 3, 0, 2, 7, 2, 5, 5, 0, 9, 5, 5, 7, 9, 1, 0, 6, 4, 3, 1, 4, 8, 4, 3, 0, 2, 4, 4, 5, 3],
    [9, 2, 1, 1, 6, 1, 4, 6, 5, 7, 4, 5, 7, 3, 4, 1, 2, 4, 8, 0, 2, 5, 7, 9, 1, 4, 6, 0, 9, 3, 8, 8],
  ]

  /// Whether labels are those of one of its parts, or the beginning of them.
  static func isLabels(_ labels: IDXArray?) -> Bool {
    guard let labels, labels.elementType == .unsignedByte, labels.dimensions.count == 1 else { return false }
    return firstLabels.contains { labels.bytes.starts(with: $0) }
  }
}
