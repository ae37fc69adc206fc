/// Negative numbers behind an option.
enum NegativeValues {
  /// `--epochs -1` as `--epochs=-1`: the parser takes a negative number for a flag, and would say that the value is missing
  /// instead of what is wrong with it.
  static func joined(_ arguments: [String]) -> [String] {
    var result: [String] = []
    for (place, argument) in arguments.enumerated() {
      if argument == "--" { return result + arguments[place...] }
      if argument.wholeMatch(of: /-[0-9.].*/) != nil, let last = result.last, last.wholeMatch(of: /--[^=]+/) != nil {
        result[result.count - 1] = last + "=" + argument
      } else {
        result.append(argument)
      }
    }
    return result
  }
}
