import Datasets
import NumPy
import TestSupport
import Testing

/// User-provided data sets as arrays and IDX files.
struct OwnArraysTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let pixels: [UInt8] = (0..<2 * 3 * 4 * 3).map { UInt8($0) }
  private static let images = NumPyArray(shape: [2, 3, 4, 3], bytes: pixels)
  private static func labels(_ values: Int64...) -> NumPyArray { NumPyArray(shape: [values.count], integers: values) }

  private func write(_ array: NumPyArray, _ name: String) throws {
    try folder.write(array.serialized(), to: name)
  }

  private func refusal(_ path: String? = nil, _ part: DataSource.Part = .training) -> DatasetError? {
    do throws(DatasetError) {
      _ = try DataSource(path: path ?? folder.path).load(part)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    ("train-images", "train-labels", "test-images", "test-labels"),
    ("train_images", "train_labels", "test_images", "test_labels"), ("x_train", "y_train", "x_test", "y_test"),
  ])
  func pairsAndArchivesAreRead(trainImages: String, trainLabels: String, testImages: String, testLabels: String) throws
  {
    // Labels as a column, as Keras has them; the test part without channels.
    let column = NumPyArray(shape: [2, 1], bytes: [2, 0])
    let gray = NumPyArray(shape: [1, 3, 4], bytes: Array(Self.pixels.prefix(12)))
    try write(Self.images, trainImages + ".npy")
    try write(column, trainLabels + ".npy")
    try write(gray, testImages + ".npy")
    try write(Self.labels(1), testLabels + ".npy")
    let archive = NumPyArchive([
      .init(name: trainImages, array: Self.images), .init(name: trainLabels, array: column),
      .init(name: testImages, array: gray), .init(name: testLabels, array: Self.labels(1)),
    ])
    try folder.write(archive.serialized(), to: "all.npz")
    for (path, layout) in [(folder.path, DataSource.Layout.arrays), (folder.path + "/all.npz", .archive)] {
      let source = try DataSource(path: path)
      #expect(source.layout == layout)
      let (training, test) = try source.loadBoth()
      #expect(training.shape == Shape.image(height: 3, width: 4, channels: 3))
      #expect(training.images == Self.pixels)
      #expect(training.labels == [2, 0])
      #expect(training.classNames == ["0", "1", "2"])
      #expect(test?.shape == Shape.image(height: 3, width: 4, channels: 1))
      #expect(test?.labels == [1])
      #expect(test?.classNames == ["0", "1", "2"])
      // The test part, read alone, takes its classes from the training part.
      #expect(try source.load(.test).classNames == ["0", "1", "2"])
      #expect(try source.load(.training).images == Self.pixels)
    }
    #expect(try DataSource(path: folder.path + "/all.npz").files(of: .training) == [folder.path + "/all.npz"])
  }

  @Test func aPartThatIsNotThereIsNil() throws {
    try write(Self.images, "x_train.npy")
    try write(Self.labels(0, 1), "y_train.npy")
    let archive = NumPyArchive([
      .init(name: "x_train", array: Self.images), .init(name: "y_train", array: Self.labels(0, 1)),
    ])
    try folder.write(archive.serialized(), to: "all.npz")
    for path in [folder.path, folder.path + "/all.npz"] {
      #expect(try DataSource(path: path).loadBoth().test == nil)
      let error = try #require(refusal(path, .test))
      #expect(error.code == .noTestImages && error.category == .noInput)
      #expect(error.description.hasPrefix("\(path): there are no test images: expected a test part"))
    }
    // Half a part does not count as missing.
    try write(Self.labels(0), "y_test.npy")
    #expect(refusal(nil, .test)?.code == .fileMissing(names: ["test-images.npy", "test_images.npy", "x_test.npy"]))
  }

  @Test func aModelsClassesAreFoundByName() throws {
    try write(Self.images, "x_train.npy")
    try write(Self.labels(0, 1), "y_train.npy")
    let source = try DataSource(path: folder.path)
    // Without names, labels are indices of the model's classes.
    #expect(try source.load(.training, classNames: ["a", "b", "c"]).labels == [0, 1])
    #expect(try source.load(.training, classNames: ["a", "b", "c"]).classNames == ["a", "b", "c"])
    try folder.write(Array(" cat\r\nbig dog \n\n".utf8), to: "classes.txt")
    #expect(try source.load(.training).classNames == ["cat", "big dog"])
    let set = try source.load(.training, classNames: ["big dog", "fish", "cat"])
    #expect(set.labels == [2, 0] && set.classNames == ["big dog", "fish", "cat"])
    let error = try #require(throws: DatasetError.self) {
      try source.load(.training, classNames: ["big dag", "cat"])
    }
    #expect(error.code == .classes(.unknown("big dog", expected: ["big dag", "cat"])))
    #expect(
      error.description == folder.path + "/classes.txt: a class that the model does not have: expected one of big dag, "
        + "cat, found \"big dog\"; did you mean \"big dag\"?")
  }

  @Test func namesStandBesideAnArchive() throws {
    let archive = NumPyArchive([
      .init(name: "x_train", array: Self.images), .init(name: "y_train", array: Self.labels(0, 1)),
    ])
    try folder.write(archive.serialized(), to: "all.npz")
    try folder.write(Array("one\ntwo".utf8), to: "all.classes.txt")
    #expect(try DataSource(path: folder.path + "/all.npz").load(.training).classNames == ["one", "two"])
  }

  @Test func idxFilesMayHaveChannelsAndNames() throws {
    try folder.write(SampleFiles.idx([2, 1, 2, 3], (0..<12).map { $0 }), to: "train-images-idx4-ubyte")
    try folder.write(SampleFiles.idx([2], [0, 46]), to: "train-labels-idx1-ubyte")
    let source = try DataSource(path: folder.path)
    let set = try source.load(.training)
    #expect(set.shape == Shape.image(height: 1, width: 2, channels: 3))
    #expect(set.classCount == 47 && set.classNames[46] == "46")
    try folder.write(Array((0..<47).map { "class \($0)\n" }.joined().utf8), to: "classes.txt")
    #expect(try source.load(.training).classNames[46] == "class 46")
    #expect(try source.loadBoth().test == nil)
    try folder.write(Array("a\nb\n".utf8), to: "classes.txt")
    #expect(refusal()?.code == .labelOutOfRange(index: 1, label: 46, classCount: 2))
  }

  /// Its size alone proves nothing: digits and letters have it too.
  @Test func imagesOfFashionMNISTsSizeHaveTheClassesOfTheirLabels() throws {
    try folder.write(
      SampleFiles.idx([1, 28, 28], [UInt8](repeating: 0, count: 784)), to: "train-images-idx3-ubyte")
    try folder.write(SampleFiles.idx([1], [3]), to: "train-labels-idx1-ubyte")
    let source = try DataSource(path: folder.path)
    #expect(try source.load(.training).classNames == ["0", "1", "2", "3"])
    try folder.write(SampleFiles.idx([1], [46]), to: "train-labels-idx1-ubyte")
    #expect(try source.load(.training).classCount == 47)
    // The first images of Fashion-MNIST still identify it.
    let first: [UInt8] = [
      9, 0, 0, 3, 0, 2, 7, 2, 5, 5, 0, 9, 5, 5, 7, 9, 1, 0, 6, 4, 3, 1, 4, 8, 4, 3, 0, 2, 4, 4, 5, 3,
    ]
    let part = try TemporaryFolder()
    try part.write(
      SampleFiles.idx([32, 28, 28], [UInt8](repeating: 0, count: 32 * 784)), to: "train-images-idx3-ubyte")
    try part.write(SampleFiles.idx([32], first), to: "train-labels-idx1-ubyte")
    #expect(try DataSource(path: part.path).load(.training).classNames == FashionMNIST.classNames)
    // A model with names takes labels as indices of its classes.
    #expect(try source.load(.training, classNames: (0..<47).map { "class \($0)" }).labels == [46])
    let error = try #require(throws: DatasetError.self) {
      try source.load(.training, classNames: FashionMNIST.classNames)
    }
    #expect(error.code == .labelOutOfRange(index: 0, label: 46, classCount: 10))
  }

  @Test func wrongImagesAreRefused() throws {
    try write(Self.labels(0, 1), "y_train.npy")
    let cases: [(NumPyArray, ArrayProblem, String)] = [
      (
        NumPyArray(shape: [2, 3, 4], floats: [Float](repeating: 0, count: 24)), .notBytes(type: "float32"),
        "x_train.npy: wrong element type: expected uint8, found float32; bring the pixels to 0…255"
      ),
      (
        NumPyArray(shape: [2, 12], bytes: Array(Self.pixels.prefix(24))), .imageRank(shape: [2, 12]),
        "not a stack of images: expected [N, H, W] or [N, H, W, C], found [2, 12]; check whether"
      ),
      (
        NumPyArray(shape: [2, 1, 1, 1, 12], bytes: Array(Self.pixels.prefix(24))),
        .imageRank(shape: [2, 1, 1, 1, 12]), "with reshape or squeeze"
      ),
      (NumPyArray(shape: [2, 0, 4], bytes: []), .empty(shape: [2, 0, 4]), "at least 1 along each axis"),
      (
        NumPyArray(shape: [3, 2, 2], bytes: Array(Self.pixels.prefix(12))),
        .countsDiffer(images: 3, labels: 2, imagesPath: folder.path + "/x_train.npy"),
        "y_train.npy: images and labels do not match: expected 3 labels"
      ),
    ]
    for (array, problem, message) in cases {
      try write(array, "x_train.npy")
      let error = try #require(refusal())
      #expect(error.code == .array(problem))
      #expect(error.category == .badData)
      #expect(error.description.contains(message), "\(error)")
    }
  }

  @Test func wrongLabelsAreRefused() throws {
    try write(Self.images, "x_train.npy")
    let cases: [(NumPyArray, ArrayProblem, String)] = [
      (NumPyArray(shape: [2], floats: [0, 1]), .labelsNotWhole(type: "float32"), "astype('int64')"),
      (NumPyArray(shape: [2, 2], bytes: [0, 1, 1, 0]), .labelRank(shape: [2, 2]), "y.argmax(axis=1)"),
      (NumPyArray(shape: [1, 2, 1], bytes: [0, 1]), .labelRank(shape: [1, 2, 1]), "are swapped"),
      (Self.labels(0, -1), .label(index: 1, value: -1, classCount: 65_536), "label 1 names no class"),
      (Self.labels(65_536, 0), .label(index: 0, value: 65_536, classCount: 65_536), "found 65536"),
      (NumPyArray(shape: [0], bytes: []), .empty(shape: [0]), "the array is empty"),
    ]
    for (array, problem, message) in cases {
      try write(array, "y_train.npy")
      let error = try #require(refusal())
      #expect(error.code == .array(problem))
      #expect(error.path == folder.path + "/y_train.npy")
      #expect(error.description.contains(message), "\(error)")
    }
    try write(Self.labels(0, 2), "y_train.npy")
    try folder.write(Array("a\nb".utf8), to: "classes.txt")
    #expect(refusal()?.code == .array(.label(index: 1, value: 2, classCount: 2)))
    for (text, problem) in [
      ("a\n\nb", ClassProblem.emptyName(line: 2)), ("a\nb\na", .repeatedName("a", line: 3, first: 1)),
      ("\n\n", .count(found: 0)),
    ] {
      try folder.write(Array(text.utf8), to: "classes.txt")
      #expect(refusal()?.code == .classes(problem))
    }
    try folder.write([0xFF, 0xFE], to: "classes.txt")
    #expect(refusal()?.code == .classes(.notText))
  }

  @Test func damagedFilesAreRefusedInTheirReadersWords() throws {
    try folder.write(Array(Self.labels(0, 1).serialized().dropLast()), to: "y_train.npy")
    try write(Self.images, "x_train.npy")
    let error = try #require(refusal())
    #expect(error.description.hasPrefix(folder.path + "/y_train.npy: not an acceptable .npy file: its shape [2]"))
    let archive = NumPyArchive([.init(name: "x_train", array: Self.images)]).serialized()
    let path = try folder.write(archive, to: "a.npz")
    #expect(
      refusal(path)?.code
        == .array(.missing(names: ["train-labels", "train_labels", "y_train"], found: ["x_train"])))
    var torn = archive
    torn[archive.count / 2] ^= 1
    let labels = NumPyArchive([.init(name: "y_train", array: Self.labels(0, 1))]).serialized()
    try folder.write(Array(labels.dropLast(9)), to: "a.npz")
    #expect(refusal(path)?.description.hasPrefix("\(path): not an acceptable .npz file: ") == true)
    try folder.write(torn, to: "a.npz")
    #expect(refusal(path)?.category == .badData)
  }

  @Test func whatIsNoDataSetIsRefused() throws {
    let text = try folder.write(Array("hello".utf8), to: "notes.txt")
    #expect(refusal(text)?.code == .unknownFile(guess: nil))
    let array = try folder.write(Self.images.serialized(), to: "images.npy")
    #expect(refusal(array)?.code == .unknownFile(guess: "a NumPy .npy file"))
    #expect(refusal()?.code == .unknownFolder)
    #expect(refusal(folder.path + "/nowhere")?.code == .nothingThere)
  }

  /// Files that claim more than any memory are rejected by their size.
  @Test func filesWithoutEndAreRefused() throws {
    let size = 10 << 40
    let archive = NumPyArchive([.init(name: "y_train", array: Self.labels(0, 1))]).serialized()
    for (bytes, name) in [(archive, "all.npz"), (Self.images.serialized(), "images.npy")] {
      // Some file systems have no files of this size.
      guard let path = try folder.writeSparse(bytes, byteCount: size, to: name) else { continue }
      let code = DatasetError.Code.tooLarge(largest: 1 << 36, found: size)
      let error = try #require(throws: DatasetError.self) {
        if name == "all.npz" { _ = try DataSource(path: path).loadBoth() } else { _ = try ImageFile(contentsOf: path) }
      }
      #expect(error.code == code && error.path == path && error.category == .badData)
      #expect(
        error.description == "\(path): too large: expected at most 68719476736 bytes, found 10995116277760; "
          + "check the program that wrote the file, or reduce the data")
    }
  }

  /// More classes than labels of 16 bits can number; a model may have that many.
  @Test func modelsOfTooManyClassesAreRefused() throws {
    try write(Self.images, "x_train.npy")
    try write(Self.labels(0, 1), "y_train.npy")
    try folder.write(Array("class 0\nclass 1\n".utf8), to: "classes.txt")
    let source = try DataSource(path: folder.path)
    let names = (0..<70_000).map { "class \($0)" }
    #expect(try source.load(.training, classNames: Array(names.prefix(65_536))).labels == [0, 1])
    let error = try #require(throws: DatasetError.self) { try source.load(.training, classNames: names) }
    #expect(error.code == .classes(.tooManyExpected(found: 70_000)) && error.path == folder.path + "/classes.txt")
  }

  @Test func imagesAloneAreReadFromEitherFormat() throws {
    let array = try ImageFile(contentsOf: folder.write(Self.images.serialized(), to: "images.npy"))
    #expect(array.shape == Shape.image(height: 3, width: 4, channels: 3))
    #expect(array.count == 2 && array.pixels == Self.pixels)
    let idx = try ImageFile(contentsOf: folder.write(SampleFiles.idx([2, 1, 2], [1, 2, 3, 4]), to: "images"))
    #expect(idx.shape == Shape.image(height: 1, width: 2, channels: 1) && idx.pixels == [1, 2, 3, 4])
  }

  @Test func meanAndDeviationAreMeasuredByChannel() {
    let shape = Shape.image(height: 1, width: 2, channels: 2)
    let set = ImageSet(
      shape: shape, classNames: ["a"], images: [0, 7, 255, 7, 255, 255, 255, 255], labels: [0, 0])
    // The first image alone: 0 and 255 in one channel, constant in the other.
    let first = Normalization(of: set, indices: [0])
    #expect(first.mean == [0.5, 0.02745] && first.deviation == [0.5, 1])
    #expect(Normalization(of: set, indices: [0, 1]).mean == [0.75, 0.51373])
  }
}
