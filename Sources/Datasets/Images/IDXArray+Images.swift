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

  /// The labels in the array: whole numbers of any type [N], or the first of the columns [N, 8] in which QMNIST
  /// describes each image.
  ///
  /// - Throws: `DatasetError` for images, for another rank, and for floating-point numbers.
  func labelValues() throws(DatasetError) -> [Int] {
    let columns: Int
    switch (dimensions.count, elementType) {
    case (1, _): columns = 1
    case (2, .int) where dimensions[1] == 8: columns = 8
    case (3, _), (4, _): throw refusal(.imagesWhereLabelsBelong(rank: dimensions.count), at: 3)
    default: throw refusal(.labelRank(found: dimensions.count), at: 3)
    }
    let size = elementType.byteCount
    func number(_ index: Int) -> UInt32 {
      let element = bytes.part(index * columns * size..<index * columns * size + size)
      var number: UInt32 = 0
      for place in element.indices { number = number << 8 | UInt32(element[place]) }
      return number
    }
    let count = dimensions[0]
    switch elementType {
    case .unsignedByte: return bytes.map { Int($0) }
    case .signedByte: return bytes.map { Int(Int8(bitPattern: $0)) }
    case .short: return (0..<count).map { Int(Int16(truncatingIfNeeded: number($0))) }
    case .int: return (0..<count).map { Int(Int32(bitPattern: number($0))) }
    case .float, .double: throw refusal(.notBytes(found: elementType), at: 2)
    }
  }

  /// The error for a label that names no class.
  func labelRefusal(index: Int, value: Int, classCount: Int) -> DatasetError {
    let columns = dimensions.count == 2 ? dimensions[1] : 1
    return DatasetError(
      path: path, code: .labelOutOfRange(index: index, label: value, classCount: classCount),
      position: position(ofElement: index * columns))
  }

  /// Checks that the array is a list of labels, each below `classCount`.
  ///
  /// - Throws: `DatasetError` for images, for another rank or element type, and for the first label that is out of range.
  public func checkLabels(classCount: Int) throws(DatasetError) {
    let labels = try labelValues()
    guard let index = labels.firstIndex(where: { $0 < 0 || $0 >= classCount }) else { return }
    throw labelRefusal(index: index, value: labels[index], classCount: classCount)
  }

  private func checkBytes() throws(DatasetError) {
    guard elementType == .unsignedByte else { throw refusal(.notBytes(found: elementType), at: 2) }
  }

  private func refusal(_ code: DatasetError.Code, at offset: Int) -> DatasetError {
    DatasetError(path: path, code: code, position: position(offset))
  }
}
