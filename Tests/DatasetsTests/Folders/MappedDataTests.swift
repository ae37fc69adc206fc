import Datasets
import Files
import Foundation
import NumPy
import TestSupport
import Testing

/// Files that are large enough to be mapped give the same images as small ones that are read.
struct MappedDataTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let shape = [1030, 256, 256, 1]
  private static let pixels: [UInt8] = {
    var pixels = [UInt8](repeating: 0, count: shape.reduce(1, *))
    for index in stride(from: 0, to: pixels.count, by: 97) { pixels[index] = UInt8(truncatingIfNeeded: index >> 5) }
    return pixels
  }()
  private static let labels = (0..<1030).map { UInt8($0 % 3) }

  private func check(_ set: ImageSet) throws {
    #expect(set.images.isMapped)
    let owned = ImageSet(
      shape: set.shape, classNames: set.classNames, images: Self.pixels, labels: Self.labels.map { UInt16($0) })
    #expect(!owned.images.isMapped && set.labels == owned.labels)
    #expect(set.images == owned.images)
    #expect(set.statistics == owned.statistics)
    #expect(set.classMeans == owned.classMeans)
    let indices: [Int32] = [0, 3, 1029]
    #expect(Normalization(of: set, indices: indices) == Normalization(of: owned, indices: indices))
    for index in [0, 511, 1029] { #expect(Array(set.pixels(at: index)) == Array(owned.pixels(at: index))) }
    #expect(DuplicateIndex(set).firstMatch(of: owned, at: 17) == DuplicateIndex(owned).firstMatch(of: owned, at: 17))
    let (one, other) = try (
      SampleSource(set, normalization: .fashionMNIST, seed: 1),
      SampleSource(owned, normalization: .fashionMNIST, seed: 1)
    )
    #expect(one[1029] == other[1029])
  }

  @Test func arraysAreMapped() throws {
    try folder.write(NumPyArray(shape: Self.shape, bytes: Self.pixels).serialized(), to: "x_train.npy")
    try folder.write(NumPyArray(shape: [1030], bytes: Self.labels).serialized(), to: "y_train.npy")
    let set = try DataSource(path: folder.path).load(.training)
    try check(set)
    let file = try ImageFile(contentsOf: folder("x_train.npy"))
    #expect(file.pixels.isMapped && file.count == 1030 && file.pixels == set.images)
    // Programs that replace a file by another one do not disturb those that read the old one.
    folder.remove("x_train.npy")
    #expect(set.images == Self.pixels)
  }

  /// Only arrays that are stored without compression can be.
  @Test func arraysOfArchivesAreMappedAndTheirChecksumsCompared() throws {
    var file = NumPyArchive([
      .init(name: "x_train", array: NumPyArray(shape: Self.shape, bytes: Self.pixels)),
      .init(name: "y_train", array: NumPyArray(shape: [1030], bytes: Self.labels)),
    ]).serialized()
    let path = try folder.write(file, to: "own.npz")
    try check(try DataSource(path: path).load(.training))
    file[40_000_000] ^= 1
    try folder.write(file, to: "own.npz")
    let error = try #require(throws: DatasetError.self) { try DataSource(path: path).load(.training) }
    #expect("\(error)".contains("has the CRC-32"), "\(error)")
  }

  @Test func plainFilesOfIDXAreMapped() throws {
    let dimensions = Self.shape.dropLast().map { UInt32($0) }
    try folder.write(SampleFiles.idx(dimensions, Self.pixels), to: "train-images-idx3-ubyte")
    try folder.write(SampleFiles.idx([1030], Self.labels), to: "train-labels-idx1-ubyte")
    try check(try DataSource(path: folder.path).load(.training))
  }

  /// Elements in another order than they are used in have to be read.
  @Test func arraysInColumnMajorOrderAreRead() throws {
    var file = NumPyArray(shape: Self.shape, bytes: Self.pixels).serialized()
    let flag = try #require(file.prefix(200).firstRange(of: Array("False".utf8)))
    file.replaceSubrange(flag, with: Array("True ".utf8))
    let path = try folder.write(file, to: "images.npy")
    let images = try ImageFile(contentsOf: path)
    #expect(!images.pixels.isMapped)
    #expect(images.pixels[1] == Self.pixels[1030 * 256 * 1])
  }

  @Test(arguments: [-1, 1])
  func aLargeArrayOfAnotherSizeIsRefusedAsASmallOne(change: Int) throws {
    let file = NumPyArray(shape: Self.shape, bytes: Self.pixels).serialized()
    let path = try folder.write(change < 0 ? Array(file.dropLast()) : file + [0], to: "images.npy")
    let error = try #require(throws: DatasetError.self) { try ImageFile(contentsOf: path) }
    let content = try folder.content("images.npy")
    let small = try #require(throws: NumPyError.self) { try NumPyArray(file: content, path: path) }
    #expect(error.code == .array(.unreadable("\(small)")))
  }
}
