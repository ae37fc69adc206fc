import JacquardEngine
import TestSupport
import Testing

struct PrincipalComponentsTests {
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
    // The longest axis should have 25 of 35.04; 400 points allow some deviation.
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

  @Test func fewPointsOfManyDimensionsHaveTheComponentsOfTheirTranspose() throws {
    // Rows of a matrix A and those of A with columns of zeros: the second has more dimensions than points.
    var random = TestRandom(seed: 4)
    let (rows, columns) = (12, 5)
    let points = random.normal(rows * columns)
    let padded = (0..<rows).flatMap { points[$0 * columns..<($0 + 1) * columns] + Array(repeating: 0, count: 20) }
    let narrow = try PrincipalComponents(points, dimensions: columns, count: 3)
    let wide = try PrincipalComponents(padded, dimensions: columns + 20, count: 3)
    for (a, b) in zip(narrow.shares, wide.shares) { #expect((a - b).magnitude < 1e-5) }
    for (a, b) in zip(narrow.coordinates, wide.coordinates) { #expect((a - b).magnitude < 1e-4) }
    #expect(narrow.coordinates.contains { $0.magnitude > 0.5 })
  }

  @Test func onePointHasNoComponents() throws {
    let components = try PrincipalComponents([3, 1, 2], dimensions: 3, count: 2)
    #expect(components.shares == [0, 0] && components.coordinates == [0, 0])
  }

  /// Their squares overflow; the shares are those of the same points scaled down, to the last bit.
  @Test func veryLargePointsHaveComponents() throws {
    let points: [Float] = [4, 3, 3, 5, 5, 5, 8, 11, 12]
    let small = try PrincipalComponents(points, dimensions: 3, count: 2)
    let large = try PrincipalComponents(points.map { $0 * 0x1p100 }, dimensions: 3, count: 2)
    #expect(large.shares == small.shares)
    #expect(large.coordinates == small.coordinates.map { $0 * 0x1p100 })
  }

  @Test func equalPointsHaveNoVariance() throws {
    let components = try PrincipalComponents(Array(repeating: 2, count: 12), dimensions: 3, count: 2)
    #expect(components.shares == [0, 0])
    #expect(components.coordinates.allSatisfy { $0 == 0 })
  }
}
