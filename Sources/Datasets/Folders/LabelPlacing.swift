internal import Support

/// Labels and the classes that they refer to.
struct PlacedLabels {
  let classNames: [String]
  let labels: [UInt16]
}

/// Translates the labels of files, which are numbers, into the order of a model's classes.
///
/// Classes match by name. Labels of data without names count as names that are numbers: they match a model whose classes are numbers, in any order.
/// For a model with other names, they are indices of its classes.
struct LabelPlacing {
  /// The class names of the data.
  let named: [String]?
  /// The classes of a model.
  let expected: [String]?
  /// The file with the names, for messages.
  let path: String

  /// Translates labels.
  ///
  /// - Parameters:
  ///   - refusal: The error for a label that names no class.
  ///   - largest: The largest label of the training part, which determines the number of classes if nothing else determines it.
  func places(
    of labels: [Int], refusal: (_ index: Int, _ value: Int, _ classCount: Int) -> DatasetError,
    largest: () throws(DatasetError) -> Int
  ) throws(DatasetError) -> PlacedLabels {
    if let index = labels.firstIndex(where: { $0 < 0 || $0 >= ClassNames.largestCount }) {
      throw refusal(index, labels[index], ClassNames.largestCount)
    }
    let own: [String]
    if let named {
      own = named
    } else if let expected, !expected.allSatisfy(ClassNames.isWholeNumber) {
      own = expected
    } else if expected != nil {
      own = ClassNames.numbers(upTo: labels.max() ?? 0)
    } else {
      own = ClassNames.numbers(upTo: try largest())
    }
    if let index = labels.firstIndex(where: { $0 >= own.count }) {
      throw refusal(index, labels[index], own.count)
    }
    guard let expected, expected.map(ExactText.init) != own.map(ExactText.init) else {
      return PlacedLabels(classNames: own, labels: labels.map { UInt16($0) })
    }
    guard named != nil else { return try byNumber(labels, refusal: refusal) }
    // A model whose class names are numbers was trained on data without names, with labels like these.
    if expected.allSatisfy(ClassNames.isWholeNumber), !own.allSatisfy(ClassNames.isWholeNumber) {
      return try byNumber(labels, refusal: refusal)
    }
    let places = try ClassNames.places(of: own, among: expected, path: path)
    return PlacedLabels(classNames: expected, labels: labels.map { places[$0] })
  }

  /// Each label becomes the class whose name is the number.
  private func byNumber(
    _ labels: [Int], refusal: (Int, Int, Int) -> DatasetError
  ) throws(DatasetError) -> PlacedLabels {
    let expected = expected ?? []
    guard expected.count <= ClassNames.largestCount else {
      throw DatasetError(path: path, code: .classes(.tooManyExpected(found: expected.count)))
    }
    var places: [String: UInt16] = [:]
    for (index, name) in expected.enumerated() { places[ClassNames.digits(of: name)] = UInt16(index) }
    var placed: [UInt16] = []
    placed.reserveCapacity(labels.count)
    let table = (0...(labels.max() ?? 0)).map { places["\($0)"] }
    for (index, label) in labels.enumerated() {
      guard let place = table[label] else { throw refusal(index, label, expected.count) }
      placed.append(place)
    }
    return PlacedLabels(classNames: expected, labels: placed)
  }
}
