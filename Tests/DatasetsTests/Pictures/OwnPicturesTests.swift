import Datasets
import Foundation
import TestSupport
import Testing

/// User-provided data sets as folders of pictures, in a format of these tests: height, width, and colors.
struct OwnPicturesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Decodes the tests' format; with a size, makes a picture of that size in the color of the first pixel.
  private static let decoder = PictureDecoder(endings: [".raw"]) { (bytes, size) throws(PictureRefusal) in
    guard bytes.count > 2, bytes.count == 2 + 3 * Int(bytes[0]) * Int(bytes[1]) else {
      throw PictureRefusal(reason: "expected a picture, found none; draw it again")
    }
    guard let size else {
      return DecodedPicture(height: Int(bytes[0]), width: Int(bytes[1]), pixels: Array(bytes[2...]))
    }
    let pixels = (0..<size.height * size.width).flatMap { _ in bytes[2..<5] }
    return DecodedPicture(height: size.height, width: size.width, pixels: pixels)
  }

  private func source(
    _ path: String? = nil, size: PictureSize? = nil, colors: PictureColors = .automatic
  ) throws(DatasetError) -> DataSource {
    try DataSource(
      path: path ?? folder.path, pictures: PictureReading(decoder: Self.decoder, size: size, colors: colors))
  }

  private func refusal(_ part: DataSource.Part = .training, size: PictureSize? = nil) -> DatasetError? {
    do throws(DatasetError) {
      _ = try source(size: size).load(part)
      return nil
    } catch {
      return error
    }
  }

  private static let gray: [UInt8] = [1, 2, 10, 10, 10, 20, 20, 20]
  private static let color: [UInt8] = [1, 2, 255, 0, 0, 0, 0, 255]

  @Test func filesWithoutEndAreRefused() throws {
    try folder.write(Self.gray, to: "dog/1.raw")
    let size = 10 << 40
    // Some file systems have no files of this size.
    guard let path = try folder.writeSparse(Self.gray, byteCount: size, to: "cat/1.raw") else { return }
    let error = try #require(refusal())
    #expect(error.path == path && error.code == .tooLarge(largest: 1 << 28, found: size))
  }

  @Test func classesAreFoldersInTheirOrder() throws {
    for (name, picture) in [
      ("train/dog/2.raw", Self.gray), ("train/dog/10.RAW", Self.gray), ("train/cat/x.raw", Self.color),
      ("train/cat/.hidden.raw", []), ("train/cat/notes.txt", []), ("train/.trash/x.raw", []),
      ("train/fish/x.raw", Self.gray), ("test/dog/y.raw", Self.gray),
    ] { try folder.write(picture, to: name) }
    let data = try source()
    #expect(data.layout == .picturesInParts)
    let (training, test) = try data.loadBoth()
    #expect(training.classNames == ["cat", "dog", "fish"])
    #expect(training.labels == [0, 1, 1, 2])
    #expect(training.shape == Shape.image(height: 1, width: 2, channels: 3))
    #expect(training.images == [255, 0, 0, 0, 0, 255] + (0..<3).flatMap { _ in [10, 10, 10, 20, 20, 20] })
    // In color like the training part, though its own picture is gray; a class may have no test pictures.
    #expect(test?.shape.channels == 3 && test?.labels == [1] && test?.classNames == ["cat", "dog", "fish"])
    #expect(try data.load(.test).shape.channels == 1)
    let files = ["cat/x.raw", "dog/10.RAW", "dog/2.raw", "fish/x.raw"].map { "\(folder.path)/train/\($0)" }
    #expect(try data.files(of: .training) == files)
    #expect(try data.files(of: .test) == [folder.path + "/test/dog/y.raw"])
    // Classes of a model are found by their names.
    let other = try data.load(.training, classNames: ["fish", "bird", "dog", "cat"])
    #expect(other.labels == [3, 2, 2, 0])
  }

  @Test func colorsAreKeptMadeOrLeftOut() throws {
    try folder.write(Self.gray, to: "a/1.raw")
    try folder.write(Self.gray, to: "b/1.raw")
    #expect(try source().layout == .pictures)
    #expect(try source().load(.training).images == [10, 20, 10, 20])
    #expect(try source(colors: .color).load(.training).shape.channels == 3)
    try folder.write(Self.color, to: "b/2.raw")
    #expect(try source().load(.training).shape.channels == 3)
    // 0.2126 · 255 and 0.0722 · 255, rounded.
    #expect(try source(colors: .gray).load(.training).images == [10, 20, 10, 20, 54, 18])
    #expect(try source().loadBoth().test == nil)
    #expect(refusal(.test)?.code == .noTestImages)
  }

  @Test func sizesDifferOrAreBroughtToOne() throws {
    try folder.write(Self.gray, to: "a/1.raw")
    try folder.write([2, 1] + Self.gray[2...], to: "b/1.raw")
    let error = try #require(refusal())
    #expect(error.path == folder.path + "/b/1.raw")
    #expect(
      error.code
        == .picture(
          .sizesDiffer(height: 2, width: 1, firstHeight: 1, firstWidth: 2, firstPath: folder.path + "/a/1.raw")))
    #expect(
      error.description == "\(folder.path)/b/1.raw: pictures have different sizes: expected 1 × 2, as in "
        + "\(folder.path)/a/1.raw, found 2 × 1; bring all to one size, such as 1 × 2")
    let set = try source(size: PictureSize(height: 3, width: 1)).load(.training)
    #expect(set.shape == Shape.image(height: 3, width: 1, channels: 1) && set.images == [10, 10, 10, 10, 10, 10])
  }

  @Test func manyPicturesKeepTheirOrder() throws {
    // More than one thread takes at a time.
    for index in 0..<150 {
      let name = (index < 10 ? "00" : index < 100 ? "0" : "") + "\(index)"
      try folder.write(
        [1, 1] + [UInt8](repeating: UInt8(index), count: 3), to: "\(index % 2 == 0 ? "a" : "b")/\(name).raw")
    }
    let set = try source().load(.training)
    let expected = Array(stride(from: UInt8(0), to: 150, by: 2)) + Array(stride(from: UInt8(1), to: 150, by: 2))
    #expect(set.images == expected)
    #expect(set.labels == [UInt16](repeating: 0, count: 75) + [UInt16](repeating: 1, count: 75))
    // The first in order is reported, regardless of which is found first.
    for name in ["a/148.raw", "b/001.raw"] { try folder.write([9], to: name) }
    #expect(refusal()?.path == folder.path + "/a/148.raw")
  }

  @Test func wrongFoldersAreRefused() throws {
    try folder.write(Self.gray, to: "a/1.raw")
    #expect(refusal()?.code == .picture(.tooFewClasses(found: ["a"])))
    try folder.write(Self.gray, to: "b/1.raw")
    #expect(refusal() == nil)
    try folder.write([1], to: "b/2.raw")
    #expect(refusal()?.description == "\(folder.path)/b/2.raw: expected a picture, found none; draw it again")
    try folder.write(Self.gray, to: "b/2.raw")
    try folder.write([], to: "c/notes.txt")
    #expect(refusal()?.code == .picture(.noPictures(endings: [".raw"])))
    #expect(refusal()?.path == folder.path + "/c")
    try folder.write(Self.gray, to: "c/1.raw")
    try folder.write([], to: "c/2.webp")
    #expect(refusal() == nil)
    let data = try DataSource(path: folder.path)
    let error = try #require(throws: DatasetError.self) { try data.load(.training) }
    #expect(error.code == .picture(.noPictures(endings: PictureDecoder.photographs.endings)))
  }

  /// Without a custom decoder, photographs are read, at a given size or their own.
  @Test func photographsAreReadByDefault() throws {
    let fixtures = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("PhotographsTests/Fixtures")
    for (name, path) in [("quadrants-gray.jpg", "a/1.jpg"), ("quadrants-palette.png", "b/2.PNG")] {
      try folder.write([UInt8](Data(contentsOf: fixtures.appendingPathComponent(name))), to: path)
    }
    let set = try DataSource(path: folder.path).load(.training)
    #expect(set.classNames == ["a", "b"] && set.labels == [0, 1] && set.shape.channels == 3)
    let small = PictureReading(size: PictureSize(height: 2, width: 4), colors: .gray)
    #expect(
      try DataSource(path: folder.path, pictures: small).load(.training).shape
        == .image(height: 2, width: 4, channels: 1))
    try folder.write([1, 2, 3], to: "b/3.png")
    let error = try #require(throws: DatasetError.self) { try DataSource(path: folder.path).load(.training) }
    #expect(error.path == folder.path + "/b/3.png")
    #expect(error.description.contains("expected a PNG, JPEG, WebP, GIF or BMP picture"))
  }

  @Test func aFolderInsideAClassIsRefused() throws {
    for name in ["a/1.raw", "b/1.raw", "b/more/1.raw"] { try folder.write(Self.gray, to: name) }
    #expect(refusal()?.code == .picture(.nestedFolder))
    #expect(refusal()?.path == folder.path + "/b/more")
  }

  @Test func aTestClassMustBeATrainingClass() throws {
    for name in ["train/a/1.raw", "train/b/1.raw", "test/c/1.raw"] { try folder.write(Self.gray, to: name) }
    #expect(refusal(.test)?.code == .classes(.unknown("c", expected: ["a", "b"])))
  }

  @Test func aClassMayBeCalledTrain() throws {
    for name in ["train/1.raw", "car/1.raw"] { try folder.write(Self.gray, to: name) }
    #expect(try source().load(.training).classNames == ["car", "train"])
  }

  @Test func sizesAreReadFromText() {
    #expect(PictureSize(parsing: "32") == PictureSize(height: 32, width: 32))
    #expect(PictureSize(parsing: "24x32") == PictureSize(height: 24, width: 32))
    #expect(PictureSize(height: 24, width: 32).description == "24x32")
    for text in ["", "0", "-1", "4097", "3x", "x3", "3x4x5", "3 x 4", "a"] {
      #expect(PictureSize(parsing: text) == nil)
    }
  }
}
