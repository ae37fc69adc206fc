package import LinearAlgebra
internal import Randomness
internal import Support
internal import Synchronization

/// A map of points in a plane that keeps neighbors together: t-SNE with the approximation of Barnes and Hut (van der Maaten and Hinton 2008; van der Maaten
/// 2014).
///
/// Points begin at their first two principal components, moved a little by random numbers of the seed. The map is a function of the points and the seed: each
/// point's forces are computed by one thread, and sums run in the order of the points.
package struct NeighborMap: Sendable {
  /// The settings of a map.
  package struct Settings: Hashable, Sendable {
    /// The effective number of neighbors of a point.
    package var perplexity = 30.0
    /// Steps of the descent; in the first quarter, similarities count twelve times.
    package var steps = 1000
    /// How coarse the forces of far points are: 0 for none is exact.
    package var angle = 0.5
    /// The seed of the first places.
    package var seed: UInt64 = 1

    /// The usual settings.
    package init() {}
  }

  /// The map, `[points][2]`.
  package let coordinates: [Float]

  /// The fewest points of a map.
  package static let fewestPoints = 4
  private static let exaggeration = 12.0
  /// Distances in more dimensions are those of as many principal components.
  private static let mostDimensions = 50

  /// Computes a map.
  ///
  /// - Parameters:
  ///   - points: `[points][dimensions]`, at least 4 points, all finite.
  ///   - dimensions: The number of coordinates of a point, at least 2.
  /// - Throws: `LAPACKError` if the principal components cannot be computed.
  package init(_ points: [Float], dimensions: Int, settings: Settings = Settings()) throws(LAPACKError) {
    let count = points.count / max(1, dimensions)
    require(
      dimensions > 1 && points.count == count * dimensions && count >= Self.fewestPoints,
      "NeighborMap: \(points.count) numbers cannot be at least 4 points of \(dimensions) dimensions")
    let components = try PrincipalComponents(
      points, dimensions: dimensions, count: min(dimensions, Self.mostDimensions))
    let width = min(dimensions, Self.mostDimensions)
    // A perplexity above a third of the points has no solution.
    let perplexity = max(1, min(settings.perplexity, Double(count - 1) / 3))
    let neighbors = NearestNeighbors(
      components.coordinates, dimensions: width, count: min(count - 1, max(1, Int(3 * perplexity))))
    let similarities = Similarities(neighbors, count: count, perplexity: perplexity)
    var places = Self.firstPlaces(components.coordinates, width: width, count: count, seed: settings.seed)
    Self.descend(&places, similarities, settings)
    coordinates = places.map { Float($0) }
  }

  /// The first two components, scaled to a deviation of 0.0001, moved by a hundredth of that.
  private static func firstPlaces(_ components: [Float], width: Int, count: Int, seed: UInt64) -> [Double] {
    var places: [Double] = []
    for point in 0..<count { for axis in 0..<2 { places.append(Double(components[point * width + axis])) } }
    let spread = (stride(from: 0, to: places.count, by: 2).reduce(0.0) { $0 + places[$1] * places[$1] } / Double(count))
      .squareRoot()
    let stream = RandomStream(seed: seed, name: "neighbor map")
    for point in 0..<count {
      var generator = stream.generator(epoch: 0, index: point)
      for axis in 0..<2 {
        let place = spread > 0 ? places[2 * point + axis] / spread : 0
        places[2 * point + axis] = 1e-4 * place + 1e-6 * Double(generator.normal())
      }
    }
    return places
  }

  private static func descend(_ places: inout [Double], _ similarities: Similarities, _ settings: Settings) {
    let count = places.count / 2
    let rate = max(Double(count) / exaggeration / 4, 50)
    let early = settings.steps / 4
    var moves = [Double](repeating: 0, count: places.count)
    var gains = [Double](repeating: 1, count: places.count)
    for step in 0..<settings.steps {
      let isEarly = step < early
      let gradient = gradient(places, similarities, factor: isEarly ? exaggeration : 1, angle: settings.angle)
      let momentum = isEarly ? 0.5 : 0.8
      for index in places.indices {
        // A gain grows while a coordinate keeps its direction (Jacobs 1988).
        let keeps = (gradient[index] > 0) != (moves[index] > 0)
        gains[index] = max(0.01, keeps ? gains[index] + 0.2 : gains[index] * 0.8)
        moves[index] = momentum * moves[index] - rate * gains[index] * gradient[index]
        places[index] += moves[index]
      }
      for axis in 0..<2 {
        let mean = stride(from: axis, to: places.count, by: 2).reduce(0.0) { $0 + places[$1] } / Double(count)
        for index in stride(from: axis, to: places.count, by: 2) { places[index] -= mean }
      }
    }
  }

  /// `4 · (factor · Σ p q (y − other) − Σ q² (y − other) / Σ q)`, by both coordinates of each point.
  private static func gradient(
    _ places: [Double], _ similarities: Similarities, factor: Double, angle: Double
  ) -> [Double] {
    let tree = QuadTree(places)
    let parts = NearestNeighbors.parts(places.count / 2, size: 128)
    let found = Mutex([[Forces]](repeating: [], count: parts.count))
    Parallel.perform(count: parts.count) { part in
      var result: [Forces] = []
      var stack: [(node: Int, side: Double)] = []
      for point in parts[part] {
        let (x, y) = (places[2 * point], places[2 * point + 1])
        var (pullX, pullY) = (0.0, 0.0)
        for place in similarities.rows[point]..<similarities.rows[point + 1] {
          let other = Int(similarities.columns[place])
          let (dx, dy) = (x - places[2 * other], y - places[2 * other + 1])
          let force = similarities.values[place] / (1 + dx * dx + dy * dy)
          pullX += force * dx
          pullY += force * dy
        }
        let push = tree.repulsion(x: x, y: y, angle: angle, stack: &stack)
        result.append(Forces(pullX: pullX, pullY: pullY, pushX: push.x, pushY: push.y, sum: push.sum))
      }
      found.withLock { $0[part] = result }
    }
    let all = found.withLock { $0 }.joined()
    var sum = 0.0
    for forces in all { sum += forces.sum }
    sum = max(sum, 1e-300)
    var gradient: [Double] = []
    gradient.reserveCapacity(places.count)
    for forces in all {
      gradient.append(4 * (factor * forces.pullX - forces.pushX / sum))
      gradient.append(4 * (factor * forces.pullY - forces.pushY / sum))
    }
    return gradient
  }

  /// The sums of a point: those of its neighbors' attraction, and those of the tree.
  private struct Forces: Sendable {
    let pullX: Double
    let pullY: Double
    let pushX: Double
    let pushY: Double
    let sum: Double
  }
}

/// How similar points are: for each point, a share for each of its neighbors, made symmetric; all together 1.
private struct Similarities: Sendable {
  /// For each point the beginning of its row, and the end of the last.
  let rows: [Int]
  /// The other point.
  let columns: [Int32]
  let values: [Double]

  init(_ neighbors: NearestNeighbors, count: Int, perplexity: Double) {
    let width = neighbors.count
    let parts = NearestNeighbors.parts(count)
    let found = Mutex([[Double]](repeating: [], count: parts.count))
    Parallel.perform(count: parts.count) { part in
      let shares = parts[part].flatMap {
        Self.shares(neighbors.squaredDistances[$0 * width..<($0 + 1) * width], perplexity: perplexity)
      }
      found.withLock { $0[part] = shares }
    }
    let shares = found.withLock { $0 }.flatMap(\.self)
    var sums = [[Int32: Double]](repeating: [:], count: count)
    for point in 0..<count {
      for place in point * width..<(point + 1) * width {
        let other = neighbors.indices[place]
        sums[point][other, default: 0] += shares[place]
        sums[Int(other)][Int32(point), default: 0] += shares[place]
      }
    }
    var (rows, columns, values): ([Int], [Int32], [Double]) = ([0], [], [])
    for row in sums {
      for (column, value) in row.sorted(by: { $0.key < $1.key }) {
        columns.append(column)
        values.append(value / (2 * Double(count)))
      }
      rows.append(columns.count)
    }
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }

  /// Normal shares of distances, with the width whose entropy is the logarithm of the perplexity.
  private static func shares(_ distances: ArraySlice<Double>, perplexity: Double) -> [Double] {
    let target = ElementaryFunctions.logarithm(perplexity)
    let nearest = distances.first ?? 0
    var (precision, low, high) = (1.0, 0.0, Double.infinity)
    // A start near the solution: distances may have any scale.
    let mean = distances.reduce(0.0) { $0 + $1 - nearest } / Double(max(1, distances.count))
    if mean > 0 { precision = 1 / mean }
    var shares: [Double] = []
    for _ in 0..<100 {
      shares = distances.map { ElementaryFunctions.exponential(-precision * ($0 - nearest)) }
      let sum = shares.reduce(0, +)
      let weighted = zip(shares, distances).reduce(0.0) { $0 + $1.0 * ($1.1 - nearest) } / sum
      let entropy = ElementaryFunctions.logarithm(sum) + precision * weighted
      shares = shares.map { $0 / sum }
      let difference = entropy - target
      if difference.magnitude < 1e-5 { break }
      if difference > 0 {
        low = precision
        precision = high.isInfinite ? precision * 2 : (precision + high) / 2
      } else {
        high = precision
        precision = (precision + low) / 2
      }
    }
    return shares
  }
}
