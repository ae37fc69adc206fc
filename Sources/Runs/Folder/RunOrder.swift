internal import Support

/// An order of runs.
package enum RunOrder: Equatable, Sendable {
  /// By path.
  case name
  /// By state, in the order of their list.
  case state
  /// The latest first.
  case started
  /// The most first.
  case epochs
  /// The highest first.
  case accuracy
  /// The lowest first.
  case loss
  /// The shortest first.
  case seconds
  /// By the value of a setting.
  case setting(String)

  /// The orders that are not settings, by their words.
  private static let fixed: [(word: String, order: RunOrder)] = [
    ("name", .name), ("state", .state), ("started", .started), ("epochs", .epochs), ("accuracy", .accuracy),
    ("loss", .loss), ("seconds", .seconds),
  ]

  /// The words for the orders that are not settings.
  package static var words: [String] { fixed.map(\.word) }

  /// The order for a word: one of `words` or a setting's key. Nil for any other word.
  package init?(_ word: String) {
    if let known = Self.fixed.first(where: { $0.word == word }) {
      self = known.order
    } else if SettingField.all.contains(where: { $0.key == word }) {
      self = .setting(word)
    } else {
      return nil
    }
  }

  /// Sorts runs; those without a value come last, also if the order is reversed. Equal ones keep their order.
  func sorted(_ runs: [RunSummary], reversed: Bool) -> [RunSummary] {
    let keyed = runs.map { (run: $0, key: key(of: $0)) }
    return keyed.sorted { one, other in
      switch (one.key, other.key) {
      case (nil, _): false
      case (_, nil): true
      case (let a?, let b?): reversed ? b.precedes(a) : a.precedes(b)
      }
    }.map(\.run)
  }

  private func key(of run: RunSummary) -> Key? {
    switch self {
    case .name: .text(run.path)
    case .state: RunSummary.State.allCases.firstIndex(of: run.state).map { .number(Double($0)) }
    // ISO 8601 in UTC: the order of the text is that of the time.
    case .started: run.started.map { .latest($0) }
    case .epochs: run.state == .broken ? nil : .number(-Double(run.epochs.count))
    case .accuracy: Key(number: run.score.map { -$0.value.accuracy })
    case .loss: Key(number: run.score?.value.loss)
    case .seconds: Key(number: run.seconds)
    case .setting(let key): run.settings[key].flatMap(Key.init(setting:))
    }
  }

  private enum Key {
    case number(Double)
    case text(String)
    case latest(String)

    /// A number; nil for NaN, which has no place in an order.
    init?(number: Double?) {
      guard let number, !number.isNaN else { return nil }
      self = .number(number)
    }

    init?(setting: JSONValue) {
      switch setting {
      case .null: return nil
      case .bool(let isOn): self = .number(isOn ? 1 : 0)
      case .integer, .number: self.init(number: setting.number)
      case .string(let text): self = .text(text)
      case .array, .object: self = .text(setting.text)
      }
    }

    func precedes(_ other: Key) -> Bool {
      switch (self, other) {
      case (.number(let a), .number(let b)): a < b
      case (.text(let a), .text(let b)): RunOrder.precedes(a, b)
      case (.latest(let a), .latest(let b)): a > b
      case (.number, _): true
      default: false
      }
    }
  }

  /// Whether a text comes before another, with the numbers in them compared as numbers: `run-2` before `run-10`.
  static func precedes(_ a: String, _ b: String) -> Bool {
    var (one, other) = (Array(a.utf8)[...], Array(b.utf8)[...])
    while let first = one.first, let second = other.first {
      if isDigit(first), isDigit(second) {
        let numbers = (number(&one), number(&other))
        if numbers.0.count != numbers.1.count { return numbers.0.count < numbers.1.count }
        if numbers.0 != numbers.1 { return numbers.0.lexicographicallyPrecedes(numbers.1) }
      } else {
        if first != second { return first < second }
        one.removeFirst()
        other.removeFirst()
      }
    }
    if one.isEmpty != other.isEmpty { return one.isEmpty }
    // Such as 1 and 01.
    return a.utf8.lexicographicallyPrecedes(b.utf8)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

  /// Takes the digits at the front, without leading zeros.
  private static func number(_ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let digits = bytes.prefix(while: isDigit)
    bytes = bytes.dropFirst(digits.count)
    return digits.drop { $0 == UInt8(ascii: "0") }
  }
}
