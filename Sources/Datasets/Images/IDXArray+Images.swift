public import Samples

extension IDXArray {
  /// The shape of one image, when the array is a stack of images: unsigned bytes [N, H, W] or [N, H, W, C].
  ///
  /// - Throws: `DatasetError` for labels, for another rank, and for another element type.
  public func imageShape() throws(DatasetError) -> Shape {
    switch dimensions.count {
    case 1: throw refusal(.labelsWhereImagesBelong, at: 3)
    case 3, 4: break
    case let rank: throw refusal(.imageRank(found: rank), at: 3)
    }
    try checkBytes()
    return Shape.image(
      height: dimensions[1], width: dimensions[2], channels: dimensions.count == 4 ? dimensions[3] : 1)
  }

  /// Checks that the array is a list of labels: unsigned bytes [N], each below `classCount`.
  ///
  /// - Throws: `DatasetError` for images, for another rank or element type, and for the first label that is out of range.
  public func checkLabels(classCount: Int) throws(DatasetError) {
    switch dimensions.count {
    case 1: break
    case 3, 4: throw refusal(.imagesWhereLabelsBelong(rank: dimensions.count), at: 3)
    case let rank: throw refusal(.labelRank(found: rank), at: 3)
    }
    try checkBytes()
    guard let index = bytes.firstIndex(where: { Int($0) >= classCount }) else { return }
    throw DatasetError(
      path: path, code: .labelOutOfRange(index: index, label: bytes[index], classCount: classCount),
      position: position(ofElement: index))
  }

  private func checkBytes() throws(DatasetError) {
    guard elementType == .unsignedByte else { throw refusal(.notBytes(found: elementType), at: 2) }
  }

  private func refusal(_ code: DatasetError.Code, at offset: Int) -> DatasetError {
    DatasetError(path: path, code: code, position: position(offset))
  }
}
