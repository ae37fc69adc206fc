internal import Datasets
internal import Files
package import Support
internal import Terminal

extension ClassWeights {
  /// The largest size of a file.
  private static let maximumByteCount = 1 << 26

  /// The weights of a CSV table with the columns `class` and `weight`, in the order of the classes. A class is its name, or its number from 0 if no class
  /// has that name.
  ///
  /// - Throws: a `Failure` that names the file and the line, if a class is unknown, missing or named twice, or a weight is not allowed.
  package static func table(_ file: String, classNames: [String]) throws(Failure) -> [Double] {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileReader.bytes(ofFileAt: file, maximumByteCount: maximumByteCount)
    } catch {
      throw Failure(error)
    }
    let rows = CSVText.rows(of: (bytes + [UInt8(ascii: "\n")]).filter { $0 != UInt8(ascii: "\r") })
    guard rows.first?.cells == ["class", "weight"] else {
      throw Failure(.badData, "\(file), line 1: expected the columns class,weight.")
    }
    let labels = Dictionary(classNames.enumerated().map { (ExactText($1), $0) }) { first, _ in first }
    var weights = [Double?](repeating: nil, count: classNames.count)
    for (number, row) in rows.enumerated().dropFirst() where row.cells != [""] {
      func failure(_ problem: String) -> Failure { Failure(.badData, "\(file), line \(number + 1): \(problem)") }
      guard row.cells.count == 2 else { throw failure("expected 2 cells, found \(row.cells.count).") }
      let (name, text) = (row.cells[0], row.cells[1])
      let index = Int(name).flatMap { classNames.indices.contains($0) ? $0 : nil }
      guard let label = labels[ExactText(name)] ?? index else {
        let hint = Suggestion.closest(to: name, among: classNames).map { " Did you mean '\($0)'?" } ?? ""
        throw failure("the data has no class '\(name)'.\(hint)")
      }
      guard weights[label] == nil else { throw failure("the class '\(classNames[label])' has a weight already.") }
      guard let weight = Double(text), range.contains(weight) else {
        throw failure("the weight must be a number from 0 to 1000000, not '\(text)'.")
      }
      weights[label] = weight
    }
    if let missing = weights.firstIndex(of: nil) {
      throw Failure(
        .badData, "\(file): the class '\(classNames[missing])' has no weight; give every class of the data a line.")
    }
    let known = weights.compactMap(\.self)
    guard known.contains(where: { $0 > 0 }) else {
      throw Failure(
        .badData, "\(file): all weights are 0, so there is nothing to learn; give a class a weight above 0.")
    }
    return known
  }
}
