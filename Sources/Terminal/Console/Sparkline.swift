internal import Glibc

/// A small curve of numbers that keep coming, in a fixed amount of memory.
///
/// While there is room every number has a place of its own. Then neighbors are joined to their mean, again and again, so the curve always
/// goes from the first number to the last.
package struct Sparkline: Sendable {
  private static let capacity = 128
  private static let levels = Array("▁▂▃▄▅▆▇█")

  private let isLogarithmic: Bool
  private var means: [Double] = []
  /// How many numbers one place stands for.
  private var stride = 1
  private var sum = 0.0
  private var count = 0

  /// Begins an empty curve.
  ///
  /// - Parameter isLogarithmic: Whether equal factors are equal heights, which suits a loss: it falls fast, and then slowly.
  package init(isLogarithmic: Bool = false) {
    self.isLogarithmic = isLogarithmic
    means.reserveCapacity(Self.capacity)
  }

  /// Adds the next number; one that is not finite is left out.
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

  /// The curve in at most so many characters, the lowest mean on the line and the highest a full block.
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
