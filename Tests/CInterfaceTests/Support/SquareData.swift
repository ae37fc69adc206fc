import Foundation
import TestSupport

/// The four files of a small data set: each class is a bright square in a place of its own, over a pattern.
enum SquareData {
  /// Writes them into a folder of `folder`, plain, and returns its path.
  static func write(in folder: TemporaryFolder, count: Int) throws -> String {
    let path = folder.path + "/data"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (prefix, count) in [("train", count), ("t10k", 50)] {
      let labels = (0..<count).map { UInt8($0 % 10) }
      let images = (0..<count).map { image(label: $0 % 10, number: $0) }.reduce(Data(), +)
      try (header([count]) + Data(labels)).write(to: URL(fileURLWithPath: "\(path)/\(prefix)-labels-idx1-ubyte"))
      try (header([count, 28, 28]) + images).write(to: URL(fileURLWithPath: "\(path)/\(prefix)-images-idx3-ubyte"))
    }
    return path
  }

  private static func header(_ dimensions: [Int]) -> Data {
    var header = Data([0, 0, 8, UInt8(dimensions.count)])
    for dimension in dimensions {
      header.append(contentsOf: (0..<4).map { UInt8(truncatingIfNeeded: dimension >> (24 - 8 * $0)) })
    }
    return header
  }

  private static func image(label: Int, number: Int) -> Data {
    var pixels = Data((0..<784).map { UInt8(($0 * 31 + number * 17) % 40) })
    let (top, left) = (label / 5 * 14 + 4, label % 5 * 5)
    for row in top..<top + 6 {
      for column in left..<left + 6 { pixels[row * 28 + column] = 230 }
    }
    return pixels
  }
}
