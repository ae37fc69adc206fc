internal import Datasets

/// What `data info` tells.
struct DataReport {
  private struct Split {
    let name: String
    let set: ImageSet
    let statistics: ImageStatistics
  }

  private let folder: String
  private let splits: [Split]

  /// Measures the sets of a folder.
  init(folder: String, sets: [(part: DataFolder.Part, set: ImageSet)]) {
    self.folder = folder
    splits = sets.map { Split(name: $0.part.name, set: $0.set, statistics: $0.set.statistics) }
  }

  /// The report for programs. `mean` and `deviation` are of pixels scaled to 0…1.
  var json: JSONValue {
    ["schema": 1, "folder": .string(folder), "splits": .array(splits.map(Self.json))]
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
      "classes": .array(
        zip(split.set.classNames, split.statistics.classCounts).map { name, count in
          ["class": .string(name), "count": .integer(count)]
        }),
    ]
  }

  /// The report for people.
  var lines: [String] {
    var pairs = [(name: "folder", value: folder)]
    for split in splits {
      let shape = split.set.shape
      let images = "\(NumberText.grouped(split.set.count)) images of \(shape.height) × \(shape.width)"
      let channels = shape.channels == 1 ? "" : " × \(shape.channels)"
      let mean = NumberText.fixed(split.statistics.overall.mean, decimals: 5)
      let deviation = NumberText.fixed(split.statistics.overall.deviation, decimals: 5)
      pairs.append((split.name, "\(images)\(channels), mean \(mean), deviation \(deviation)"))
    }
    var table = TextTable([("class", .right), ("name", .left)] + splits.map { ($0.name, .right) })
    for (label, name) in (splits.first?.set.classNames ?? []).enumerated() {
      table.append(
        [String(label), name] + splits.map { NumberText.grouped($0.statistics.classCounts[label]) })
    }
    return TextTable.pairs(pairs) + [""] + table.lines
  }
}
