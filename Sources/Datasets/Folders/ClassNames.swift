internal import Samples
internal import Support

/// The names of classes: from a file of them, or numbers.
enum ClassNames {
  /// The file's name, in a folder of arrays or IDX files.
  static let fileName = "classes.txt"

  /// The most classes of a data set: labels have 16 bits.
  static let largestCount = 65_536

  /// Reads a file with a name in each line, in the order of the labels; nil where there is none. Spaces around a name do not count,
  /// nor do empty lines at the end.
  ///
  /// - Throws: `DatasetError` for text that is not UTF-8, and for an empty or repeated name.
  static func read(from path: String) throws(DatasetError) -> [String]? {
    guard InputFile.exists(path) else { return nil }
    let file = try InputFile(path: path)
    guard file.byteCount <= 1 << 24,
      let text = String(validating: try file.bytes(at: 0, count: file.byteCount), as: UTF8.self)
    else { throw DatasetError(path: path, code: .classes(.notText)) }
    var names = TextLines.trimmed(text)
    while names.last == "" { names.removeLast() }
    var lines: [ExactText: Int] = [:]
    for (index, name) in names.enumerated() {
      guard !name.isEmpty else { throw DatasetError(path: path, code: .classes(.emptyName(line: index + 1))) }
      if let first = lines.updateValue(index + 1, forKey: ExactText(name)) {
        throw DatasetError(path: path, code: .classes(.repeatedName(name, line: index + 1, first: first)))
      }
    }
    guard (1...largestCount).contains(names.count) else {
      throw DatasetError(path: path, code: .classes(.count(found: names.count)))
    }
    return names
  }

  /// Names for classes that have none: "0", "1" and so on.
  static func numbers(upTo largest: Int) -> [String] { (0...largest).map { "\($0)" } }

  /// The place of each of a data set's own classes among those that are expected.
  ///
  /// - Throws: `DatasetError` for the first one that is not among them, and where there are more than labels can count.
  static func places(of own: [String], among expected: [String], path: String) throws(DatasetError) -> [UInt16] {
    guard expected.count <= largestCount else {
      throw DatasetError(path: path, code: .classes(.tooManyExpected(found: expected.count)))
    }
    var places: [ExactText: UInt16] = [:]
    // Where no name is the same to the byte, one that a reader cannot tell apart will do, if there is only one.
    var similar: [String: [UInt16]] = [:]
    for (index, name) in expected.enumerated() {
      places[ExactText(name)] = UInt16(index)
      similar[name, default: []].append(UInt16(index))
    }
    var found: [UInt16] = []
    for name in own {
      let lookalikes = similar[name] ?? []
      guard let place = places[ExactText(name)] ?? (lookalikes.count == 1 ? lookalikes[0] : nil) else {
        throw DatasetError(path: path, code: .classes(.unknown(name, expected: expected)))
      }
      found.append(place)
    }
    return found
  }
}

extension ImageSet {
  /// The same images with the classes of a model, which are found by their names.
  func renamed(to expected: [String], path: String) throws(DatasetError) -> ImageSet {
    if expected.map(ExactText.init) == classNames.map(ExactText.init) { return self }
    let places = try ClassNames.places(of: classNames, among: expected, path: path)
    return ImageSet(shape: shape, classNames: expected, images: images, labels: labels.map { places[Int($0)] })
  }
}
