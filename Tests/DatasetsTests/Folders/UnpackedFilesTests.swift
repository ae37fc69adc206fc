import Datasets
import Foundation
import NumPy
import TestSupport
import Testing

/// IDX files as users have them: renamed, unpacked into folders, padded, or next to files of their systems.
struct UnpackedFilesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let images = SampleFiles.idx([2, 1, 2], [1, 2, 3, 4])
  private static let labels = SampleFiles.idx([2], [1, 0])

  private func load(_ part: DataSource.Part = .training) throws -> ImageSet {
    try DataSource(path: folder.path).load(part)
  }

  /// The content of Kaggle's MNIST archive: a folder for each file, and the file again beside it.
  @Test(arguments: [true, false])
  func foldersOfTheSameName(hasFiles: Bool) throws {
    for (name, bytes) in [("train-images", Self.images), ("train-labels", Self.labels)] {
      let rank = name == "train-images" ? 3 : 1
      try folder.write(bytes, to: "\(name)-idx\(rank)-ubyte/\(name)-idx\(rank)-ubyte")
      if hasFiles { try folder.write(bytes, to: "\(name).idx\(rank)-ubyte") }
    }
    #expect(try load().images == [1, 2, 3, 4])
    #expect(try load().labels == [1, 0])
    let inventory = try DataSource(path: folder.path).inventory()
    #expect(
      inventory.found.map(\.names) == [
        hasFiles
          ? ["train-images.idx3-ubyte", "train-labels.idx1-ubyte"]
          : ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"]
      ])
    #expect(
      inventory.leftOutText
        == (hasFiles
          ? "train-images-idx3-ubyte, train-labels-idx1-ubyte (the same file under another name)" : nil))
  }

  @Test(arguments: [
    ("emnist-letters-train", "emnist-letters-test"), ("qmnist-train", "qmnist-test"), ("train", "test"),
    ("training", "t10k"),
  ])
  func namesOfSuccessors(training: String, test: String) throws {
    for (prefix, bytes) in [(training, Self.images), (test, SampleFiles.idx([1, 1, 2], [5, 6]))] {
      try folder.write(SampleFiles.gzip(bytes), to: "\(prefix)-images-idx3-ubyte.gz")
    }
    try folder.write(Self.labels, to: "\(training)-labels-idx1-ubyte")
    try folder.write(SampleFiles.idx([1], [1]), to: "\(test)-labels-idx1-ubyte")
    let (first, second) = try DataSource(path: folder.path).loadBoth()
    #expect(first.labels == [1, 0] && second?.images == [5, 6])
  }

  @Test func severalDataSetsInOneFolderAreRefusedUnlessOneHasThePlainNames() throws {
    for prefix in ["emnist-letters-", "emnist-digits-"] {
      try folder.write(Self.images, to: "\(prefix)train-images-idx3-ubyte")
      try folder.write(Self.labels, to: "\(prefix)train-labels-idx1-ubyte")
    }
    let error = try #require(throws: DatasetError.self) { try load() }
    #expect(error.code == .severalDataSets(prefixes: ["emnist-digits", "emnist-letters"]))
    #expect(error.description.hasSuffix("put the files of each into a separate folder"))
    try folder.write(SampleFiles.idx([1, 1, 2], [7, 8]), to: "train-images-idx3-ubyte")
    try folder.write(SampleFiles.idx([1], [0]), to: "train-labels-idx1-ubyte")
    #expect(try load().images == [7, 8])
  }

  /// Whole numbers of every type, and QMNIST's eight columns, of which the first is the class.
  @Test func labelsMayBeWholeNumbersOfAnyType() throws {
    try folder.write(Self.images, to: "train-images-idx3-ubyte")
    for (type, name, elements) in [
      (UInt8(0x09), "byte", [0, 3] as [UInt8]), (0x0B, "short", [0, 0, 0, 3]), (0x0C, "int", [0, 0, 0, 0, 0, 0, 0, 3]),
    ] {
      try folder.write(SampleFiles.idx(type: type, [2], elements), to: "train-labels-idx1-\(name)")
      #expect(try load().labels == [0, 3], "\(name)")
      folder.remove("train-labels-idx1-\(name)")
    }
    let rows = [3, 1].flatMap { label in SampleFiles.bigEndian(label) + [UInt8](repeating: 9, count: 28) }
    try folder.write(SampleFiles.idx(type: 0x0C, [2, 8], rows), to: "train-labels-idx2-int")
    #expect(try load().labels == [3, 1])
    #expect(try load().classNames == ["0", "1", "2", "3"])
    let negative = SampleFiles.idx(type: 0x0C, [2, 8], SampleFiles.bigEndian(.max) + rows.dropFirst(4))
    try folder.write(negative, to: "train-labels-idx2-int")
    let error = try #require(throws: DatasetError.self) { try load() }
    #expect(error.code == .labelOutOfRange(index: 0, label: -1, classCount: 65_536))
    #expect(error.position == .file(12))
    // A number larger than any list of classes.
    let vast = SampleFiles.idx(type: 0x0C, [2], SampleFiles.bigEndian(0x7FFF_FFFF) + SampleFiles.bigEndian(0))
    folder.remove("train-labels-idx2-int")
    try folder.write(vast, to: "train-labels-idx1-int")
    #expect(
      try #require(throws: DatasetError.self) { try load() }.code
        == .labelOutOfRange(index: 0, label: 0x7FFF_FFFF, classCount: 65_536))
  }

  @Test func zeroBytesBehindAGzipMemberAreNothing() throws {
    try folder.write(
      SampleFiles.gzip(Self.images) + [UInt8](repeating: 0, count: 70_000), to: "train-images-idx3-ubyte.gz")
    try folder.write(SampleFiles.gzip(Self.labels) + [0], to: "train-labels-idx1-ubyte.gz")
    #expect(try load().images == [1, 2, 3, 4])
    try folder.write(SampleFiles.gzip(Self.labels) + [0, 0, 1], to: "train-labels-idx1-ubyte.gz")
    let error = try #require(throws: DatasetError.self) { try load() }
    #expect(error.code == .gzipTrailingBytes(count: 3))
    // A hole of any size is not scanned.
    let packed = SampleFiles.gzip(Self.labels)
    guard let path = try folder.writeSparse(packed, byteCount: 1 << 30, to: "train-labels-idx1-ubyte.gz") else {
      return
    }
    let vast = try #require(throws: DatasetError.self) { try IDXArray(contentsOf: path) }
    #expect(vast.code == .gzipTrailingBytes(count: 1 << 30 - packed.count))
  }

  @Test func whatSystemsLeaveInFoldersIsNothing() throws {
    try folder.write(Self.images, to: "train-images-idx3-ubyte")
    try folder.write(Self.labels, to: "train-labels-idx1-ubyte")
    for name in [
      "__MACOSX/._train-images-idx3-ubyte", "._train-images-idx3-ubyte", ".DS_Store", "Thumbs.db", "desktop.ini",
    ] { try folder.write([0, 5, 0x16, 7], to: name) }
    #expect(try load().labels == [1, 0])
    #expect(try DataSource(path: folder.path).inventory().leftOutText == nil)
    try folder.write([1], to: "notes.txt")
    try folder.write([1], to: "more.txt")
    try folder.write([1], to: "README")
    #expect(
      try DataSource(path: folder.path).inventory().leftOutText
        == "2 .txt files, 1 file without an ending (not IDX files of a known name)")
  }

  /// A file that is not read may have any name, even in Latin-1; a class folder may not, because its name is the class.
  @Test func namesThatAreNoTextAreCountedBesideFilesOfKnownNames() throws {
    try folder.write(Self.images, to: "train-images-idx3-ubyte")
    try folder.write(Self.labels, to: "train-labels-idx1-ubyte")
    try folder.write(NumPyArray(shape: [2, 1, 2], bytes: [1, 2, 3, 4]).serialized(), to: "arrays/x_train.npy")
    try folder.write(NumPyArray(shape: [2], bytes: [1, 0]).serialized(), to: "arrays/y_train.npy")
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.currentDirectoryURL = folder.url
    shell.arguments = ["-c", "for name in . arrays; do touch \"$name/$(printf 'caf\\351')\"; done"]
    try shell.run()
    shell.waitUntilExit()
    #expect(try load().labels == [1, 0])
    #expect(
      try DataSource(path: folder.path).inventory().leftOutText
        == "the folder arrays (a folder beside IDX files), 1 file (a name that is not UTF-8)")
    let arrays = try DataSource(path: folder("arrays"))
    #expect(try arrays.load(.training).labels == [1, 0])
    #expect(try arrays.inventory().leftOutText == "1 file (a name that is not UTF-8)")
  }

  @Test func aMarkOfTheEncodingBeforeClassesIsNoPartOfTheirNames() throws {
    try folder.write(Self.images, to: "train-images-idx3-ubyte")
    try folder.write(Self.labels, to: "train-labels-idx1-ubyte")
    try folder.write([0xEF, 0xBB, 0xBF] + Array("cat\r\ndog\r\n".utf8), to: "classes.txt")
    #expect(try load().classNames == ["cat", "dog"])
  }

  @Test(arguments: ["val", "valid", "validation"])
  func validationFilesAreAPart(name: String) throws {
    try folder.write(Self.images, to: "train-images-idx3-ubyte")
    try folder.write(Self.labels, to: "train-labels-idx1-ubyte")
    try folder.write(SampleFiles.idx([1, 1, 2], [5, 6]), to: "\(name)-images-idx3-ubyte")
    try folder.write(SampleFiles.idx([1], [1]), to: "\(name)-labels-idx1-ubyte")
    #expect(try load(.validation).images == [5, 6])
    #expect(try load(.validation).classNames == ["0", "1"])
    let arrays = [
      ("x_train", NumPyArray(shape: [2, 1, 2], bytes: [1, 2, 3, 4])),
      ("y_train", NumPyArray(shape: [2], bytes: [1, 0])),
      ("\(name)_images", NumPyArray(shape: [1, 1, 2], bytes: [5, 6])),
      ("\(name)_labels", NumPyArray(shape: [1], bytes: [1])),
      ("weights", NumPyArray(shape: [1], bytes: [1])),
    ]
    try folder.write(NumPyArchive(arrays.map { .init(name: $0.0, array: $0.1) }).serialized(), to: "all.npz")
    let archive = try DataSource(path: folder("all.npz"))
    #expect(try archive.holds(.validation))
    #expect(try !archive.holds(.test))
    #expect(try archive.load(.validation).images == [5, 6])
    #expect(try archive.inventory().leftOutText == "the array \"weights\" (not a known name)")
    #expect(try #require(throws: DatasetError.self) { try archive.load(.test) }.code == .noTestImages)
    for (array, content) in arrays { try folder.write(content.serialized(), to: "arrays/\(array).npy") }
    let loose = try DataSource(path: folder("arrays"))
    #expect(try loose.load(.validation).labels == [1])
    #expect(try loose.inventory().found.map(\.part) == [.training, .validation])
    #expect(try loose.inventory().leftOutText == "weights.npy (not a known name)")
  }

  /// A model that learned from folders of numbers, sorted as texts by an older version, and labels that are numbers.
  @Test func labelsWithoutNamesMatchClassesThatAreNumbers() throws {
    try folder.write(Self.images, to: "train-images-idx3-ubyte")
    try folder.write(SampleFiles.idx([2], [2, 10]), to: "train-labels-idx1-ubyte")
    let sorted = (0..<12).map { "\($0)" }.sorted()
    let set = try DataSource(path: folder.path).load(.training, classNames: sorted)
    #expect(set.labels.map { sorted[Int($0)] } == ["2", "10"])
    #expect(set.classNames == sorted)
    let padded = (0..<12).map { $0 < 10 ? "000\($0)" : "00\($0)" }
    #expect(try DataSource(path: folder.path).load(.training, classNames: padded).labels == [2, 10])
    let error = try #require(throws: DatasetError.self) {
      try DataSource(path: folder.path).load(.training, classNames: ["0", "1", "2"])
    }
    #expect(error.code == .labelOutOfRange(index: 1, label: 10, classCount: 3))
    // A model without class names was trained on labels like these.
    try folder.write(Array((0..<12).map { "class \($0)\n" }.joined().utf8), to: "classes.txt")
    #expect(try DataSource(path: folder.path).load(.training, classNames: (0..<12).map { "\($0)" }).labels == [2, 10])
  }
}
