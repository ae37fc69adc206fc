internal import Support

/// The parts of an IDX file's name: `train-images-idx3-ubyte`, `t10k-labels.idx1-ubyte.gz`,
/// `emnist-letters-test-images-idx3-ubyte`, `qmnist-train-labels-idx2-int`.
struct IDXName: Hashable {
  /// The content of a data set's file.
  enum Content: Hashable {
    /// The images, of rank 3, or 4 with channels.
    case images
    /// Their labels.
    case labels
  }

  /// The data set's name, which precedes the part, without its dash. Empty in MNIST's names.
  let prefix: String
  /// The part.
  let part: DataSource.Part
  /// Images or labels.
  let content: Content

  /// Parses a name; nil for other files.
  init?(_ name: String) {
    var text = Substring(name)
    if text.endsWith(bytesOf: ".gz") { text = text.dropLast(3) }
    guard let kind = ["-ubyte", "-int", "-byte", "-short"].first(where: text.endsWith(bytesOf:)) else { return nil }
    text = text.dropLast(kind.count)
    // "-idx3" or ".idx3".
    guard let rank = text.last?.wholeNumberValue, 1...4 ~= rank, text.dropLast().endsWith(bytesOf: "idx") else {
      return nil
    }
    text = text.dropLast(4)
    guard let separator = text.last, separator == "-" || separator == "." else { return nil }
    text = text.dropLast()
    if text.endsWith(bytesOf: "-images"), rank >= 3 {
      content = .images
    } else if text.endsWith(bytesOf: "-labels"), rank <= 2 {
      content = .labels
    } else {
      return nil
    }
    text = text.dropLast(7)
    let words = text.split(separator: "-", omittingEmptySubsequences: false)
    guard let word = words.last, let part = Self.parts[String(word)] else { return nil }
    self.part = part
    prefix = words.dropLast().joined(separator: "-")
  }

  /// MNIST names its test part after its size.
  private static let parts: [String: DataSource.Part] = {
    var parts: [String: DataSource.Part] = ["t10k": .test]
    for part in DataSource.Part.allCases { for name in part.names { parts[name] = part } }
    return parts
  }()
}
