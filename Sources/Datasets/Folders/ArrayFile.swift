internal import Files
internal import NumPy
internal import Samples

/// An array and its origin.
struct ArrayFile {
  /// The file, with the array's name if the file contains several.
  let path: String
  /// The type of the elements.
  let elementType: NumPyElementType
  /// The dimensions, outermost first.
  let shape: [Int]
  /// The elements, row-major and little-endian.
  let bytes: StoredBytes

  /// The limit of a file's size, packed and unpacked.
  static let largestByteCount = 1 << 36

  /// Names an array whose elements may be those of a mapped file.
  init(path: String, elementType: NumPyElementType, shape: [Int], bytes: StoredBytes) {
    self.path = path
    self.elementType = elementType
    self.shape = shape
    self.bytes = bytes
  }

  /// Names an array in memory.
  init(path: String, array: NumPyArray) {
    self.init(
      path: path, elementType: array.elementType, shape: array.shape, bytes: StoredBytes(array.bytes))
  }

  /// Reads an `.npy` file, or maps a large one whose elements are stored plainly.
  init(contentsOf path: String) throws(DatasetError) {
    let file = try InputFile(path: path)
    if file.isWorthMapping {
      let beginning = try file.bytes(at: 0, count: NumPyLayout.beginningByteCount)
      let layout = try Self.reading(path) { () throws(NumPyError) in
        try NumPyLayout(beginning: beginning, byteCount: file.byteCount, path: path)
      }
      if layout.isPlain, let mapped = file.mapped(layout.data) {
        self.init(path: path, elementType: layout.elementType, shape: layout.shape, bytes: mapped)
        return
      }
    }
    let content = try file.allBytes(atMost: Self.largestByteCount)
    let array = try Self.reading(path) { () throws(NumPyError) in try NumPyArray(file: content, path: path) }
    self.init(path: path, array: array)
  }

  private static func reading<Value>(
    _ path: String, _ body: () throws(NumPyError) -> Value
  ) throws(DatasetError) -> Value {
    do throws(NumPyError) {
      return try body()
    } catch {
      throw DatasetError(path: path, code: .array(.unreadable("\(error)")))
    }
  }

  /// The elements as integers; nil if the type is floating point or an element is 2⁶³ or more.
  var integers: [Int]? {
    NumPyArray(elementType: elementType, shape: shape, bytes: Array(bytes.copy(0..<bytes.count))).integers
  }

  /// The shape of one image, when the array is a stack of images: `uint8` `[N, H, W]` or `[N, H, W, C]`.
  ///
  /// - Throws: `DatasetError` for another type, another rank, and an empty dimension.
  func imageShape() throws(DatasetError) -> Shape {
    guard shape.count == 3 || shape.count == 4 else { throw refusal(.imageRank(shape: shape)) }
    guard elementType == .uint8 else { throw refusal(.notBytes(type: "\(elementType)")) }
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
    let shape = file.shape
    guard shape.count == 1 || (shape.count == 2 && shape[1] == 1) else {
      throw file.refusal(.labelRank(shape: shape))
    }
    guard file.elementType != .bool, !file.elementType.isFloatingPoint else {
      throw file.refusal(.labelsNotWhole(type: "\(file.elementType)"))
    }
    guard !shape.contains(0) else { throw file.refusal(.empty(shape: shape)) }
    // Nil only for numbers of 2⁶³ and more.
    guard let values = file.integers else { throw file.refusal(.labelTooLarge) }
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
    guard images.shape[0] == values.count else {
      throw file.refusal(
        .countsDiffer(images: images.shape[0], labels: values.count, imagesPath: images.path))
    }
    return ImageSet(
      shape: shape, classNames: placed.classNames, images: images.bytes, labels: placed.labels)
  }
}
