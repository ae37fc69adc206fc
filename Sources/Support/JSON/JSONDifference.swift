/// Finds the first difference between two JSON values.
package enum JSONDifference {
  /// The path of the first difference, such as `layers[2].output_channels`, with both values; a missing value is nil.
  package static func first(between one: JSONValue, and other: JSONValue) -> String? {
    first(one, other, at: "")
  }

  private static func first(_ one: JSONValue?, _ other: JSONValue?, at path: String) -> String? {
    if one == other { return nil }
    switch (one, other) {
    case (.object(let members)?, .object(let others)?):
      let names = members.map(\.name) + others.map(\.name).filter { one?[$0] == nil }
      for name in names {
        if let found = first(one?[name], other?[name], at: path.isEmpty ? name : path + "." + name) { return found }
      }
      // The order of members does not matter.
      return nil
    case (.array(let values)?, .array(let others)?):
      for index in 0..<max(values.count, others.count) {
        let pair = (index < values.count ? values[index] : nil, index < others.count ? others[index] : nil)
        if let found = first(pair.0, pair.1, at: "\(path)[\(index)]") { return found }
      }
      return nil
    default:
      return "\(path) (\(one?.text ?? "nothing"), now \(other?.text ?? "nothing"))"
    }
  }
}
