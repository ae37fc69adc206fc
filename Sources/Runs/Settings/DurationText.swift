/// Reads and writes times such as `90s`, `10m` and `1h30m`.
package enum DurationText {
  /// The seconds of a text; a number without a unit is seconds. Nil if the text is not a time above zero.
  package static func seconds(_ text: String) -> Double? {
    // In any notation, such as `1e-06s`, the shortest text for a microsecond.
    let digits = text.last == "s" && text.dropLast().last?.isNumber == true ? text.dropLast() : text[...]
    if let seconds = Double(digits), seconds.isFinite, seconds > 0 { return seconds }
    var total = 0.0
    var number = ""
    var units: [(Character, Double)] = [("h", 3600), ("m", 60), ("s", 1)]
    for character in text {
      if character.isASCII, character.isNumber || character == "." {
        number.append(character)
        continue
      }
      // Units go from the largest to the smallest, each at most once.
      guard let index = units.firstIndex(where: { $0.0 == character }), let value = Double(number) else { return nil }
      total += value * units[index].1
      units.removeFirst(index + 1)
      number = ""
    }
    return number.isEmpty && total > 0 && total.isFinite ? total : nil
  }

  /// The shortest text that reads back as this number of seconds, such as `600s`.
  package static func text(_ seconds: Double) -> String {
    let whole = Int(exactly: seconds).map(String.init)
    return (whole ?? seconds.description) + "s"
  }
}
