import Datasets
import TestSupport
import Testing

/// Folders of pictures in the wild: parts with many names, files of other kinds, broken ones, classes that are numbers.
struct PicturePartsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// One byte is one gray pixel; two bytes are one with a warning.
  private static let decoder = PictureDecoder(endings: [".raw"]) { (bytes, size) throws(PictureRefusal) in
    guard 1...2 ~= bytes.count else { throw PictureRefusal(reason: "expected a pixel") }
    return DecodedPicture(
      height: 1, width: 1, pixels: [bytes[0], bytes[0], bytes[0]], warnings: bytes.count == 2 ? ["odd"] : [])
  }

  private func source(skipsBroken: Bool = false, log: PictureLog? = nil) throws -> DataSource {
    try DataSource(
      path: folder.path, pictures: PictureReading(decoder: Self.decoder, skipsBroken: skipsBroken, log: log))
  }

  @Test(arguments: [("train", "val", "test"), ("Train", "Valid", "Test"), ("training", "validation", "testing")])
  func partsHaveTheNamesThatPeopleGiveThem(training: String, validation: String, test: String) throws {
    for (name, value) in [
      ("\(training)/a/1.raw", 1), ("\(training)/b/1.raw", 2), ("\(validation)/b/1.raw", 3), ("\(test)/a/1.raw", 4),
    ] as [(String, UInt8)] { try folder.write([value], to: name) }
    let source = try source()
    #expect(source.layout == .picturesInParts)
    #expect(try source.load(.training).images == [1, 2])
    #expect(try source.load(.validation).images == [3] && source.load(.validation).labels == [1])
    #expect(try source.loadBoth().test?.images == [4])
    #expect(
      try source.inventory().found.map { "\($0.part) \($0.names[0])" }
        == ["training \(training)", "validation \(validation)", "test \(test)"])
    #expect(try source.inventory().leftOutText == nil)
  }

  @Test func everythingElseIsCountedWithItsReason() throws {
    for name in [
      "train/a/1.raw", "train/b/1.raw", "train/a/2.heic", "train/a/3.HEIC", "train/b/4.tga", "train/b/notes",
      "train/5.raw", "val/6.raw", "extra/x/1.raw", "validation/a/1.raw", "dev/a/1.raw", "list.csv", "classes.txt",
      "__MACOSX/train/a/._1.raw", "train/a/._1.raw", "train/.DS_Store", "train/b/Thumbs.db",
    ] { try folder.write([1], to: name) }
    let source = try source()
    #expect(try source.load(.training).count == 2)
    #expect(try source.load(.validation).count == 1)
    #expect(
      try source.inventory().leftOutText
        == "classes.txt (its names are not those of the folders), the folder dev (a duplicate of a part), "
        + "the folder extra (not a known part), the folder val (it contains no folders of classes), "
        + "2 .heic files, 1 file without an ending, 1 .csv file, 1 .tga file (not supported), "
        + "1 .raw file (outside the folders of classes)")
  }

  @Test func testPicturesWithoutClassesAreNoPart() throws {
    for name in ["train/a/1.raw", "train/b/1.raw", "test/1.raw"] { try folder.write([1], to: name) }
    #expect(try !source().holds(.test))
    #expect(try source().loadBoth().test == nil)
    #expect(try source().inventory().leftOutText == "the folder test (it contains no folders of classes)")
  }

  @Test func brokenPicturesAreNamedOrLeftOut() throws {
    for index in 0..<130 {
      try folder.write(
        [UInt8](repeating: UInt8(index), count: index % 50 == 7 ? 3 : index == 9 ? 2 : 1),
        to: "\(index % 2 == 0 ? "a" : "b")/\(1000 + index).raw")
    }
    let error = try #require(throws: DatasetError.self) { try source().load(.training) }
    #expect(error.path == folder("b/1007.raw") && error.code == .picture(.unreadable("expected a pixel")))
    let log = PictureLog()
    let set = try source(skipsBroken: true, log: log).load(.training)
    #expect(log.broken.map(\.path) == ["b/1007.raw", "b/1057.raw", "b/1107.raw"].map { folder($0) })
    #expect(log.warnings.map { [$0.path, $0.text] } == [[folder("b/1009.raw"), "odd"]])
    #expect(set.count == 127)
    // Labels stay with their pictures.
    #expect(zip(set.images, set.labels).allSatisfy { Int($0) % 2 == Int($1) })
  }

  @Test func aPartOfBrokenPicturesOnlyIsRefused() throws {
    for name in ["a/1.raw", "b/1.raw"] { try folder.write([], to: name) }
    let log = PictureLog()
    let error = try #require(throws: DatasetError.self) { try source(skipsBroken: true, log: log).load(.training) }
    #expect(error.path == folder("a/1.raw"))
    #expect(log.broken.count == 2)
  }

  @Test func classesThatAreNumbersHaveTheirOrder() throws {
    for index in 0..<12 { try folder.write([UInt8(index)], to: "\(index)/1.raw") }
    let set = try source().load(.training)
    #expect(set.classNames == (0..<12).map { "\($0)" })
    #expect(set.images == (0..<12).map { UInt8($0) } && set.labels == (0..<12).map { UInt16($0) })
    // Names that are not all numbers are texts.
    try folder.write([1], to: "x/1.raw")
    #expect(try source().load(.training).classNames.prefix(3) == ["0", "1", "10"])
    // Leading zeros do not change a number.
    let padded = try TemporaryFolder()
    for name in ["00002", "00010"] { try padded.write([1], to: "\(name)/1.raw") }
    let other = try DataSource(path: padded.path, pictures: PictureReading(decoder: Self.decoder))
    #expect(try other.load(.training, classNames: (0..<12).map { "\($0)" }).labels == [2, 10])
    let error = try #require(throws: DatasetError.self) { try other.load(.training, classNames: ["cat", "dog"]) }
    #expect(error.code == .classes(.unknown("00002", expected: ["cat", "dog"])))
  }

  @Test func aListOfClassesOrdersOrNamesTheFolders() throws {
    for name in ["cat/1.raw", "dog/1.raw"] { try folder.write([1], to: name) }
    try folder.write(Array("dog\ncat\n".utf8), to: "classes.txt")
    #expect(try source().load(.training).classNames == ["dog", "cat"])
    #expect(try source().load(.training).labels == [1, 0])
    #expect(try source().files(of: .training).last == folder("classes.txt"))
    #expect(try source().inventory().leftOutText == nil)
    let numbered = try TemporaryFolder()
    for name in ["0/1.raw", "1/1.raw"] { try numbered.write([1], to: name) }
    try numbered.write(Array("cat\ndog\nfish\n".utf8), to: "classes.txt")
    let set = try DataSource(path: numbered.path, pictures: PictureReading(decoder: Self.decoder)).load(.training)
    #expect(set.classNames == ["cat", "dog", "fish"] && set.labels == [0, 1])
  }
}
