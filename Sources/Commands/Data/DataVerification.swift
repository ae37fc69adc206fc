internal import Support
internal import Datasets

/// What `data verify` finds, part by part.
struct DataVerification {
  private enum Finding {
    case sound(count: Int, shape: Shape, classCount: Int, isFashionMNIST: Bool)
    case missing
    case refused(CommandFailure)
  }

  private let folder: String
  private let findings: [(part: DataSource.Part, finding: Finding)]

  /// Reads and checks both parts of a data set; the second may be missing.
  init(_ source: DataSource) {
    folder = source.path
    findings = DataSource.Part.allCases.map { part in
      do throws(DatasetError) {
        let set = try source.load(part)
        let isKnown = KnownData.isFashionMNIST(set, part: part)
        return (
          part, .sound(count: set.count, shape: set.shape, classCount: set.classCount, isFashionMNIST: isKnown)
        )
      } catch {
        if error.code == .noTestImages { return (part, .missing) }
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
    let splits: [JSONValue] = findings.compactMap { part, finding -> JSONValue? in
      switch finding {
      case .missing: nil
      case .sound(let count, let shape, let classCount, let isFashionMNIST):
        [
          "split": .string(part.name), "ok": true, "count": .integer(count), "height": .integer(shape.height),
          "width": .integer(shape.width), "channels": .integer(shape.channels), "classes": .integer(classCount),
          "fashion_mnist": .bool(isFashionMNIST),
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
      case .sound(let count, let shape, let classCount, let isFashionMNIST):
        let identity = isFashionMNIST ? "Fashion-MNIST, to the byte" : "not Fashion-MNIST"
        let channels = shape.channels == 1 ? "" : " × \(shape.channels)"
        let size = "\(NumberText.grouped(count)) images of \(shape.height) × \(shape.width)\(channels)"
        pairs.append((part.name, "ok: \(size), \(classCount) classes, \(identity)"))
      case .missing: pairs.append((part.name, "none"))
      case .refused: pairs.append((part.name, "refused, see below"))
      }
    }
    return TextTable.pairs(pairs)
  }
}
