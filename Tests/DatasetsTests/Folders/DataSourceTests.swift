import Datasets
import TestSupport
import Testing

struct DataSourceTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private static let images = SampleFiles.idx([2, 1, 2], [1, 2, 3, 4])
  private static let labels = SampleFiles.idx([2], [9, 0])

  /// Every spelling of the names, plain and packed.
  @Test(arguments: ["-", "."], ["", ".gz"])
  func bothPartsAreFoundUnderEverySpelling(separator: String, suffix: String) throws {
    for (name, file) in [
      ("train-images\(separator)idx3-ubyte", Self.images), ("train-labels\(separator)idx1-ubyte", Self.labels),
      ("t10k-images\(separator)idx3-ubyte", SampleFiles.idx([1, 1, 2], [5, 6])),
      ("t10k-labels\(separator)idx1-ubyte", SampleFiles.idx([1], [3])),
    ] {
      try folder.write(suffix == "" ? file : SampleFiles.gzip(file), to: name + suffix)
    }
    for path in [folder.path, folder.path + "/"] {
      let data = try DataSource(path: path)
      #expect(data.layout == .idx)
      #expect(
        try data.files(of: .training) == [
          "\(folder.path)/train-images\(separator)idx3-ubyte\(suffix)",
          "\(folder.path)/train-labels\(separator)idx1-ubyte\(suffix)",
        ])
      let (training, test) = try data.loadBoth()
      #expect(training.images == [1, 2, 3, 4])
      #expect(training.labels == [9, 0])
      // Not of Fashion-MNIST's size, so classes are numbers.
      #expect(training.classNames == (0..<10).map { "\($0)" })
      #expect(test?.images == [5, 6])
      #expect(test?.labels == [3])
      #expect(test?.classNames == training.classNames)
      #expect(try data.load(.test).images == test?.images)
    }
  }

  @Test func aMissingFileIsNamedUnderAllItsNames() throws {
    try folder.write(Self.images, to: "train-images-idx3-ubyte")
    let error = try #require(throws: DatasetError.self) { try DataSource(path: folder.path).loadBoth() }
    let names = [
      "train-labels-idx1-ubyte", "train-labels-idx1-ubyte.gz", "train-labels.idx1-ubyte", "train-labels.idx1-ubyte.gz",
    ]
    #expect(error.code == .fileMissing(names: names))
    #expect(error.category == .noInput)
    #expect(
      error.description == "\(folder.path): a file is missing: expected one of \(names.joined(separator: ", ")), "
        + "found none of them; copy the file there, or name another folder")
  }

  @Test func aDamagedPartIsRefusedWhileTheOtherLoads() throws {
    try folder.write(Self.images, to: "train-images-idx3-ubyte")
    try folder.write(Self.labels, to: "train-labels-idx1-ubyte")
    try folder.write(Self.images, to: "t10k-images-idx3-ubyte")
    try folder.write(SampleFiles.idx([2], [1, 10]), to: "t10k-labels-idx1-ubyte")
    let data = try DataSource(path: folder.path)
    #expect(try data.load(.training).count == 2)
    let error = try #require(throws: DatasetError.self) { try data.loadBoth() }
    #expect(error.code == .labelOutOfRange(index: 1, label: 10, classCount: 10))
    #expect(error.path == folder.path + "/t10k-labels-idx1-ubyte")
  }

  // MARK: Search

  /// Puts one file into a subfolder and returns that folder's path.
  private func dataFolder(_ name: String) throws -> String {
    try folder.write(Self.labels, to: name + "/t10k-labels-idx1-ubyte.gz")
    return folder.path + "/" + name
  }

  private func found(_ argument: String?, _ environment: [String: String], system: String) throws -> String {
    try DataSource.find(argument: argument, environment: environment, systemFolder: system).path
  }

  @Test func theMostExplicitFolderWins() throws {
    let named = try dataFolder("named")
    let variable = try dataFolder("variable")
    let xdg = try dataFolder("xdg/jacquard/fashion-mnist")
    let home = try dataFolder("home/.local/share/jacquard/fashion-mnist")
    let system = try dataFolder("system")
    var environment = [
      "JACQUARD_DATA": variable, "XDG_DATA_HOME": folder.path + "/xdg", "HOME": folder.path + "/home",
    ]
    #expect(try found(named, environment, system: system) == named)
    #expect(try found(nil, environment, system: system) == variable)
    environment["JACQUARD_DATA"] = ""
    #expect(try found(nil, environment, system: system) == xdg)
    environment["XDG_DATA_HOME"] = "relative/path"
    #expect(try found(nil, environment, system: system) == home)
    environment["XDG_DATA_HOME"] = folder.path + "/empty"
    #expect(try found(nil, environment, system: system) == system)
    #expect(try found(nil, [:], system: system) == system)
  }

  @Test func aNamedFolderIsTheOnlyOneLookedIn() throws {
    let system = try dataFolder("system")
    let missing = folder.path + "/missing"
    for (argument, environment) in [(missing, ["JACQUARD_DATA": system]), (nil, ["JACQUARD_DATA": missing])] {
      let error = try #require(throws: DatasetError.self) { try found(argument, environment, system: system) }
      #expect(error.code == .nothingThere && error.category == .noInput)
      #expect(
        error.description == "\(missing): no such file or folder: expected a folder of data or an .npz file, "
          + "found nothing; check the path")
    }
  }

  @Test func nothingFoundListsEveryFolder() throws {
    let error = try #require(throws: DatasetError.self) {
      try found(nil, ["HOME": folder.path], system: folder.path + "/system")
    }
    let user = folder.path + "/.local/share/jacquard/fashion-mnist"
    #expect(error.code == .dataNotFound(folders: [user, folder.path + "/system"]))
    #expect(error.category == .noInput)
    #expect(
      error.description == "\(user): no Fashion-MNIST data: expected train-images-idx3-ubyte and its companions, "
        + "plain or .gz, found none in \(user), \(folder.path)/system; "
        + "install it with apt-get install dataset-fashion-mnist, or name its folder")
  }
}
