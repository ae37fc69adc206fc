internal import Datasets

/// What `data verify` finds, part by part.
struct DataVerification {
  private enum Finding {
    case sound(count: Int, shape: ImageShape, isFashionMNIST: Bool)
    case refused(CommandFailure)
  }

  private let folder: String
  private let findings: [(part: DataFolder.Part, finding: Finding)]

  /// Reads and checks both parts of a folder.
  init(folder: DataFolder) {
    self.folder = folder.path
    findings = DataFolder.Part.allCases.map { part in
      do throws(DatasetError) {
        let set = try folder.load(part)
        let isKnown = KnownData.isFashionMNIST(set, part: part)
        return (part, .sound(count: set.count, shape: set.shape, isFashionMNIST: isKnown))
      } catch {
        return (part, .refused(CommandFailure(describing: error)))
      }
    }
  }

  /// What is wrong; empty if nothing is.
  var failures: [CommandFailure] {
    findings.compactMap { if case .refused(let failure) = $0.finding { failure } else { nil } }
  }

  /// The findings for programs.
  var json: JSONValue {
    let splits: [JSONValue] = findings.map { part, finding in
      switch finding {
      case .sound(let count, let shape, let isFashionMNIST):
        [
          "split": .string(part.name), "ok": true, "count": .integer(count), "height": .integer(shape.height),
          "width": .integer(shape.width), "channels": .integer(shape.channels), "fashion_mnist": .bool(isFashionMNIST),
        ]
      case .refused(let failure):
        ["split": .string(part.name), "ok": false, "error": .string(failure.message)]
      }
    }
    return [
      "schema": 1, "folder": .string(folder), "ok": .bool(failures.isEmpty), "splits": .array(splits),
    ]
  }

  /// The findings for people.
  var lines: [String] {
    var pairs = [(name: "folder", value: folder)]
    for (part, finding) in findings {
      switch finding {
      case .sound(let count, let shape, let isFashionMNIST):
        let identity = isFashionMNIST ? "Fashion-MNIST, to the byte" : "not Fashion-MNIST"
        let size = "\(NumberText.grouped(count)) images of \(shape.height) × \(shape.width)"
        pairs.append((part.name, "ok: \(size), \(identity)"))
      case .refused: pairs.append((part.name, "refused, see below"))
      }
    }
    return TextTable.pairs(pairs)
  }
}
