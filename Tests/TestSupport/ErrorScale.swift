/// The factor that turns a tolerance into the bound of an element's error.
public enum ErrorScale: Sendable {
  /// Nothing: the tolerance is the bound.
  case one
  /// The magnitude of the element's own reference: a relative error.
  case each
  /// The largest magnitude among the references: for results whose elements share one scale and may cancel to 0.
  case largest
  /// A number per element, in the order of the references: for bounds derived from the inputs, such as Σ|a|·|b|.
  case values([Double])

  /// The scale of every element of a reference.
  func values(for reference: [Double]) -> [Double] {
    switch self {
    case .one: [Double](repeating: 1, count: reference.count)
    case .each: reference.map(\.magnitude)
    case .largest: [Double](repeating: reference.map(\.magnitude).max() ?? 0, count: reference.count)
    case .values(let values): values
    }
  }
}
