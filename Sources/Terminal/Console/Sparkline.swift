internal import Glibc

/// A small curve of a growing series of numbers, in a fixed amount of memory.
///
/// Each number has its own place until the places are used up. Then neighbors are merged into their mean, repeatedly, so the curve always
/// goes from the first number to the last.
package struct Sparkline: Sendable {
  private static let capacity = 128
  private static let levels = Array("▁▂▃▄▅▆▇█")

  private let isLogarithmic: Bool
  private var means: [Double] = []
  /// The number of values that share a place.
  private var stride = 1
  private var sum = 0.0
  private var count = 0

  /// Begins an empty curve.
  ///
  /// - Parameter isLogarithmic: Whether equal factors are equal heights, which suits a loss that falls fast at first and then slowly.
  package init(isLogarithmic: Bool = false) {
    self.isLogarithmic = isLogarithmic
    means.reserveCapacity(Self.capacity)
  }

  /// Adds the next number; ignores one that is not finite.
  package mutating func add(_ value: Double) {
    guard value.isFinite else { return }
    sum += value
    count += 1
    guard count == stride else { return }
    means.append(sum / Double(count))
    (sum, count) = (0, 0)
    guard means.count == Self.capacity else { return }
    for place in 0..<Self.capacity / 2 { means[place] = (means[2 * place] + means[2 * place + 1]) / 2 }
    means.removeLast(Self.capacity / 2)
    stride *= 2
  }

  /// The curve in at most `width` characters, with the lowest mean on the line and the highest as a full block.
  package func text(width: Int) -> String {
    let width = min(width, means.count)
    guard width > 0 else { return "" }
    let cells = (0..<width).map { cell in
      let part = means[cell * means.count / width..<(cell + 1) * means.count / width]
      let mean = part.reduce(0, +) / Double(part.count)
      return isLogarithmic ? log(max(mean, 1e-12)) : mean
    }
    let (low, high) = (cells.min() ?? 0, cells.max() ?? 0)
    return String(
      cells.map { value in
        let height = high > low ? (value - low) / (high - low) : 0
        return Self.levels[min(Self.levels.count - 1, Int(height * Double(Self.levels.count)))]
      })
  }
}
