internal import Datasets
package import JacquardEngine
internal import Support

/// The accuracy of an evaluation in each of several groups of images, such as the cameras or places that they come from.
package struct GroupFigures {
  /// The figures of a group.
  package struct Row: Hashable, Sendable {
    /// The group's name.
    package let name: String
    /// Its images.
    package let count: Int
    /// The right answers among them.
    package let correct: Int

    /// The share of right answers.
    package var accuracy: Double { Double(correct) / Double(max(1, count)) }
    /// The interval of the accuracy that holds it 95 times out of 100 (Wilson).
    package var interval: ShareInterval { ShareInterval(hits: correct, count: count) }
  }

  /// The groups, by falling accuracy; of equal ones the one that the table names first.
  package let rows: [Row]

  /// Reads a table with the columns `index` or `path`, and `group`.
  ///
  /// - Throws: a `Failure` for a file that cannot be read, or gives an evaluated image no group or two.
  package init(_ file: String, of evaluation: Evaluation) throws {
    let data = evaluation.data
    let count = data.source.set.count
    let paths = try data.origin.relativePaths(of: data.part, count: count)
    let table = try ImageTable(file, part: data.part, images: count, paths: paths, value: "group")
    var names: [String] = []
    var numbers: [String: Int] = [:]
    var groups = [Int](repeating: -1, count: count)
    for (image, cells) in table.rows {
      let name = cells["group"] ?? ""
      if numbers[name] == nil {
        numbers[name] = names.count
        names.append(name)
      }
      let number = numbers[name] ?? 0
      guard groups[Int(image)] < 0 || groups[Int(image)] == number else {
        throw Failure(.badData, "\(file): the image \(paths?[Int(image)] ?? String(image)) is in two groups; keep one.")
      }
      groups[Int(image)] = number
    }
    var counts = [(count: Int, correct: Int)](repeating: (0, 0), count: names.count)
    for answer in evaluation.answers {
      let item = evaluation.item(of: answer)
      guard groups[item] >= 0 else {
        throw Failure(
          .badData,
          "\(file): the image \(paths?[item] ?? String(item)) has no group; give every evaluated image a line with its index or path and its group."
        )
      }
      counts[groups[item]].count += 1
      if answer.isRight { counts[groups[item]].correct += 1 }
    }
    // Sorting is stable.
    rows = zip(names, counts).map { Row(name: $0, count: $1.count, correct: $1.correct) }.filter { $0.count > 0 }
      .sorted { $0.accuracy > $1.accuracy }
  }
}
