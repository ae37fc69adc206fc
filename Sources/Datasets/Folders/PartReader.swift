internal import Support

/// Reads the parts of a data set of one layout.
protocol PartReader: Sendable {
  /// Whether the part exists, complete or not. The training part always counts as existing, because a data set is
  /// broken without it.
  func holds(_ part: DataSource.Part) throws(DatasetError) -> Bool

  /// The files of the part, and that of the class names, which decides what its labels mean; empty for a missing part.
  func files(of part: DataSource.Part) throws(DatasetError) -> [String]

  /// Reads and checks an existing part; see `DataSource.load`.
  func read(_ part: DataSource.Part, classNames: [String]?) throws(DatasetError) -> ImageSet

  /// The contents of the path, and the files in it that are not used.
  func inventory() throws(DatasetError) -> DataInventory

  /// The name of the data set in messages.
  var path: String { get }
}

extension PartReader {
  /// Reads and checks a part; nil if it is missing.
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

  /// The folder's file of class names, if it exists.
  var classFile: [String] { existing([ClassNames.fileName]).map { [$0] } ?? [] }

  /// The first of the names that exists.
  func existing(_ names: [String]) -> String? { names.map(file).first(where: InputFile.exists) }

  /// The first of the names that exists.
  ///
  /// - Throws: `DatasetError` if none exists.
  func locate(_ names: [String]) throws(DatasetError) -> String {
    guard let file = existing(names) else { throw DatasetError(path: path, code: .fileMissing(names: names)) }
    return file
  }
}
