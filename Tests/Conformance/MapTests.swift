import Foundation
import Interchange
import JacquardEngine
import NumPy
import Randomness
import TestSupport
import Testing

/// Maps of features and curves over thresholds, against scikit-learn's.
@Suite(.conformance)
struct MapTests {
  private struct Found: Decodable {
    let theirs: Double
    let ours: Double
    let areas: [Double]
    let precisions: [Double]
  }

  /// Points of several groups of different density, with a label that most of a group have.
  private static func points(_ count: Int, dimensions: Int, groups: Int) -> (points: [Float], labels: [Int32]) {
    var generator = RandomStream(seed: 11, name: "map").generator(epoch: 0, index: 0)
    let centers = (0..<groups * dimensions).map { _ in 3 * generator.normal() }
    var (points, labels): ([Float], [Int32]) = ([], [])
    for point in 0..<count {
      let group = point % groups
      for axis in 0..<dimensions {
        points.append(centers[group * dimensions + axis] + Float(1 + group % 3) * 0.5 * generator.normal())
      }
      labels.append(Int32(group))
    }
    return (points, labels)
  }

  @Test func neighborsAreKeptAsWell() throws {
    let folder = try TemporaryFolder()
    let (points, labels) = Self.points(1500, dimensions: 64, groups: 10)
    let map = try NeighborMap(points, dimensions: 64).coordinates
    try NumPyArray(shape: [1500, 64], floats: points).write(to: folder("points.npy"))
    try NumPyArray(shape: [1500, 2], floats: map).write(to: folder("map.npy"))
    // Probabilities with ties.
    var generator = RandomStream(seed: 12, name: "scores").generator(epoch: 0, index: 0)
    let scores = labels.flatMap { label -> [Float] in
      let raw = (0..<10).map { (exp(Double(generator.normal()) + ($0 == label ? 1.5 : 0)) * 8).rounded() + 1 }
      let sum = raw.reduce(0, +)
      return raw.map { Float($0 / sum) }
    }
    try NumPyArray(shape: [1500, 10], floats: scores).write(to: folder("scores.npy"))
    try NumPyArray(shape: [1500], integers: labels.map(Int64.init)).write(to: folder("labels.npy"))
    let found = try Python.json("sklearn_maps.py", folder.path, as: Found.self)
    // Ours by our definition is ours by theirs.
    let own = Trustworthiness.value(points, dimensions: 64, map: map, neighbors: 12)
    #expect(abs(own - found.ours) < 1e-6)
    #expect(found.ours > found.theirs - 0.005, "\(found.ours), scikit-learn \(found.theirs)")
    #expect(found.areas.count == 10 && found.precisions.count == 10)
    for choice in 0..<10 {
      let curves = ThresholdCurves(scores, labels: labels, classes: 10, class: choice)
      #expect(abs(try #require(curves.area) - found.areas[choice]) < 1e-9)
      #expect(abs(try #require(curves.averagePrecision) - found.precisions[choice]) < 1e-9)
    }
  }
}
