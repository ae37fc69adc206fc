/// Points of a plane in a tree of squares, each divided into four; a square knows the number and the center of its points (Barnes and Hut 1986).
struct QuadTree: Sendable {
  private struct Node {
    /// The number of points.
    var count = 0
    /// The sums, and later the means, of their coordinates.
    var x = 0.0
    var y = 0.0
    /// The first of four children; −1 for a square that is not divided.
    var children = -1
    /// A point of it, while it has only one place.
    var point = -1
  }

  private var nodes: [Node] = []
  private let left: Double
  private let bottom: Double
  private let side: Double
  /// Squares that are divided as often hold points that are as good as equal.
  private static let deepest = 40

  /// A tree of points, `[points][2]`.
  init(_ points: [Double]) {
    var (low, high) = ((x: Double.infinity, y: Double.infinity), (x: -Double.infinity, y: -Double.infinity))
    for place in stride(from: 0, to: points.count, by: 2) {
      low = (min(low.x, points[place]), min(low.y, points[place + 1]))
      high = (max(high.x, points[place]), max(high.y, points[place + 1]))
    }
    left = low.x
    bottom = low.y
    side = max(high.x - low.x, high.y - low.y, 1e-300)
    nodes.append(Node())
    for point in 0..<points.count / 2 { insert(point, points) }
    for index in nodes.indices where nodes[index].count > 0 {
      nodes[index].x /= Double(nodes[index].count)
      nodes[index].y /= Double(nodes[index].count)
    }
  }

  private mutating func insert(_ point: Int, _ points: [Double]) {
    let (x, y) = (points[2 * point], points[2 * point + 1])
    var (node, left, bottom, side) = (0, left, bottom, side)
    for depth in 0... {
      nodes[node].count += 1
      nodes[node].x += x
      nodes[node].y += y
      if nodes[node].children < 0 {
        if nodes[node].count == 1 {
          nodes[node].point = point
          return
        }
        let other = nodes[node].point
        if depth >= Self.deepest || points[2 * other] == x && points[2 * other + 1] == y { return }
        // The other points of this square are all at the place of one.
        let (there, number) = (nodes[node], nodes[node].count - 1)
        nodes[node].children = nodes.count
        nodes += [Node(), Node(), Node(), Node()]
        let child = nodes[node].children + Self.quarter(points[2 * other], points[2 * other + 1], left, bottom, side)
        nodes[child] = Node(count: number, x: there.x - x, y: there.y - y, children: -1, point: other)
        nodes[node].point = -1
      }
      let quarter = Self.quarter(x, y, left, bottom, side)
      side /= 2
      if quarter & 1 == 1 { left += side }
      if quarter & 2 == 2 { bottom += side }
      node = nodes[node].children + quarter
    }
  }

  private static func quarter(_ x: Double, _ y: Double, _ left: Double, _ bottom: Double, _ side: Double) -> Int {
    (x >= left + side / 2 ? 1 : 0) + (y >= bottom + side / 2 ? 2 : 0)
  }

  /// The sums over all points but those at the same place of `q²·(own − other)` and of `q`, with `q = 1 / (1 + distance²)`.
  ///
  /// A square whose side is less than `angle` times its distance counts as its points at their center.
  func repulsion(x: Double, y: Double, angle: Double, stack: inout [(node: Int, side: Double)]) -> (
    x: Double, y: Double, sum: Double
  ) {
    var (forceX, forceY, sum) = (0.0, 0.0, 0.0)
    stack.removeAll(keepingCapacity: true)
    stack.append((0, side))
    while let (index, side) = stack.popLast() {
      let node = nodes[index]
      guard node.count > 0 else { continue }
      let (dx, dy) = (x - node.x, y - node.y)
      let distance = dx * dx + dy * dy
      if node.children < 0 || side * side < angle * angle * distance {
        // Its own place, and that of equal points.
        if distance == 0 { continue }
        let share = 1 / (1 + distance)
        let weight = Double(node.count) * share
        sum += weight
        forceX += weight * share * dx
        forceY += weight * share * dy
      } else {
        for quarter in 0..<4 { stack.append((node.children + quarter, side / 2)) }
      }
    }
    return (forceX, forceY, sum)
  }
}
