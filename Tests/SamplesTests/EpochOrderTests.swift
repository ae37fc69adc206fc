import Samples
import Testing

struct EpochOrderTests {
  private static func written(_ order: EpochOrder, _ indices: [Int32], epoch: Int) -> [Int32] {
    var result = [Int32](repeating: -1, count: indices.count)
    var span = result.mutableSpan
    order.write(epoch: epoch, into: &span)
    return result.map { indices[Int($0)] }
  }

  /// Computed once by a separate implementation in another language.
  @Test(arguments: [
    (0, [107, 111, 104, 100, 109, 110, 105, 101, 102, 108, 103, 106]),
    (1, [104, 101, 102, 109, 103, 110, 107, 106, 111, 105, 108, 100]),
    (2, [107, 100, 111, 106, 101, 104, 102, 110, 105, 103, 108, 109]),
  ])
  func ordersNeverChange(epoch: Int, expected: [Int32]) {
    #expect(Self.written(EpochOrder(seed: 1), [Int32](100..<112), epoch: epoch) == expected)
  }

  @Test func anEpochsOrderDoesNotDependOnThoseBefore() {
    let order = EpochOrder(seed: 5)
    let indices = [Int32](0..<1000)
    let fifth = Self.written(order, indices, epoch: 5)
    for epoch in 0..<5 {
      let other = Self.written(order, indices, epoch: epoch)
      #expect(other.sorted() == indices)
      #expect(other != fifth)
    }
    #expect(Self.written(EpochOrder(seed: 5), indices, epoch: 5) == fifth)
    #expect(Self.written(EpochOrder(seed: 6), indices, epoch: 5) != fifth)
  }

  @Test(arguments: [[], [4], [9, 2, 5]] as [[Int32]])
  func unshuffledOrdersAreTheIndices(indices: [Int32]) {
    #expect(Self.written(EpochOrder(seed: 1, isShuffled: false), indices, epoch: 3) == indices)
    #expect(Self.written(EpochOrder(seed: 1), indices, epoch: 3).sorted() == indices.sorted())
  }
}
