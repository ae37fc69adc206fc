internal import Support
internal import Synchronization

/// The nearest neighbors of each of some points, by Euclidean distance, exactly.
package struct NearestNeighbors: Sendable {
  /// Neighbors per point.
  package let count: Int
  /// The neighbors' numbers, `[points][count]`, the nearest first; of equally near ones the lower number first.
  package let indices: [Int32]
  /// The squared distances, `[points][count]`.
  package let squaredDistances: [Double]

  /// Finds the neighbors of every point; takes time in proportion to the square of their number.
  ///
  /// - Parameters:
  ///   - points: `[points][dimensions]`, all finite.
  ///   - count: Neighbors per point, less than the number of points.
  package init(_ points: [Float], dimensions: Int, count: Int) {
    let total = points.count / max(1, dimensions)
    require(
      dimensions > 0 && points.count == total * dimensions && count > 0 && count < total,
      "NearestNeighbors: \(count) neighbors among \(points.count) numbers in \(dimensions) dimensions")
    self.count = count
    let parts = Self.parts(total)
    let found = Mutex([(indices: [Int32], distances: [Double])](repeating: ([], []), count: parts.count))
    Parallel.perform(count: parts.count) { part in
      var result: (indices: [Int32], distances: [Double]) = ([], [])
      var distances = [Double](repeating: 0, count: total)
      for point in parts[part] {
        Self.distances(from: point, points, dimensions, into: &distances)
        let nearest = Self.smallest(count, of: distances, except: point)
        result.indices += nearest.map { Int32($0) }
        result.distances += nearest.map { distances[$0] }
      }
      found.withLock { $0[part] = result }
    }
    let all = found.withLock { $0 }
    indices = all.flatMap(\.indices)
    squaredDistances = all.flatMap(\.distances)
  }

  /// Ranges of numbers that are computed together.
  static func parts(_ total: Int, size: Int = 64) -> [Range<Int>] {
    stride(from: 0, to: total, by: size).map { $0..<min($0 + size, total) }
  }

  /// The squared distance of a point from each other.
  static func distances(from point: Int, _ points: [Float], _ dimensions: Int, into distances: inout [Double]) {
    let all = points.span
    let own = all.extracting(point * dimensions..<(point + 1) * dimensions)
    for other in distances.indices {
      let there = all.extracting(other * dimensions..<(other + 1) * dimensions)
      var sum: Float = 0
      for column in 0..<dimensions {
        let difference = own[column] - there[column]
        sum += difference * difference
      }
      distances[other] = Double(sum)
    }
  }

  /// The numbers of the smallest values, in rising order.
  private static func smallest(_ count: Int, of values: [Double], except own: Int) -> [Int] {
    // A heap with the largest of the candidates on top.
    var heap: [(value: Double, index: Int)] = []
    heap.reserveCapacity(count)
    func precedes(_ a: (value: Double, index: Int), _ b: (value: Double, index: Int)) -> Bool {
      (a.value, a.index) < (b.value, b.index)
    }
    for index in values.indices where index != own {
      let candidate = (value: values[index], index: index)
      if heap.count < count {
        heap.append(candidate)
        var child = heap.count - 1
        while child > 0, precedes(heap[(child - 1) / 2], heap[child]) {
          heap.swapAt(child, (child - 1) / 2)
          child = (child - 1) / 2
        }
      } else if precedes(candidate, heap[0]) {
        heap[0] = candidate
        var parent = 0
        while true {
          var largest = parent
          for child in [2 * parent + 1, 2 * parent + 2] where child < count && precedes(heap[largest], heap[child]) {
            largest = child
          }
          if largest == parent { break }
          heap.swapAt(parent, largest)
          parent = largest
        }
      }
    }
    return heap.sorted(by: precedes).map(\.index)
  }
}
