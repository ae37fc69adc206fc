internal import Support

/// How many images repeat another one, and how many of these have a different label.
struct Repetitions: Sendable {
  private let count: Int
  private let relabeled: Int

  /// Counts pairs of an image and the one it repeats.
  init(_ pairs: [(image: Int, first: Int)], labels: [UInt16], of others: [UInt16]) {
    count = pairs.count
    relabeled = pairs.count { labels[$0.image] != others[$0.first] }
  }

  /// The counts for programs.
  var json: JSONValue { ["count": .integer(count), "with_other_label": .integer(relabeled)] }

  /// The counts for people.
  var text: String {
    if count == 0 { return "none" }
    let images = count == 1 ? "1 image" : "\(NumberText.grouped(count)) images"
    return relabeled == 0 ? images : "\(images), \(NumberText.grouped(relabeled)) of them with a different label"
  }
}
