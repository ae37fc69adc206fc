internal import Randomness

/// The order in which an epoch visits its samples: shuffled for each epoch, or sequential.
public struct EpochOrder: Hashable, Sendable {
  /// Whether the order is random.
  public let isShuffled: Bool

  private let stream: RandomStream

  /// Makes the orders for a seed.
  public init(seed: UInt64, isShuffled: Bool = true) {
    self.isShuffled = isShuffled
    stream = RandomStream(seed: seed, name: "order")
  }

  /// Writes the epoch's order of the numbers from 0 to `order.count` − 1: a pure function of the seed, the epoch and the count.
  /// Allocates nothing.
  public func write(epoch: Int, into order: inout MutableSpan<Int32>) {
    for place in order.indices { order[place] = Int32(place) }
    if isShuffled { shuffle(&order, epoch: epoch) }
  }

  /// Puts numbers into the epoch's random order, also if epochs are sequential. Allocates nothing.
  package func shuffle(_ numbers: inout MutableSpan<Int32>, epoch: Int) {
    var generator = stream.generator(epoch: epoch, index: 0)
    generator.shuffle(&numbers)
  }
}
