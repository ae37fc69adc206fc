internal import Randomness

/// Values for probes.
enum ProbeValues {
  /// Uniform numbers in −1…1; the same name gives the same numbers.
  static func uniform(count: Int, name: String) -> [Float] {
    let generator = RandomStream(seed: 1, name: "probe.\(name)").generator(epoch: 0, index: 0)
    return (0..<count).map { 2 * generator.unitFloat(at: UInt64($0)) - 1 }
  }
}
