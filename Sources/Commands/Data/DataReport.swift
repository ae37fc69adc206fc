internal import Datasets
internal import Runs
internal import Support
internal import Terminal

/// The result of `data info`.
struct DataReport {
  /// The statistics of one set.
  struct Split {
    /// Its name.
    let name: String
    /// Its images.
    let set: ImageSet
    /// The counts and moments of its images.
    let statistics: ImageStatistics
    /// The images that repeat an earlier one.
    let repetitions: Repetitions
  }

  /// The training, validation and test sets that exist.
  let splits: [Split]
  /// The test images that are also in the training set; nil without a test set.
  let shared: Repetitions?
  private let folder: String
  /// What was found, left out and assumed; nil if the report does not need it.
  private let reading: Reading?

  /// Measures the sets of a folder.
  init(
    folder: String, training: ImageSet, validation: ImageSet? = nil, test: ImageSet?, reading: Reading? = nil
  ) {
    self.folder = folder
    self.reading = reading
    let index = DuplicateIndex(training)
    let sets =
      [(DataSource.Part.training, training, index)]
      + (validation.map { [(.validation, $0, DuplicateIndex($0))] } ?? [])
      + (test.map { [(.test, $0, DuplicateIndex($0))] } ?? [])
    splits = sets.map { part, set, index in
      Split(
        name: part.name, set: set, statistics: set.statistics,
        repetitions: Repetitions(index.repetitions, labels: set.labels, of: set.labels))
    }
    shared = test.map { Repetitions(index.matches(of: $0), labels: $0.labels, of: training.labels) }
  }

  /// The report for programs. `mean` and `deviation` are of pixels scaled to 0…1; `histogram` counts the values 0…255.
  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init(name: "schema", value: 1), .init(name: "folder", value: .string(folder)),
      .init(name: "splits", value: .array(splits.map(Self.json))),
      .init(name: "test_images_in_train", value: shared?.json ?? .null),
      .init(name: "imbalance", value: imbalance.map { Self.json($0, of: splits[0].set) } ?? .null),
    ]
    if let reading { members += reading.members }
    return .object(members)
  }

  /// How unequal the classes' numbers of training images are; nil for fewer than two classes with images.
  private var imbalance: ClassImbalance? { ClassImbalance(counts: splits[0].statistics.classCounts) }

  private static func json(_ imbalance: ClassImbalance, of set: ImageSet) -> JSONValue {
    [
      "largest": ["class": .string(set.classNames[imbalance.largest]), "count": .integer(imbalance.largestCount)],
      "smallest": ["class": .string(set.classNames[imbalance.smallest]), "count": .integer(imbalance.smallestCount)],
      "ratio": .rounded(imbalance.ratio, decimals: 3),
      "is_considerable": .bool(imbalance.isConsiderable),
    ]
  }

  private static func json(_ split: Split) -> JSONValue {
    let shape = split.set.shape
    return [
      "split": .string(split.name),
      "count": .integer(split.set.count),
      "height": .integer(shape.height),
      "width": .integer(shape.width),
      "channels": .integer(shape.channels),
      "mean": .rounded(split.statistics.overall.mean, decimals: 6),
      "deviation": .rounded(split.statistics.overall.deviation, decimals: 6),
      "channel_means": .array(split.statistics.channels.map { .rounded($0.mean, decimals: 6) }),
      "channel_deviations": .array(split.statistics.channels.map { .rounded($0.deviation, decimals: 6) }),
      "classes": .array(
        zip(split.set.classNames, split.statistics.classCounts).map { name, count in
          ["class": .string(name), "count": .integer(count)]
        }),
      "histogram": .array(split.statistics.histogram.map(JSONValue.integer)),
      "repeated_images": split.repetitions.json,
    ]
  }

  /// The report for people.
  var lines: [String] {
    var pairs = [(name: "folder", value: folder)]
    for split in splits {
      let shape = split.set.shape
      let images = "\(NumberText.grouped(split.set.count)) images of \(shape.height) × \(shape.width)"
      let channels = shape.channels == 1 ? "" : " × \(shape.channels)"
      func text(_ moments: (ImageStatistics.Moments) -> Double) -> String {
        split.statistics.channels.map { NumberText.fixed(moments($0), decimals: 5) }.joined(separator: " ")
      }
      pairs.append(
        (split.name, "\(images)\(channels), mean \(text(\.mean)), deviation \(text(\.deviation))"))
    }
    for split in splits { pairs.append(("repeated in \(split.name)", split.repetitions.text)) }
    if let shared { pairs.append(("of test in train", shared.text)) } else { pairs.append(("test", "none")) }
    if let imbalance { pairs.append(("imbalance", Self.text(imbalance, of: splits[0].set))) }
    if let reading { pairs += reading.pairs }
    return TextTable.pairs(pairs) + [""] + classLines + ["", "Pixel values, in percent."] + valueTable.lines
  }

  private static func text(_ imbalance: ClassImbalance, of set: ImageSet) -> String {
    if imbalance.ratio == 1 { return "none, \(NumberText.grouped(imbalance.largestCount)) training images per class" }
    let sizes =
      "\(set.classNames[imbalance.largest]) (\(NumberText.grouped(imbalance.largestCount))) to "
      + "\(set.classNames[imbalance.smallest]) (\(NumberText.grouped(imbalance.smallestCount)))"
    let advice =
      imbalance.isConsiderable
      ? "; rare classes are learned less well: try 'train --sampling balanced' or '--class-weights balanced'" : ""
    return "\(NumberText.fixed(imbalance.ratio, decimals: 1)), \(sizes)\(advice)"
  }

  /// Of more classes than these the table shows those with the most and with the fewest images.
  private static let mostClassesOfTable = 40
  /// How many it then shows of each.
  private static let classesOfEachEnd = 10

  private var classLines: [String] {
    let counts = splits[0].statistics.classCounts
    guard counts.count > Self.mostClassesOfTable else { return classTable(of: Array(counts.indices)).lines }
    // Sorting is stable: equal counts stay in the order of the classes.
    let order = counts.indices.sorted { counts[$0] > counts[$1] }
    let shown = order.prefix(Self.classesOfEachEnd) + order.suffix(Self.classesOfEachEnd)
    let empty = counts.count { $0 == 0 }
    let sentence =
      "\(NumberText.grouped(counts.count)) classes, \(NumberText.grouped(empty)) of them without images in \(splits[0].name). "
      + "Those with the most and the fewest images; --json lists all."
    return FoldedText.lines(sentence, columns: FoldedText.terminalColumns) + classTable(of: Array(shown)).lines
  }

  private func classTable(of labels: [Int]) -> TextTable {
    var table = TextTable([("class", .right), ("name", .left)] + splits.map { ($0.name, .right) })
    for label in labels {
      let counts = splits.map { NumberText.grouped($0.statistics.classCounts[label]) }
      table.append([String(label), splits[0].set.classNames[label]] + counts)
    }
    return table
  }

  /// How many values fall into each sixteenth of their range; 0, the background, has its own row.
  private var valueTable: TextTable {
    var table = TextTable([("values", .right)] + splits.map { ($0.name, .right) } + [("", .left)])
    let ranges = [0..<1, 1..<16] + stride(from: 16, to: 256, by: 16).map { $0..<$0 + 16 }
    for range in ranges {
      let shares = splits.map { split in
        let count = range.reduce(0) { $0 + split.statistics.histogram[$1] }
        return Double(count) / Double(max(1, split.set.images.count))
      }
      let name = range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound - 1)"
      let bar = String(repeating: "#", count: Int(((shares.first ?? 0) * 60).rounded()))
      table.append([name] + shares.map { NumberText.fixed($0 * 100, decimals: 2) } + [bar])
    }
    return table
  }
}

extension DataReport {
  /// What was found in the data, left out and assumed.
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
          assumptions = ["the classes have Fashion-MNIST's names, because these are its labels"]
        } else {
          assumptions = [
            "the classes are the numbers 0 to \(training.classCount - 1), because no classes.txt names them"
          ]
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
