import JacquardEngine
import TestSupport
import Testing

/// Maps of points by t-SNE, and what they are made of.
struct NeighborMapTests {
  /// Points in groups of 12 dimensions.
  private static func groups(_ count: Int, groups: Int, seed: UInt64 = 3) -> [Float] {
    var random = TestRandom(seed: seed)
    let centers = (0..<groups).map { _ in random.uniform(12).map { 6 * $0 } }
    return (0..<count).flatMap { point in zip(centers[point % groups], random.uniform(12)).map { $0 + $1 } }
  }

  @Test func neighborsAreTheNearestInOrder() {
    var random = TestRandom(seed: 8)
    let points = random.uniform(3 * 130)
    let found = NearestNeighbors(points, dimensions: 3, count: 7)
    for point in 0..<130 {
      let distances = (0..<130).map { other in
        (0..<3).reduce(Float(0)) { sum, axis in
          let difference = points[3 * point + axis] - points[3 * other + axis]
          return sum + difference * difference
        }
      }
      let expected = (0..<130).filter { $0 != point }.sorted { (distances[$0], $0) < (distances[$1], $1) }.prefix(7)
      #expect(found.indices[7 * point..<7 * (point + 1)].map { Int($0) } == Array(expected))
      #expect(Array(found.squaredDistances[7 * point..<7 * (point + 1)]) == expected.map { Double(distances[$0]) })
    }
  }

  @Test func trustworthinessFallsWithWrongNeighbors() {
    // On a line; a map that swaps the ends.
    let line = (0..<20).map { Float($0) }
    #expect(Trustworthiness.value(line, dimensions: 1, map: line, mapDimensions: 1, neighbors: 3) == 1)
    var swapped = line
    swapped.swapAt(0, 19)
    let value = Trustworthiness.value(line, dimensions: 1, map: swapped, mapDimensions: 1, neighbors: 3)
    #expect(value < 0.95 && value > 0.6)
    let hand = Trustworthiness.value(
      [0, 1, 2.5, 4.5, 7, 20], dimensions: 1, map: [0, 10, 11, 0.5, 30, 50], mapDimensions: 1, neighbors: 1)
    // Neighbors in the map: 0→3, 1→2, 2→1, 3→0, 4→2, 5→4; ranks before: 3, 2, 1, 4, 2, 1.
    let excess = 2.0 + 1 + 0 + 3 + 1 + 0
    #expect(abs(hand - (1 - 2 / 48.0 * excess)) < 1e-12)
  }

  @Test func groupsStayTogether() throws {
    let points = Self.groups(300, groups: 5)
    let map = try NeighborMap(points, dimensions: 12).coordinates
    #expect(map.count == 600 && map.allSatisfy(\.isFinite))
    let near = NearestNeighbors(map, dimensions: 2, count: 5).indices
    let same = near.enumerated().count { Int($1) % 5 == $0 / 5 % 5 }
    #expect(same == near.count, "\(near.count - same) of \(near.count) neighbors are of another group")
    #expect(Trustworthiness.value(points, dimensions: 12, map: map) > 0.9)
  }

  @Test func aMapDependsOnPointsAndSeedAlone() throws {
    let points = Self.groups(200, groups: 3)
    var settings = NeighborMap.Settings()
    settings.steps = 100
    let first = try NeighborMap(points, dimensions: 12, settings: settings).coordinates
    #expect(try NeighborMap(points, dimensions: 12, settings: settings).coordinates == first)
    settings.seed = 2
    #expect(try NeighborMap(points, dimensions: 12, settings: settings).coordinates != first)
  }

  /// With an angle of 0, the tree gives the sums over all points.
  @Test func coarseForcesAreCloseToExactOnes() throws {
    let points = Self.groups(150, groups: 3)
    var settings = NeighborMap.Settings()
    settings.steps = 20
    settings.angle = 0
    let exact = try NeighborMap(points, dimensions: 12, settings: settings).coordinates
    settings.angle = 0.3
    let coarse = try NeighborMap(points, dimensions: 12, settings: settings).coordinates
    let scale = exact.reduce(Float(0)) { max($0, $1.magnitude) }
    #expect(zip(exact, coarse).allSatisfy { ($0 - $1).magnitude < 0.1 * scale })
    #expect(exact != coarse)
  }

  @Test func equalPointsAndFewPointsHaveMaps() throws {
    let equal = try NeighborMap([Float](repeating: 1, count: 40), dimensions: 4).coordinates
    #expect(equal.count == 20 && equal.allSatisfy(\.isFinite))
    let few = try NeighborMap([0, 0, 1, 0, 0, 1, 5, 5], dimensions: 2).coordinates
    #expect(few.count == 8 && few.allSatisfy(\.isFinite))
  }
}
