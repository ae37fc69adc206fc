import Figures
package import Foundation
import NumPy
package import TestSupport

/// A user-provided data set: small images in color whose class is the color of a square at a random position.
package enum OwnData {
  package static let classNames = ["blue", "cyan", "green", "red", "yellow"]
  private static let colors: [[UInt8]] = [
    [20, 20, 230], [20, 230, 230], [20, 230, 20], [230, 20, 20], [230, 230, 20],
  ]

  /// The pixels of an image, `[20][22][3]`; its class is `number % 5`.
  package static func image(_ number: Int, height: Int = 20, width: Int = 22) -> [UInt8] {
    var pixels = (0..<height * width * 3).map { UInt8(($0 * 31 + number * 17) % 50) }
    let (top, left) = (number * 7 % (height - 9), number * 5 % (width - 9))
    for row in top..<top + 9 {
      for column in left..<left + 9 {
        for channel in 0..<3 { pixels[(row * width + column) * 3 + channel] = colors[number % 5][channel] }
      }
    }
    return pixels
  }

  /// Writes an archive `own.npz`, and beside it the names of its classes, and returns its path.
  @discardableResult
  package static func archive(in scratch: TemporaryFolder, training: Int = 100, test: Int? = 20) throws -> String {
    var members: [NumPyArchive.Member] = []
    for (part, range) in [("train", 0..<training), ("test", 100..<100 + (test ?? 0))] where !range.isEmpty {
      let pixels = range.flatMap { image($0) }
      members += [
        .init(name: "x_\(part)", array: NumPyArray(shape: [range.count, 20, 22, 3], bytes: pixels)),
        .init(name: "y_\(part)", array: NumPyArray(shape: [range.count, 1], integers: range.map { Int64($0 % 5) })),
      ]
    }
    try scratch.write(classNames.joined(separator: "\n"), to: "own.classes.txt")
    return try scratch.write(Data(NumPyArchive(members).serialized()), to: "own.npz")
  }

  /// Writes PNG files into folders of classes, in a folder `pictures`, and returns its path.
  @discardableResult
  package static func pictures(
    in scratch: TemporaryFolder, training: Int = 100, test: Int? = 20, height: Int = 20, width: Int = 22
  ) throws -> String {
    for (part, range) in [("train/", 0..<training), ("test/", 100..<100 + (test ?? 0))] {
      for number in range {
        let bitmap = Bitmap(
          width: width, height: height, channels: 3, pixels: image(number, height: height, width: width))
        let name = String(format: "%03d.png", number)
        try scratch.write(Data(try bitmap.png()), to: "pictures/\(part)\(classNames[number % 5])/\(name)")
      }
    }
    return scratch.path + "/pictures"
  }

  /// A PNG file of one shade and some noise.
  package static func picture(_ shade: Int, height: Int = 28, width: Int = 28) throws -> Data {
    let pixels = (0..<height * width).map { UInt8(truncatingIfNeeded: shade + $0 * 31 % 23) }
    return Data(try Bitmap(width: width, height: height, channels: 1, pixels: pixels).png())
  }
}
