internal import Datasets
internal import Runs
internal import Support
internal import Terminal

/// What `data verify` finds in each part.
struct DataVerification {
  private enum Outcome {
    case sound(count: Int, shape: Shape, classCount: Int, isFashionMNIST: Bool)
    case missing
    case refused(Failure)
  }

  private struct Finding {
    let part: DataSource.Part
    let outcome: Outcome
    /// The pictures that cannot be read.
    let broken: [DatasetError]
    /// Problems of pictures that can be read.
    let warnings: [PictureWarning]

    /// All failures: each broken picture, and any failure of the part as a whole.
    var failures: [Failure] {
      let pictures = broken.map { Failure(.badData, text: $0.description) }
      guard case .refused(let failure) = outcome else { return pictures }
      return pictures + (pictures.contains { $0.text == failure.text } ? [] : [failure])
    }
  }

  private let folder: String
  private let findings: [Finding]

  /// Reads and checks the parts of a data set; every part except the first may be missing.
  init(_ source: DataSource) {
    folder = source.path
    findings = DataSource.Part.allCases.map { part in
      // Name all broken pictures, not only the first.
      let log = PictureLog()
      var source = source
      source.pictures.skipsBroken = true
      source.pictures.log = log
      // Decoded pictures say nothing about the files.
      source.pictures.cache = nil
      let outcome = Self.outcome(of: part, in: source)
      return Finding(part: part, outcome: outcome, broken: log.broken, warnings: log.warnings)
    }
  }

  private static func outcome(of part: DataSource.Part, in source: DataSource) -> Outcome {
    do throws(DatasetError) {
      let set = try source.load(part)
      let isKnown = KnownData.isFashionMNIST(set, part: part)
      return .sound(count: set.count, shape: set.shape, classCount: set.classCount, isFashionMNIST: isKnown)
    } catch {
      if error.code == .noTestImages || error.code == .noValidationImages { return .missing }
      // The list of broken pictures already has it, in the library's words.
      if case .picture(.unreadable) = error.code { return .refused(Failure(.badData, text: error.description)) }
      return .refused(Failure(error))
    }
  }

  /// The failures; empty if the data is sound.
  var failures: [Failure] { findings.flatMap(\.failures) }

  /// Oddities that do no harm.
  var warnings: [String] { findings.flatMap(\.warnings).map { "\($0.path): \($0.text); its pixels are readable" } }

  /// The findings for programs.
  var json: JSONValue {
    [
      "schema": 1, "folder": .string(folder), "ok": .bool(failures.isEmpty),
      "splits": .array(findings.compactMap(Self.json)),
    ]
  }

  private static func json(_ finding: Finding) -> JSONValue? {
    var members: [JSONValue.Member] = [.init(name: "split", value: .string(finding.part.name))]
    func add(_ name: String, _ value: JSONValue) { members.append(.init(name: name, value: value)) }
    let failures = finding.failures
    switch finding.outcome {
    case .missing: return nil
    case .sound(let count, let shape, let classCount, let isFashionMNIST):
      add("ok", .bool(failures.isEmpty))
      if let first = failures.first { add("error", .string(first.text)) }
      add("count", .integer(count))
      add("height", .integer(shape.height))
      add("width", .integer(shape.width))
      add("channels", .integer(shape.channels))
      add("classes", .integer(classCount))
      add("fashion_mnist", .bool(isFashionMNIST))
    case .refused(let failure):
      add("ok", false)
      add("error", .string(failure.text))
    }
    add("broken", .array(finding.broken.map(\.pictureJSON)))
    add("warnings", .array(finding.warnings.map { ["path": .string($0.path), "warning": .string($0.text)] }))
    return .object(members)
  }

  /// The findings for people.
  var lines: [String] {
    var pairs = [(name: "folder", value: folder)]
    for finding in findings {
      var value: String
      switch finding.outcome {
      case .sound(let count, let shape, let classCount, let isFashionMNIST):
        let identity = isFashionMNIST ? "Fashion-MNIST, to the byte" : "not Fashion-MNIST"
        let channels = shape.channels == 1 ? "" : " × \(shape.channels)"
        let size = "\(NumberText.grouped(count)) images of \(shape.height) × \(shape.width)\(channels)"
        let verdict =
          finding.broken.isEmpty
          ? "ok" : "\(NumberText.grouped(finding.broken.count)) pictures broken, see below; the others"
        value = "\(verdict): \(size), \(classCount) classes, \(identity)"
      case .missing: value = "none"
      case .refused:
        value = "refused, see below"
        if !finding.broken.isEmpty { value += "; \(NumberText.grouped(finding.broken.count)) pictures broken" }
      }
      if !finding.warnings.isEmpty { value += "; \(NumberText.grouped(finding.warnings.count)) with warnings" }
      if finding.part == .validation, case .missing = finding.outcome { continue }
      pairs.append((finding.part.name, value))
    }
    return TextTable.pairs(pairs)
  }
}
