internal import Randomness
package import Support

/// How a training averages the weights of its steps. The average is often better than the last weights, and allows higher learning rates.
///
/// `average ← average + share · (weights − average)` after each step. The first step of an average copies its weights. A trainer evaluates and saves the
/// network of the average; see `Trainer.averagedNetwork()`. Written as text: `ema=0.999` or `swa=0.75`.
public enum WeightAverage: Hashable, Sendable {
  /// The exponential moving average of the weights of all steps. The share of step t is `(1 − decay) / (1 − decayᵗ)`, as in Adam, so that the first
  /// weights do not count more than others: the average begins as the plain mean.
  case ema(decay: Double)
  /// The plain mean of the weights after this share of the run's steps, one sample per step (stochastic weight averaging, Izmailov et al. 2018).
  case swa(share: Double)

  /// Decays of `ema`, and shares of `swa`.
  package static let range = NumberRange.from(0, below: 1)

  private var number: Double {
    switch self {
    case .ema(let number), .swa(let number): number
    }
  }

  /// Stops the program if the number is outside its range.
  func check() {
    require(Self.range.contains(number), "WeightAverage: the number must be \(Self.range.briefText), found \(number)")
  }

  /// The steps up to `step`, from 1, of a run of `steps` steps whose weights belong to the average.
  func includedSteps(upTo step: Int, of steps: Int) -> Int {
    switch self {
    case .ema: step
    case .swa(let share): max(0, step - min(steps - 1, Int((share * Double(steps)).rounded())))
    }
  }

  /// The share of the weights that are the `count`-th of an average.
  func share(count: Int) -> Float {
    switch self {
    case .ema(let decay): Float((1 - decay) / (1 - ElementaryFunctions.power(decay, count)))
    case .swa: Float(1 / Double(count))
    }
  }
}

extension WeightAverage: CustomStringConvertible {
  /// Reads `ema=DECAY` or `swa=SHARE`, each with a number from 0 to below 1; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Double(parts[1]), Self.range.contains(number) else { return nil }
    switch parts[0] {
    case "ema": self = .ema(decay: number)
    case "swa": self = .swa(share: number)
    default: return nil
    }
  }

  /// The text of this value; reading it gives the same value.
  public var description: String {
    let text = Int(exactly: number).map(String.init) ?? number.description
    return switch self {
    case .ema: "ema=\(text)"
    case .swa: "swa=\(text)"
    }
  }
}
