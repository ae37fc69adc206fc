import LinearAlgebra
import Dispatch
import Synchronization
import TestSupport
import Testing

struct MatrixProductThreadTests {
  /// On both sides of the size at which OpenBLAS changes its method.
  static let shapes = [ProductShape(56, 32, 288), ProductShape(128, 64, 288)]

  @Test(arguments: MatrixProduct.allCases, shapes)
  func simultaneousCallsGiveTheBitsOfSingleCalls(product: MatrixProduct, shape: ProductShape) {
    let items = (0..<4).map { seed in
      var random = TestRandom(seed: UInt64(seed))
      return ProductCase(shape, alpha: 0.75, beta: 0.5, gap: 2, numbers: { random.uniform($0) })
    }
    let alone = items.map { $0.run(product).result.map(\.bitPattern) }
    let differing = Mutex<[Int]>([])
    DispatchQueue.concurrentPerform(iterations: 64) { iteration in
      let index = iteration % items.count
      let together = items[index].run(product).result.map(\.bitPattern)
      if together != alone[index] { differing.withLock { $0.append(iteration) } }
    }
    #expect(differing.withLock { $0 } == [])
    // If all results were equal, or 0, the comparison would prove nothing.
    #expect(Set(alone).count == items.count)
  }
}
