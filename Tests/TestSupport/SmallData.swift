public import Foundation

/// A data set of few images that even a small model learns: each class is a bright square at a different position.
public enum SmallData {
  /// Writes the four files, plain, into a folder of `scratch` and returns its path.
  @discardableResult
  public static func write(
    in scratch: TemporaryFolder, folder: String = "data", training: Int = 200, test: Int = 50
  ) throws -> String {
    // Nothing else identifies them as clothes.
    try scratch.write(Data(classNames.map { $0 + "\n" }.joined().utf8), to: "\(folder)/classes.txt")
    for (prefix, count) in [("train", training), ("t10k", test)] {
      let labels = (0..<count).map { UInt8($0 % 10) }
      try scratch.write(
        header(type: 0x08, [count]) + Data(labels), to: "\(folder)/\(prefix)-labels-idx1-ubyte")
      let pixels = (0..<count).map { image(label: $0 % 10, number: $0) }.reduce(Data(), +)
      try scratch.write(
        header(type: 0x08, [count, 28, 28]) + pixels, to: "\(folder)/\(prefix)-images-idx3-ubyte")
    }
    return scratch.path + "/" + folder
  }

  private static let classNames = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]

  /// The header of an IDX file.
  public static func header(type: UInt8, _ dimensions: [Int]) -> Data {
    var header = Data([0, 0, type, UInt8(dimensions.count)])
    for dimension in dimensions {
      header.append(contentsOf: (0..<4).map { UInt8(truncatingIfNeeded: dimension >> (24 - 8 * $0)) })
    }
    return header
  }

  /// A square of 6 × 6 pixels whose position depends on the class, over a faint pattern that depends on the image.
  private static func image(label: Int, number: Int) -> Data {
    var pixels = Data((0..<784).map { UInt8(($0 * 31 + number * 17) % 40) })
    let (top, left) = (label / 5 * 14 + 4, label % 5 * 5)
    for row in top..<top + 6 {
      for column in left..<left + 6 { pixels[row * 28 + column] = 230 }
    }
    return pixels
  }
}
