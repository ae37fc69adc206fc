internal import Support
internal import Randomness

/// The order in which an epoch visits its samples: shuffled sample by sample, anew in each epoch, or as they come.
public struct EpochOrder: Hashable, Sendable {
  /// Whether the order is random.
  public let isShuffled: Bool

  private let stream: RandomStream

  /// Makes the orders of a seed.
  public init(seed: UInt64, isShuffled: Bool = true) {
    self.isShuffled = isShuffled
    stream = RandomStream(seed: seed, name: "order")
  }

  /// Writes the epoch's order of `indices` into `order`; a pure function of the seed, the epoch and the indices. Allocates nothing.
  ///
  /// - Precondition: both have the same count.
  public func write(_ indices: Span<Int32>, epoch: Int, into order: inout MutableSpan<Int32>) {
    require(
      indices.count == order.count,
      "EpochOrder.write: \(indices.count) indices do not fit \(order.count) places; both counts must be equal.")
    for place in 0..<indices.count {
      order[place] = indices[place]
    }
    guard isShuffled else { return }
    var generator = stream.generator(epoch: epoch, index: 0)
    generator.shuffle(&order)
  }
}
