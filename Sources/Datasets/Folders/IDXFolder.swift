internal import Samples

/// A folder of IDX files, under the names that MNIST gave them, and perhaps a `classes.txt`.
struct IDXFolder: PartReader {
  let path: String

  func holds(_ part: DataSource.Part) -> Bool {
    part == .training || existing(Self.names(part, of: "images")) != nil
      || existing(Self.names(part, of: "labels")) != nil
  }

  /// Whether at least one of the files is there, under any of its names.
  var holdsAnyFile: Bool {
    DataSource.Part.allCases.contains { part in
      existing(Self.names(part, of: "images") + Self.names(part, of: "labels")) != nil
    }
  }

  func files(of part: DataSource.Part) throws(DatasetError) -> [String] {
    holds(part) ? [try imagesPath(part), try labelsPath(part)] + classFile : []
  }

  /// The file of images, under whichever of its names is there: `-` or `.` before `idx3`, plain before `.gz`; `idx4` with channels.
  func imagesPath(_ part: DataSource.Part) throws(DatasetError) -> String {
    try locate(Self.names(part, of: "images"))
  }

  /// The file of labels, under whichever of its names is there.
  func labelsPath(_ part: DataSource.Part) throws(DatasetError) -> String {
    try locate(Self.names(part, of: "labels"))
  }

  func read(_ part: DataSource.Part, classNames: [String]?) throws(DatasetError) -> ImageSet {
    // The labels first: they are small, and often all that is wrong.
    let labels = try IDXArray(contentsOf: labelsPath(part))
    let named = try ClassNames.read(from: file(ClassNames.fileName))
    if let known = named ?? classNames { try labels.checkLabels(classCount: known.count) }
    let images = try IDXArray(contentsOf: imagesPath(part))
    let shape = try images.imageShape()
    let own: [String]
    if let known = named ?? classNames { own = known } else { own = try ownNames(part, shape: shape, labels: labels) }
    let set = try ImageSet(images: images, labels: labels, classNames: own)
    guard named != nil, let classNames else { return set }
    return try set.renamed(to: classNames, path: file(ClassNames.fileName))
  }

  /// Fashion-MNIST's for images of its size, whose file of classes nobody has; else the numbers up to the training set's largest label.
  private func ownNames(
    _ part: DataSource.Part, shape: Shape, labels: IDXArray
  ) throws(DatasetError) -> [String] {
    if shape == .fashionMNIST { return FashionMNIST.classNames }
    let all = part == .training ? labels : try IDXArray(contentsOf: labelsPath(.training))
    try all.checkLabels(classCount: 256)
    return ClassNames.numbers(upTo: Int(all.bytes.max() ?? 0))
  }

  private static func names(_ part: DataSource.Part, of content: String) -> [String] {
    let prefix = part == .training ? "train" : "t10k"
    return (content == "images" ? [3, 4] : [1]).flatMap { rank in
      ["-", "."].flatMap { separator in
        ["", ".gz"].map { "\(prefix)-\(content)\(separator)idx\(rank)-ubyte\($0)" }
      }
    }
  }
}
