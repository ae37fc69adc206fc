package import JacquardEngine
internal import Support

extension JSONDifference {
  /// The first difference between two models; nil if they are equal.
  package static func first(between one: Model, and other: Model) -> String? {
    one == other ? nil : first(between: json(one), and: json(other)) ?? "model"
  }

  private static func json(_ model: Model) -> JSONValue {
    guard let text = try? model.json(), let value = try? JSONReader.value(of: Array(text.utf8)) else { return .null }
    return value
  }
}
