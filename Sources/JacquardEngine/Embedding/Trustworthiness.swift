internal import Support
internal import Synchronization

/// How far the neighbors in a map were neighbors before: 1 if all were, less for each that was not, the more the farther away it was (Venna and Kaski 2001).
///
/// `T(k) = 1 − 2 / (n k (2n − 3k − 1)) · Σ over points i, Σ over the k nearest neighbors j of i in the map, of max(0, r(i, j) − k)`, with the rank `r(i, j)` of
/// j among the neighbors of i before.
package enum Trustworthiness {
  /// The figure for some points and a map of them.
  ///
  /// - Parameters:
  ///   - points: `[points][dimensions]`
  ///   - map: `[points][mapDimensions]`
  ///   - neighbors: k, less than half the number of points.
  package static func value(
    _ points: [Float], dimensions: Int, map: [Float], mapDimensions: Int = 2, neighbors: Int = 5
  ) -> Double {
    let total = map.count / mapDimensions
    require(
      neighbors > 0 && 2 * neighbors < total && points.count == total * dimensions,
      "Trustworthiness: \(neighbors) neighbors of \(total) points")
    let near = NearestNeighbors(map, dimensions: mapDimensions, count: neighbors).indices
    let parts = NearestNeighbors.parts(total)
    let sums = Mutex([Int](repeating: 0, count: parts.count))
    Parallel.perform(count: parts.count) { part in
      var sum = 0
      var distances = [Double](repeating: 0, count: total)
      for point in parts[part] {
        NearestNeighbors.distances(from: point, points, dimensions, into: &distances)
        for place in 0..<neighbors {
          let neighbor = Int(near[point * neighbors + place])
          let own = (distances[neighbor], neighbor)
          let rank = 1 + distances.indices.count { $0 != point && (distances[$0], $0) < own }
          sum += max(0, rank - neighbors)
        }
      }
      sums.withLock { $0[part] = sum }
    }
    let total2 = Double(sums.withLock { $0.reduce(0, +) })
    let (n, k) = (Double(total), Double(neighbors))
    return 1 - 2 / (n * k * (2 * n - 3 * k - 1)) * total2
  }
}
