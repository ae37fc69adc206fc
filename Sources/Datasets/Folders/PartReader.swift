internal import Support

/// Reads the parts of a data set of one layout.
protocol PartReader: Sendable {
  /// Whether the part is there, whole or not. Without its training part a data set is broken, so that one always counts as there.
  func holds(_ part: DataSource.Part) throws(DatasetError) -> Bool

  /// The files whose bytes are the part, and that of the classes' names, which decides what its labels mean; none for a part that is
  /// not there.
  func files(of part: DataSource.Part) throws(DatasetError) -> [String]

  /// Reads and checks a part that is there; see `DataSource.load`.
  func read(_ part: DataSource.Part, classNames: [String]?) throws(DatasetError) -> ImageSet

  /// What was found, and what of it is not used.
  func inventory() throws(DatasetError) -> DataInventory

  /// What messages call the data set.
  var path: String { get }
}

extension PartReader {
  /// Reads and checks a part; nil if it is not there.
  func loadIfPresent(_ part: DataSource.Part, classNames: [String]?) throws(DatasetError) -> ImageSet? {
    try holds(part) ? try read(part, classNames: classNames) : nil
  }

  /// Reads and checks a part.
  func load(_ part: DataSource.Part, classNames: [String]?) throws(DatasetError) -> ImageSet {
    guard let set = try loadIfPresent(part, classNames: classNames) else {
      throw DatasetError(path: path, code: part == .validation ? .noValidationImages : .noTestImages)
    }
    return set
  }

  /// The path of a name inside the folder.
  func file(_ name: String) -> String { PathText.joined(path, name) }

  /// The folder's file of class names, where there is one.
  var classFile: [String] { existing([ClassNames.fileName]).map { [$0] } ?? [] }

  /// The first of the names that is there.
  func existing(_ names: [String]) -> String? { names.map(file).first(where: InputFile.exists) }

  /// The first of the names that is there.
  ///
  /// - Throws: `DatasetError` when none is.
  func locate(_ names: [String]) throws(DatasetError) -> String {
    guard let file = existing(names) else { throw DatasetError(path: path, code: .fileMissing(names: names)) }
    return file
  }
}
