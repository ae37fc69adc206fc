public import Files
internal import Support
public import Samples

/// Labeled images of one size, as unsigned bytes, in memory or in a mapped file.
public struct ImageSet: Sendable {
  /// The shape of each image.
  public let shape: Shape

  /// The classes, in the order of their labels.
  public let classNames: [String]

  /// The pixels, [N, H, W, C], 0…255.
  public let images: StoredBytes

  /// The class of each image, [N], each below the number of classes.
  public let labels: [UInt16]

  /// Makes a set from arrays that are known to be valid.
  ///
  /// - Precondition: `images` holds one image per label; each label names a class.
  public init(shape: Shape, classNames: [String], images: [UInt8], labels: [UInt16]) {
    self.init(shape: shape, classNames: classNames, images: StoredBytes(images), labels: labels)
  }

  /// Makes a set from pixels that may be those of a mapped file, and are known to be valid.
  ///
  /// - Precondition: `images` holds one image per label; each label names a class.
  public init(shape: Shape, classNames: [String], images: StoredBytes, labels: [UInt16]) {
    require(
      images.count == labels.count * shape.count,
      "ImageSet: \(labels.count) labels need \(labels.count * shape.count) bytes of images, found \(images.count)."
    )
    let largest = Int(labels.max() ?? 0)
    require(
      labels.isEmpty || largest < classNames.count,
      "ImageSet: found the label \(largest), expected a value below \(classNames.count), the number of classes.")
    self.shape = shape
    self.classNames = classNames
    self.images = images
    self.labels = labels
  }

  /// Joins a file of images and a file of labels.
  ///
  /// - Throws: `DatasetError` if one is invalid or the two do not match.
  public init(images: IDXArray, labels: IDXArray, classNames: [String]) throws(DatasetError) {
    _ = try images.imageShape()
    try labels.checkLabels(classCount: classNames.count)
    let values = try labels.labelValues()
    try self.init(
      images: images, labels: labels, PlacedLabels(classNames: classNames, labels: values.map { UInt16($0) }))
  }

  /// Joins a file of images and a file of labels whose classes are known.
  init(images: IDXArray, labels: IDXArray, _ placed: PlacedLabels) throws(DatasetError) {
    let shape = try images.imageShape()
    guard images.dimensions[0] == labels.dimensions[0] else {
      throw DatasetError(
        path: labels.path,
        code: .countsDiffer(images: images.dimensions[0], labels: labels.dimensions[0], imagesPath: images.path),
        position: labels.position(4))
    }
    self.init(shape: shape, classNames: placed.classNames, images: images.bytes, labels: placed.labels)
  }

  /// The number of images, N.
  public var count: Int { labels.count }

  /// The number of classes.
  public var classCount: Int { classNames.count }

  /// The pixels of the image at `index`, [H, W, C]; a copy for images of a mapped file.
  ///
  /// - Precondition: `index` is in 0 ..< `count`.
  public func pixels(at index: Int) -> ArraySlice<UInt8> {
    require(index >= 0 && index < count, "ImageSet: image \(index) is outside 0..<\(count).")
    return images.copy((index * shape.count)..<((index + 1) * shape.count))
  }

  /// The same pixels without a copy, for as long as the set is not changed.
  ///
  /// - Precondition: `index` is in 0 ..< `count`.
  @_lifetime(borrow self)
  package func image(at index: Int) -> Span<UInt8> {
    require(index >= 0 && index < count, "ImageSet: image \(index) is outside 0..<\(count).")
    return images.part((index * shape.count)..<((index + 1) * shape.count))
  }
}
