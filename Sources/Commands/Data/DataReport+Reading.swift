internal import Datasets
internal import Runs
internal import Support

extension DataReport {
  /// What of the data was found, left out and assumed.
  struct Reading {
    private let inventory: DataInventory
    private let assumptions: [String]

    /// Looks at a data set whose training part is known.
    init(of source: DataSource, training: ImageSet) throws(DatasetError) {
      inventory = try source.inventory()
      let isNamed = try source.files(of: .training).contains { $0.endsWith(bytesOf: "classes.txt") }
      switch source.layout {
      case .pictures, .picturesInParts: assumptions = []
      case .idx, .arrays, .archive:
        if isNamed {
          assumptions = []
        } else if training.classNames == FashionMNIST.classNames {
          assumptions = ["the names of the classes are Fashion-MNIST's, whose labels these are"]
        } else {
          assumptions = ["the classes are the numbers 0 to \(training.classCount - 1): no classes.txt names them"]
        }
      }
    }

    /// For programs.
    var members: [JSONValue.Member] {
      [
        .init(
          name: "found",
          value: .array(
            inventory.found.map { ["split": .string($0.part.name), "names": .array($0.names.map(JSONValue.string))] })),
        .init(
          name: "left_out",
          value: .array(inventory.leftOut.map { ["what": .string($0.what), "reason": .string($0.reason)] })),
        .init(name: "assumed", value: .array(assumptions.map(JSONValue.string))),
      ]
    }

    /// For people.
    var pairs: [(name: String, value: String)] {
      var pairs = [
        (
          name: "found",
          value: inventory.found.map { "\($0.part.name) (\($0.names.joined(separator: ", ")))" }.joined(separator: ", ")
        ),
        ("left out", inventory.leftOutText ?? "nothing"),
      ]
      if !assumptions.isEmpty { pairs.append(("assumed", assumptions.joined(separator: "; "))) }
      return pairs
    }
  }
}
