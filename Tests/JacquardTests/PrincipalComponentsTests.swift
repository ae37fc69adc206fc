import Jacquard
import TestSupport
import Testing

@Suite struct PrincipalComponentsTests {
  @Test func pointsOnALineHaveOneComponent() throws {
    // (1, 2, 2) · t + (5, 5, 5), with t = −1, 0, 3: the direction is (1, 2, 2) / 3, the coordinates 3 (t − 2/3).
    let points: [Float] = [4, 3, 3, 5, 5, 5, 8, 11, 11]
    let components = try PrincipalComponents(points, dimensions: 3, count: 2)
    #expect((components.shares[0] - 1).magnitude < 1e-6 && components.shares[1] < 1e-6)
    for (place, expected) in [-5.0, -2, 7].enumerated() {
      #expect((Double(components.coordinates[2 * place]) - expected).magnitude < 1e-4)
      #expect(components.coordinates[2 * place + 1].magnitude < 1e-4)
    }
  }

  @Test func componentsAreUncorrelatedAndSorted() throws {
    var random = TestRandom(seed: 8)
    let scales: [Float] = [1, 5, 0.2, 3]
    let points = (0..<400).flatMap { _ in zip(random.normal(4), scales).map { $0 * $1 } }
    let components = try PrincipalComponents(points, dimensions: 4, count: 4)
    #expect(components.shares == components.shares.sorted(by: >))
    #expect((components.shares.reduce(0, +) - 1).magnitude < 1e-5)
    // 25 of 35.04 is what the longest axis should have; 400 points leave some room.
    #expect((components.shares[0] - 25 / 35.04).magnitude < 0.06)
    func product(_ a: Int, _ b: Int) -> Double {
      (0..<400).reduce(0.0) {
        $0 + Double(components.coordinates[4 * $1 + a]) * Double(components.coordinates[4 * $1 + b])
      }
    }
    for a in 0..<4 {
      for b in 0..<a { #expect(product(a, b).magnitude < 1e-4 * (product(a, a) * product(b, b)).squareRoot()) }
      // The variance along a component is its eigenvalue.
      #expect((product(a, a) / product(0, 0) - components.shares[a] / components.shares[0]).magnitude < 1e-4)
    }
  }

  @Test func equalPointsHaveNoVariance() throws {
    let components = try PrincipalComponents(Array(repeating: 2, count: 12), dimensions: 3, count: 2)
    #expect(components.shares == [0, 0])
    #expect(components.coordinates.allSatisfy { $0 == 0 })
  }
}
