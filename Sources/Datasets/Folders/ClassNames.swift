internal import Support

/// The names of classes, from a file or as numbers.
enum ClassNames {
  /// The file's name in a folder of arrays or IDX files.
  static let fileName = "classes.txt"

  /// The largest number of classes in a data set: labels have 16 bits.
  static let largestCount = 65_536

  /// Reads a file with a name in each line, in the order of the labels; nil if it is missing. Ignores spaces around
  /// names and empty lines at the end.
  ///
  /// - Throws: `DatasetError` for text that is not UTF-8, and for an empty or repeated name.
  static func read(from path: String) throws(DatasetError) -> [String]? {
    guard InputFile.exists(path) else { return nil }
    let file = try InputFile(path: path)
    guard file.byteCount <= 1 << 24,
      let text = String(validating: try file.bytes(at: 0, count: file.byteCount), as: UTF8.self)
    else { throw DatasetError(path: path, code: .classes(.notText)) }
    // Editors on Windows may begin a text with a byte order mark.
    let isMarked = text.unicodeScalars.first == "\u{FEFF}"
    var names = TextLines.trimmed(isMarked ? String(text.unicodeScalars.dropFirst()) : text)
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

  /// Names for classes that have no names: "0", "1" and so on.
  static func numbers(upTo largest: Int) -> [String] { (0...largest).map { "\($0)" } }

  /// The index of each of a data set's classes among the expected classes.
  ///
  /// - Throws: `DatasetError` for the first class that is not among them, and for more classes than labels can number.
  static func places(of own: [String], among expected: [String], path: String) throws(DatasetError) -> [UInt16] {
    guard expected.count <= largestCount else {
      throw DatasetError(path: path, code: .classes(.tooManyExpected(found: expected.count)))
    }
    var places: [ExactText: UInt16] = [:]
    // Without an exact match, a name that looks the same is accepted if it is the only one.
    var similar: [String: [UInt16]] = [:]
    // Leading zeros of numbers do not matter.
    let areNumbers = own.allSatisfy(isWholeNumber) && expected.allSatisfy(isWholeNumber)
    for (index, name) in expected.enumerated() {
      places[ExactText(name)] = UInt16(index)
      similar[name, default: []].append(UInt16(index))
    }
    if areNumbers {
      for (index, name) in expected.enumerated() where places[ExactText(digits(of: name))] == nil {
        places[ExactText(digits(of: name))] = UInt16(index)
      }
    }
    var found: [UInt16] = []
    for name in own {
      let lookalikes = similar[name] ?? []
      let place =
        places[ExactText(name)] ?? (areNumbers ? places[ExactText(digits(of: name))] : nil)
        ?? (lookalikes.count == 1 ? lookalikes[0] : nil)
      guard let place else {
        throw DatasetError(path: path, code: .classes(.unknown(name, expected: expected)))
      }
      found.append(place)
    }
    return found
  }
}

extension ClassNames {
  /// Whether a name consists of digits only.
  static func isWholeNumber(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// A whole number without leading zeros.
  static func digits(of name: String) -> String {
    let digits = name.drop { $0 == "0" }
    return digits.isEmpty ? "0" : String(digits)
  }

  /// Sorts names into the order of classes: as numbers if all of them are whole numbers, otherwise as texts.
  static func sorted(_ names: [String]) -> [String] {
    guard names.allSatisfy(isWholeNumber) else { return names }
    return names.sorted { one, other in
      let (first, second) = (digits(of: one), digits(of: other))
      return (first.utf8.count, first, one) < (second.utf8.count, second, other)
    }
  }
}
