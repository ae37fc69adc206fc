internal import Runs
package import Support
internal import Terminal

extension ReproductionResult {
  /// The result for people.
  package var lines: [String] {
    let count = steps.count
    var pairs: [(name: String, value: String)] = [
      ("run", VisibleText.of(run)),
      (
        "trained",
        "epoch\(epochs.count == 1 ? "" : "s") \(EpochRange.text(epochs)), \(NumberText.grouped(count)) step\(count == 1 ? "" : "s") "
          + "in \(NumberText.duration(seconds))"
      ),
    ]
    if let start { pairs.append(("from", VisibleText.of(start))) }
    pairs.append(("compared", comparedText))
    if let hashes = weightsSHA256 ?? tensorsSHA256 {
      pairs.append(("SHA-256 of", weightsSHA256 == nil ? "these tensors, sorted by name" : "the weights file"))
      pairs.append(("recorded", hashes.recorded))
      pairs.append(("now", hashes.now))
    }
    if rows.count > 0 {
      let text = rows.firstDifference.map { "differs from epoch \($0) on" } ?? "the same"
      pairs.append(("metrics.csv", "\(rows.count) row\(rows.count == 1 ? "" : "s"), \(text)"))
    }
    for difference in differences {
      let (before, now) = (Difference.text(difference.recorded), Difference.text(difference.now))
      pairs += Self.wrapped("differs", VisibleText.of("\(difference.name): \(before), now \(now)"))
    }
    for note in notes { pairs += Self.wrapped("note", note) }
    if let out { pairs.append(("written to", VisibleText.of(out))) }
    pairs.append(("result", resultText))
    return TextTable.pairs(pairs)
  }

  /// The width of text beside the names.
  private static let width = 66

  private static func wrapped(_ name: String, _ text: String) -> [(name: String, value: String)] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.enumerated().map { ($0 == 0 ? name : "", $1) }
  }

  private var comparedText: String {
    switch compared {
    case .weights, .state:
      let numbers = tensors.map { "\($0.tensorCount) tensors, \(NumberText.grouped($0.valueCount)) numbers" } ?? ""
      return "\(file): \(numbers)"
    case .hash: return "\(file): the SHA-256 of the weights file"
    case .rows: return "\(file): losses and accuracies"
    }
  }

  private var resultText: String {
    switch compared {
    case .rows: isSame ? "the same to six decimals" : "different"
    default: isSame ? "the same, bit for bit" : "different"
    }
  }

  /// The failure if anything differs; nil otherwise.
  package var failure: Failure? {
    if isSame { return nil }
    return Failure(.gateNotMet, "\(run): \(finding); \(circumstances).")
  }

  /// The difference in the outcome.
  private var finding: String {
    if steps.upperBound != lastStep {
      return "the training ended with step \(steps.upperBound), but the run's with step \(lastStep)"
    }
    switch compared {
    case .rows:
      let epoch = rows.firstDifference.map { "epoch \($0) has different losses or accuracies" }
      return epoch ?? "not all epochs were trained"
    case .hash:
      let version = differences.contains { $0.name == "version" }
      return "the weights file would have a different SHA-256"
        + (version ? ", possibly because another version writes it differently" : "")
    case .weights, .state:
      guard let tensors else { return "the numbers differ" }
      let largest = Self.short(tensors.largestDifference)
      return "\(file) differs: \(tensors.differentTensors) of \(tensors.tensorCount) tensors, "
        + "first \(VisibleText.of(tensors.firstTensor ?? "?")), by at most \(largest)"
        + (tensors.largestTensor.map { " (in \(VisibleText.of($0)))" } ?? "")
    }
  }

  /// Known differences of the circumstances, and the remedy.
  private var circumstances: MessageText {
    let portable: MessageText = "\(.gemm) portable trains to the same bits on every processor with FMA"
    if differences.isEmpty {
      return "version, processor, BLAS and kernels are the same as in the run"
    }
    let list = differences.map { "\($0.name) \(Difference.text($0.recorded)) (now \(Difference.text($0.now)))" }
    return "changed since the run: \(list.joined(separator: ", "))" + (gemm == "portable" ? "" : "; \(portable)")
  }

  private static func short(_ value: Double) -> String {
    value.isFinite ? JSONValue.significant(value, digits: 3).text : "infinity"
  }
}
