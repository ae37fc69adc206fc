import Datasets
import TestSupport
import Testing

struct ImageSetTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Writes an IDX file, plain or packed, and reads it back.
  private func array(
    _ name: String, type: UInt8 = 0x08, _ dimensions: [UInt32], _ elements: [UInt8], isPacked: Bool = false
  ) throws -> IDXArray {
    let file = SampleFiles.idx(type: type, dimensions, elements)
    return try IDXArray(contentsOf: folder.write(isPacked ? SampleFiles.gzip(file) : file, to: name))
  }

  private func refusal(images: IDXArray, labels: IDXArray, classNames: [String] = ["a", "b"]) throws -> DatasetError {
    try #require(throws: DatasetError.self) {
      try ImageSet(images: images, labels: labels, classNames: classNames)
    }
  }

  private func images() throws -> IDXArray { try array("images", [2, 2, 3], (0..<12).map { $0 }) }
  private func labels() throws -> IDXArray { try array("labels", [2], [1, 0]) }

  @Test func grayImagesAndLabelsJoin() throws {
    let set = try ImageSet(images: images(), labels: labels(), classNames: ["a", "b"])
    #expect(set.shape == Shape.image(height: 2, width: 3, channels: 1))
    #expect(set.count == 2)
    #expect(set.classCount == 2)
    #expect(set.labels == [1, 0])
    #expect(set.images == (0..<12).map { $0 })
    #expect(Array(set.pixels(at: 1)) == [6, 7, 8, 9, 10, 11])
  }

  @Test func imagesMayHaveChannels() throws {
    let colored = try array("images", [2, 2, 1, 3], (0..<12).map { $0 })
    let set = try ImageSet(images: colored, labels: labels(), classNames: ["a", "b"])
    #expect(set.shape == Shape.image(height: 2, width: 1, channels: 3))
  }

  @Test func labelsAreRefusedWhereImagesBelong() throws {
    let labels = try labels()
    let error = try refusal(images: labels, labels: labels)
    #expect(error.code == .labelsWhereImagesBelong)
    #expect(
      error.description == "\(labels.path): byte 3: labels where images belong: expected rank 3, or 4 with channels, "
        + "found rank 1; check whether the two files have been swapped")
  }

  @Test(arguments: [[1, 2, 3], [1, 2, 3, 1]] as [[UInt32]])
  func imagesAreRefusedWhereLabelsBelong(dimensions: [UInt32]) throws {
    let wrong = try array("wrong", dimensions, [0, 0, 0, 0, 0, 0])
    let error = try refusal(images: images(), labels: wrong)
    #expect(error.code == .imagesWhereLabelsBelong(rank: dimensions.count))
    #expect(
      error.description == "\(wrong.path): byte 3: images where labels belong: expected rank 1, "
        + "found rank \(dimensions.count); check whether the two files have been swapped")
  }

  @Test(arguments: [[2, 6], [2, 1, 1, 1, 6]] as [[UInt32]])
  func otherRanksAreNoImages(dimensions: [UInt32]) throws {
    let wrong = try array("wrong", dimensions, (0..<12).map { $0 })
    let error = try refusal(images: wrong, labels: labels())
    #expect(error.code == .imageRank(found: dimensions.count))
    #expect(
      error.description == "\(wrong.path): byte 3: not a stack of images: expected rank 3, or 4 with channels, "
        + "found rank \(dimensions.count); name a file of images [N, H, W] or [N, H, W, C]")
  }

  @Test func otherRanksAreNoLabels() throws {
    let wrong = try array("wrong", [2, 1], [0, 1])
    let error = try refusal(images: images(), labels: wrong)
    #expect(error.code == .labelRank(found: 2))
    #expect(
      error.description == "\(wrong.path): byte 3: not a list of labels: expected rank 1, found rank 2; "
        + "name a file of labels [N]")
  }

  @Test func otherElementTypesAreRefused() throws {
    let floats = try array("floats", type: 0x0D, [1, 1, 1], [0, 0, 0, 0], isPacked: true)
    let error = try refusal(images: floats, labels: labels())
    #expect(error.code == .notBytes(found: .float))
    #expect(
      error.description == "\(floats.path): byte 2 of the unpacked data: wrong element type: expected unsigned bytes, "
        + "found 32-bit floats; convert the file to unsigned bytes")
    let numbers = try array("numbers", type: 0x0D, [2], [UInt8](repeating: 0, count: 8))
    #expect(try refusal(images: images(), labels: numbers).code == .notBytes(found: .float))
  }

  @Test func countsMustAgree() throws {
    let three = try array("three", [3], [0, 1, 0])
    let images = try images()
    let error = try refusal(images: images, labels: three)
    #expect(error.code == .countsDiffer(images: 2, labels: 3, imagesPath: images.path))
    #expect(error.category == .badData)
    #expect(
      error.description == "\(three.path): byte 4: images and labels do not match: expected 2 labels for the images of "
        + "\(images.path), found 3; take both files from the same data set and the same part of it")
  }

  @Test(arguments: [false, true])
  func aLabelThatNamesNoClassIsRefused(isPacked: Bool) throws {
    let wrong = try array("wrong", [4], [0, 1, 2, 3], isPacked: isPacked)
    let error = try refusal(images: images(), labels: wrong)
    #expect(error.code == .labelOutOfRange(index: 2, label: 2, classCount: 2))
    #expect(error.position == (isPacked ? .unpacked(10) : .file(10)))
    #expect(
      error.description == "\(wrong.path): byte 10\(isPacked ? " of the unpacked data" : ""): label 2 names no class: "
        + "expected a value below 2, found 2; correct the label, name all classes, or use a model trained on these classes"
    )
  }

  @Test func momentsMatchPlainSumsPerChannel() throws {
    let pixels = (0..<(5 * 3 * 4 * 2)).map { UInt8(truncatingIfNeeded: $0 * 67 + $0 / 7) }
    let shape = Shape.image(height: 3, width: 4, channels: 2)
    let set = ImageSet(shape: shape, classNames: ["a", "b", "c"], images: pixels, labels: [0, 2, 2, 0, 2])
    func moments(_ values: [UInt8]) -> (mean: Double, deviation: Double) {
      let scaled = values.map { Double($0) / 255 }
      let mean = scaled.reduce(0, +) / Double(scaled.count)
      return (mean, (scaled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(scaled.count)).squareRoot())
    }
    let statistics = set.statistics
    #expect(statistics.classCounts == [2, 0, 3])
    #expect(statistics.channels.count == 2)
    let parts =
      [(statistics.overall, pixels)]
      + (0..<2).map { channel in
        (statistics.channels[channel], stride(from: channel, to: pixels.count, by: 2).map { pixels[$0] })
      }
    for (found, values) in parts {
      let expected = moments(values)
      #expect(abs(found.mean - expected.mean) < 1e-14)
      #expect(abs(found.deviation - expected.deviation) < 1e-14)
    }
  }

  @Test func constantImagesHaveNoDeviation() {
    let shape = Shape.image(height: 1, width: 3, channels: 1)
    let set = ImageSet(shape: shape, classNames: ["a"], images: [51, 51, 51], labels: [0])
    #expect(set.statistics.overall.mean == 0.2)
    #expect(set.statistics.overall.deviation == 0)
  }
}
