internal import JacquardEngine

/// A graph's preprocessing of its input before the first layer: `(x · scale − mean) / deviation`, by channel.
struct ONNXPreparation: Equatable {
  private(set) var scale = 1.0
  private(set) var means = [0.0]
  private(set) var deviations = [1.0]
  /// Whether something was subtracted: later factors belong to the deviations.
  private var isCentered = false

  /// Whether the input is bytes that no `Cast` has converted yet.
  var areBytes = false

  /// The number of values that may differ by channel.
  var count: Int { means.count + deviations.count }

  /// Whether it changes nothing so far.
  var isIdentity: Bool { scale == 1 && means.allSatisfy { $0 == 0 } && deviations.allSatisfy { $0 == 1 } }

  /// Multiplies by one number, or by one per channel; nil if signs differ or a factor is 0 or not finite.
  func multiplied(by factors: [Float]) -> ONNXPreparation? {
    let factors = factors.map { Double($0) }
    guard factors.allSatisfy({ $0.isFinite && $0 != 0 }), Set(factors.map(\.sign)).count == 1 else { return nil }
    var result = self
    if factors.count == 1, !isCentered, deviations == [1] {
      result.scale *= factors[0]
    } else {
      if factors[0] < 0 {
        result.scale.negate()
        result.means = means.map { -$0 }
      }
      result.deviations = Self.combine(deviations, factors) { $0 / $1.magnitude }
    }
    return result.isSound ? result : nil
  }

  /// Divides by one number, or by one per channel, like `multiplied`; divisors are stored unchanged.
  func divided(by divisors: [Float]) -> ONNXPreparation? {
    guard isCentered || divisors.count > 1, divisors.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      return multiplied(by: divisors.map { 1 / $0 })
    }
    var result = self
    result.deviations = Self.combine(deviations, divisors.map { Double($0) }, *)
    return result.isSound ? result : nil
  }

  /// Adds one number, or one per channel; nil if one is not finite.
  func added(_ terms: [Float]) -> ONNXPreparation? {
    var result = self
    result.isCentered = true
    let terms = Self.combine(terms.map { Double($0) }, deviations, *)
    result.means = Self.combine(means, terms, -)
    return result.isSound ? result : nil
  }

  private var isSound: Bool {
    scale.isFinite && scale != 0 && means.allSatisfy(\.isFinite) && deviations.allSatisfy { $0 > 0 && $0.isFinite }
  }

  /// Element by element; a single number is broadcast.
  private static func combine(_ a: [Double], _ b: [Double], _ operation: (Double, Double) -> Double) -> [Double] {
    (0..<max(a.count, b.count)).map { operation(a.count == 1 ? a[0] : a[$0], b.count == 1 ? b[0] : b[$0]) }
  }

  /// The same as a model's preprocessing, for pixels that are multiplied by `factor` before they enter the graph.
  func preprocessing(pixelFactor factor: Double) -> Normalization {
    Normalization(scale: scale * factor, mean: means, deviation: deviations)
  }
}
