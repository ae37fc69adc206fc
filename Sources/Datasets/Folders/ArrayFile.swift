internal import NumPy
internal import Samples

/// An array and its origin.
struct ArrayFile {
  /// The file, with the array's name if the file contains several.
  let path: String
  let array: NumPyArray

  /// The limit of a file's size, packed and unpacked.
  static let largestByteCount = 1 << 36

  /// Reads an `.npy` file.
  static func array(_ path: String) throws(DatasetError) -> ArrayFile {
    let bytes = try InputFile(path: path).allBytes(atMost: largestByteCount)
    do throws(NumPyError) {
      return ArrayFile(path: path, array: try NumPyArray(file: bytes, path: path))
    } catch {
      throw DatasetError(path: path, code: .array(.unreadable("\(error)")))
    }
  }

  /// The shape of one image, when the array is a stack of images: `uint8` `[N, H, W]` or `[N, H, W, C]`.
  ///
  /// - Throws: `DatasetError` for another type, another rank, and an empty dimension.
  func imageShape() throws(DatasetError) -> Shape {
    let shape = array.shape
    guard shape.count == 3 || shape.count == 4 else { throw refusal(.imageRank(shape: shape)) }
    guard array.elementType == .uint8 else { throw refusal(.notBytes(type: "\(array.elementType)")) }
    guard !shape.contains(0) else { throw refusal(.empty(shape: shape)) }
    return Shape.image(height: shape[1], width: shape[2], channels: shape.count == 4 ? shape[3] : 1)
  }

  /// An error of this array.
  func refusal(_ problem: ArrayProblem) -> DatasetError { DatasetError(path: path, code: .array(problem)) }
}

/// Labels from an array: whole numbers of any type, `[N]` or `[N, 1]`.
struct ArrayLabels {
  private let file: ArrayFile
  let values: [Int]

  /// Checks an array of labels.
  ///
  /// - Throws: `DatasetError` for another type, another rank, no labels, and a label out of range.
  init(_ file: ArrayFile) throws(DatasetError) {
    let shape = file.array.shape
    guard shape.count == 1 || (shape.count == 2 && shape[1] == 1) else {
      throw file.refusal(.labelRank(shape: shape))
    }
    guard file.array.elementType != .bool, !file.array.elementType.isFloatingPoint else {
      throw file.refusal(.labelsNotWhole(type: "\(file.array.elementType)"))
    }
    guard !shape.contains(0) else { throw file.refusal(.empty(shape: shape)) }
    // Nil only for numbers of 2⁶³ and more.
    guard let values = file.array.integers else { throw file.refusal(.labelTooLarge) }
    if let index = values.firstIndex(where: { $0 < 0 || $0 >= ClassNames.largestCount }) {
      throw file.refusal(.label(index: index, value: values[index], classCount: ClassNames.largestCount))
    }
    self.file = file
    self.values = values
  }

  /// The largest label.
  var largest: Int { values.max() ?? 0 }

  /// The error for a label that names no class.
  func refusal(index: Int, value: Int, classCount: Int) -> DatasetError {
    file.refusal(.label(index: index, value: value, classCount: classCount))
  }

  /// The set of these labels, whose classes are known, and their images.
  func set(of images: ArrayFile, _ placed: PlacedLabels) throws(DatasetError) -> ImageSet {
    let shape = try images.imageShape()
    guard images.array.shape[0] == values.count else {
      throw file.refusal(
        .countsDiffer(images: images.array.shape[0], labels: values.count, imagesPath: images.path))
    }
    return ImageSet(
      shape: shape, classNames: placed.classNames, images: images.array.bytes, labels: placed.labels)
  }
}
