internal import LinearAlgebra
internal import Datasets
internal import Interchange
internal import JacquardEngine
internal import NumPy

/// NumPy files: as arrays, as data sets and as Keras weights.
enum ArrayFiles {
  static func readNumPy(_ bytes: [UInt8]) {
    guard let array = try? NumPyArray(file: bytes, path: "fuzz.npy") else { return }
    check(array)
    guard let again = try? NumPyArray(file: array.serialized(), path: "again.npy") else {
      preconditionFailure("a written array cannot be read")
    }
    precondition(again == array, "an array changes when it is written and read again")
  }

  static func readArchive(_ bytes: [UInt8]) {
    guard let archive = try? NumPyArchive(file: bytes, path: "fuzz.npz") else { return }
    let names = try? NumPyArchive.names(file: bytes, path: "fuzz.npz")
    precondition(names == archive.members.map(\.name), "the names in the directory differ from those in the archive")
    for member in archive.members {
      check(member.array)
      precondition(archive[member.name] == member.array, "two arrays share a name")
    }
    guard let again = try? NumPyArchive(file: archive.serialized(), path: "again.npz") else {
      preconditionFailure("a written archive cannot be read")
    }
    precondition(again == archive, "an archive changes when it is written and read again")
  }

  /// An archive as a data set.
  static func readDataSet(_ bytes: [UInt8]) {
    FuzzFile.with(NumPyArchive(members(bytes)).serialized()) { path in
      guard let source = try? DataSource(path: path), let (training, test) = try? source.loadBoth() else { return }
      for set in [training, test].compactMap({ $0 }) {
        precondition(set.count > 0 && set.images.count == set.count * set.shape.count)
        precondition(set.labels.allSatisfy { $0 < set.classCount }, "a label names no class")
        precondition(set.classCount == training.classCount, "the parts have different classes")
      }
    }
  }

  /// An archive as Keras writes a model's weights.
  static func readKeras(_ bytes: [UInt8]) {
    guard let weights = KerasWeights(NumPyArchive(members(bytes))) else { return }
    guard let model = try? Model(json: keras),
      let network = try? Network(awaitingWeights: model, options: ComputeOptions(product: .naive))
    else { preconditionFailure("the model cannot be built") }
    guard (try? weights.load(into: network)) != nil else { return }
    ModelFiles.predict(network)
  }

  private static let keras = """
    {"name": "keras", "input_shape": [3, 3, 1], "class_names": ["a", "b"], "layers": [
      {"type": "conv2d", "output_channels": 2, "kernel_size": 2}, {"type": "batch_norm2d"}, {"type": "flatten"},
      {"type": "dense", "output_features": 2}
    ]}
    """

  /// The members of an archive in a form that a fuzzer can change, without the checksums of a ZIP file: for each member the length of its name in
  /// one byte, the length of its `.npy` file in two, the name, and the file.
  private static func members(_ bytes: [UInt8]) -> [NumPyArchive.Member] {
    var members: [NumPyArchive.Member] = []
    var rest = bytes[...]
    while rest.count >= 3 {
      let lengths = Array(rest.prefix(3)).map(Int.init)
      let name = rest.dropFirst(3).prefix(lengths[0])
      let file = rest.dropFirst(3 + name.count).prefix(lengths[1] + 256 * lengths[2])
      rest = rest.dropFirst(3 + name.count + file.count)
      guard let array = try? NumPyArray(file: Array(file), path: "fuzz.npy") else { continue }
      let member = NumPyArchive.Member(name: String(decoding: name, as: UTF8.self), array: array)
      if !members.contains(where: { $0.name == member.name }) { members.append(member) }
    }
    return members
  }

  private static func check(_ array: NumPyArray) {
    precondition(array.bytes.count == array.shape.reduce(array.elementType.byteCount, *))
    precondition(array.floats.count == array.count)
    if let integers = array.integers { precondition(integers.count == array.count) }
  }
}
