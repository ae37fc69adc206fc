import Datasets
import Foundation
import TestSupport
import Testing

/// Data sets written by NumPy and Pillow can be read, and networks learn from them.
@Suite(.conformance)
struct DatasetTests {
  /// The script's output about its files.
  private struct Written: Decodable {
    struct Beginning: Decodable {
      let train: [UInt8]
      let labels: [UInt16]
    }

    let types: Int
    let small: [UInt8]
    let answers: [UInt16]
    let cifar: Beginning
    let modes: [String: [UInt8]]
    let means: [Double]
  }

  private let folder: TemporaryFolder
  private let written: Written

  init() throws {
    folder = try TemporaryFolder()
    written = try Python.json("datasets_write.py", folder.path, as: Written.self)
  }

  @Test func everyTypeAndOrderIsRead() throws {
    #expect(written.types == 12)
    for index in 0..<written.types {
      for path in [folder("types/\(index)"), folder("types/\(index)/all.npz")] {
        let set = try DataSource(path: path).load(.training)
        #expect(set.shape == Shape.image(height: 5, width: 6, channels: 3))
        #expect(set.images == written.small, "\(path)")
        #expect(set.labels == written.answers, "\(path)")
      }
    }
  }

  @Test func aSetOfCIFARsShapeIsRead() throws {
    let (training, test) = try DataSource(path: folder("cifar.npz")).loadBoth()
    #expect(training.count == 420 && test?.count == 105)
    #expect(Array(training.images.prefix(written.cifar.train.count)) == written.cifar.train)
    #expect(Array(training.labels.prefix(50)) == written.cifar.labels)
  }

  @Test func picturesOfEveryModeAreWhatPillowSees() throws {
    let reading = PictureReading(colors: .color)
    let set = try DataSource(path: folder("modes"), pictures: reading).load(.training)
    #expect(set.classNames == ["1", "L", "P", "RGB"])
    for (index, mode) in set.classNames.enumerated() {
      #expect(Array(set.pixels(at: index)) == written.modes[mode], "\(mode)")
    }
    // Each new pixel covers a whole number of pixels, so it is their mean.
    let small = PictureReading(size: PictureSize(height: 2, width: 3), colors: .color)
    let pixels = try DataSource(path: folder("modes"), pictures: small).load(.training).pixels(at: 3)
    #expect(zip(pixels, written.means).allSatisfy { abs(Double($0) - $1) <= 0.5 + 1e-4 })
    #expect(pixels.count == written.means.count)
  }

  @Test(arguments: ["cifar.npz", "pictures"], ["cnn", "lenet"])
  func networksLearnFromThem(data: String, model: String) throws {
    let output = try Program.output(
      of: Program.jacquard,
      [
        "train", "--data", folder(data), "--model", model, "--epochs", "4", "--batch-size", "20", "--lr", "0.003",
        "--out",
        folder("run"), "--quiet", "--json",
      ])
    let result = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    let test = try #require(result["test"] as? [String: Double])
    // Chance is 0.14.
    #expect(try #require(test["accuracy"]) >= 0.9)
  }
}
