internal import Support

/// Reads the members of an object in a state file, and names a wrong one.
struct StateReader {
  /// The file.
  let path: String
  /// The object's place in the file, such as `jacquard.state.progress`.
  let name: String
  /// The object.
  let value: JSONValue

  /// The failure for a member that is missing or of the wrong kind.
  func failure(_ member: String, _ expected: String) -> Failure {
    Failure(
      .badData,
      "\(path): \"\(name).\(member)\" must be \(expected), but is \(value[member]?.text ?? "missing"); the state is damaged; "
        + "start a new run from the run's weights with \(.initFrom).")
  }

  /// More than any run can count, and small enough that sums never overflow.
  static let largestCount = 1 << 50

  /// A whole number in a range.
  func integer(_ member: String, in range: ClosedRange<Int>) throws(Failure) -> Int {
    guard let number = value[member]?.integer, range.contains(number) else {
      let end = range.upperBound >= Self.largestCount ? "on" : "to \(range.upperBound)"
      throw failure(member, "a whole number from \(range.lowerBound) \(end)")
    }
    return number
  }

  /// Any number.
  func number(_ member: String) throws(Failure) -> Double {
    guard let number = value[member]?.number else { throw failure(member, "a number") }
    return number
  }

  /// An object.
  func object(_ member: String) throws(Failure) -> StateReader {
    guard case .object? = value[member], let object = try optionalObject(member) else {
      throw failure(member, "an object")
    }
    return object
  }

  /// An object; nil for null.
  func optionalObject(_ member: String) throws(Failure) -> StateReader? {
    switch value[member] {
    case .null: nil
    case .object(let members)?: StateReader(path: path, name: "\(name).\(member)", value: .object(members))
    default: throw failure(member, "an object or null")
    }
  }
}
