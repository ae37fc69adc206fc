/// Negative numbers after an option.
enum NegativeValues {
  /// Joins `--epochs -1` to `--epochs=-1`: the parser takes a negative number for a flag, and would report a missing value instead of
  /// a wrong one.
  static func joined(_ arguments: [String]) -> [String] {
    var result: [String] = []
    for (place, argument) in arguments.enumerated() {
      if argument == "--" { return result + arguments[place...] }
      if isNegative(argument), let last = result.last, last.hasPrefix("--"), last != "--", !last.contains("=") {
        result[result.count - 1] = last + "=" + argument
      } else {
        result.append(argument)
      }
    }
    return result
  }

  private static func isNegative(_ argument: String) -> Bool {
    guard argument.hasPrefix("-"), let first = argument.utf8.dropFirst().first else { return false }
    return first == UInt8(ascii: ".") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= first
  }
}
