internal import Glibc
internal import Randomness
internal import Support

/// Random samples of settings.
///
/// Every number is a function of the seed, the setting's name and the sample's number: more samples, or another setting, never change
/// the existing ones.
struct SweepSampler {
  private static let members = ["count", "seed", "settings"]
  /// How to draw a setting.
  private enum Distribution {
    /// One of these, with equal probability.
    case choice([JSONValue])
    /// A number between two bounds.
    case uniform(Double, Double)
    /// A number between two bounds, uniform on a logarithmic scale.
    case logarithmic(Double, Double)
    /// A whole number between two bounds, both included.
    case integer(Int, Int)
  }

  private let count: Int
  private let seed: UInt64
  private let settings: [(name: String, distribution: Distribution)]

  /// Reads the member `random` of a sweep's file.
  init(_ value: JSONValue, path: String) throws(Failure) {
    func refusal(_ message: String) -> Failure { Failure(.badConfiguration, "\(path): \(message)") }
    guard case .object(let found) = value else {
      throw refusal("\"random\" must be an object with count and settings, not \(value.text).")
    }
    for member in found where !Self.members.contains(member.name) {
      let hint = Suggestion.closest(to: member.name, among: Self.members).map { "Did you mean \"\($0)\"?" }
      throw refusal(
        "unknown key \"random.\(member.name)\". \(hint ?? "Its keys are \(Self.members.joined(separator: ", ")).")")
    }
    guard let count = value["count"]?.integer, 1...SweepPlan.limit ~= count else {
      throw refusal(
        "\"random.count\" must be a whole number from 1 to \(SweepPlan.limit), not \(value["count"]?.text ?? "missing")."
      )
    }
    let seed = value["seed"] ?? 1
    guard let seedNumber = seed.integer, seedNumber >= 0 else {
      throw refusal("\"random.seed\" must be a whole number of at least 0, not \(seed.text).")
    }
    guard case .object(let members)? = value["settings"], !members.isEmpty else {
      throw refusal(
        "\"random.settings\" must define how to draw settings, such as {\"lr\": {\"log\": [0.0001, 0.01]}}.")
    }
    self.count = count
    self.seed = UInt64(seedNumber)
    var settings: [(name: String, distribution: Distribution)] = []
    for member in members {
      guard let distribution = Self.distribution(member.value) else {
        throw refusal(
          "\"random.settings.\(member.name)\" must be a list of values, or {\"uniform\": [a, b]}, {\"log\": [a, b]} or "
            + "{\"integer\": [a, b]} with a below b, not \(member.value.text).")
      }
      settings.append((member.name, distribution))
    }
    self.settings = settings
  }

  private static func distribution(_ value: JSONValue) -> Distribution? {
    if let values = value.array { return values.isEmpty ? nil : .choice(values) }
    guard case .object(let members) = value, members.count == 1, let bounds = members[0].value.array,
      bounds.count == 2, let low = bounds[0].number, let high = bounds[1].number, low < high, low.isFinite,
      high.isFinite
    else { return nil }
    switch members[0].name {
    case "uniform": return .uniform(low, high)
    case "log": return low > 0 ? .logarithmic(low, high) : nil
    case "integer":
      guard let first = bounds[0].integer, let last = bounds[1].integer, last < 1 << 50, first > -1 << 50 else {
        return nil
      }
      return .integer(first, last)
    default: return nil
    }
  }

  /// The samples.
  var samples: [[JSONValue.Member]] {
    (0..<count).map { number in
      settings.map { name, distribution in
        var generator = RandomStream(seed: seed, name: "sweep." + name).generator(epoch: 0, index: number)
        return JSONValue.Member(name: name, value: Self.draw(distribution, &generator))
      }
    }
  }

  private static func draw(_ distribution: Distribution, _ generator: inout AddressedGenerator) -> JSONValue {
    switch distribution {
    case .choice(let values): return values[generator.integer(below: values.count)]
    case .integer(let first, let last): return .integer(first + generator.integer(below: last - first + 1))
    case .uniform(let low, let high): return rounded(low + (high - low) * generator.unitDouble(), in: low...high)
    case .logarithmic(let low, let high):
      return rounded(exp(log(low) + (log(high) - log(low)) * generator.unitDouble()), in: low...high)
    }
  }

  /// Rounds to four digits: more are of no interest, and these are the same on every machine, whatever its math library.
  private static func rounded(_ value: Double, in range: ClosedRange<Double>) -> JSONValue {
    guard let number = JSONValue.significant(value, digits: 4).number else { return .number(value) }
    return .number(min(range.upperBound, max(range.lowerBound, number)))
  }
}
