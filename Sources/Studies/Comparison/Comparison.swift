package import Datasets
internal import Files
package import JacquardEngine
package import Runs
internal import Support
package import Terminal

/// The predictions of several checkpoints for the same images.
package struct Comparison {
  /// A checkpoint and its predictions.
  struct Contender {
    /// The checkpoint as the user named it.
    let checkpoint: String
    /// Its model.
    let model: Model
    /// Layers, parameters and multiply-adds.
    let summary: ModelSummary
    /// The size of its weights file in bytes.
    let byteCount: Int
    /// The SHA-256 of its weights file.
    let weightsSHA256: String
    /// The quality of its predictions.
    let report: ClassificationReport
    /// Its predictions, in the order of the images.
    let answers: [Answer]
    /// Seconds to compute the predictions.
    let seconds: Double
  }

  /// A pair of checkpoints.
  package struct Pair {
    /// The index of the first.
    package let first: Int
    /// The index of the second.
    package let second: Int
    /// Images that both classified correctly.
    let bothRight: Int
    /// Images that both classified wrongly.
    let bothWrong: Int
    /// Images with the same prediction from both.
    let sameAnswer: Int
    /// The test on the images that only one of them classified correctly.
    package let test: McNemarTest
  }

  /// The checkpoints, in the order given.
  let contenders: [Contender]
  /// The images.
  package let source: SampleSource
  /// The part of the data.
  package let split: EvaluationSplit
  /// The views that were evaluated.
  package let views: TestTimeViews
  /// Every pair of checkpoints.
  package let pairs: [Pair]
  /// The indices of the images with different predictions; those on which two confident predictions differ come first.
  package let disagreements: [Int]

  /// Evaluates checkpoints, and reads the data once.
  ///
  /// - Parameter locate: Returns the images' source for the first checkpoint.
  /// - Throws: a `Failure`, of the kind `badConfiguration` for checkpoints whose splits or classes differ.
  package init(
    _ checkpoints: [String], data locate: (Checkpoint) throws -> DataSource, split: EvaluationSplit,
    views: TestTimeViews,
    inference: InferenceSettings, console: Console
  ) throws {
    let data = LoadedData()
    let team = try inference.team()
    let machine = Machine()
    var contenders: [Contender] = []
    var first: SampleSource?
    var origin: DataSource?
    for path in checkpoints {
      let checkpoint = try Checkpoint(path, model: inference.model, preprocessing: inference.preprocessing)
      checkpoint.reportDoubts(on: console)
      try views.check(for: checkpoint.model)
      try MemoryCheck.check(checkpoint.model, inference: inference, memory: machine.memory)
      if let head = contenders.first, checkpoint.model.classNames != head.model.classNames {
        throw Self.differentClasses(path, head.checkpoint)
      }
      let network = try checkpoint.network()
      let found = try origin ?? locate(checkpoint)
      origin = found
      let (set, _) = try data.set(
        split.part(in: found, for: checkpoint), of: found, classNames: checkpoint.model.classNames)
      let source = try EvaluationData(set, of: found, checkpoint: checkpoint, split: split).source
      if let first { try Self.check(source, against: first, checkpoints: (checkpoints[0], path)) }
      first = first ?? source
      let predictor = Predictor(network, team: team, chunk: inference.imagesPerWorker)
      let start = SystemClock.seconds
      let viewed = predictor.logits(of: source, views: views) { StopSignal.request != nil }
      guard let predictions = viewed?.mean else { throw StopSignal.request ?? .interruption }
      try predictions.requireFinite(from: path)
      contenders.append(
        Contender(
          checkpoint: path, model: checkpoint.model, summary: try checkpoint.model.summary(),
          byteCount: try FileReader.byteCount(ofFileAt: checkpoint.path) ?? 0,
          weightsSHA256: try SHA256.hexadecimal(ofFileAt: checkpoint.path),
          report: ClassificationReport(predictions, classNames: checkpoint.model.classNames),
          answers: predictions.answers(classes: checkpoint.model.classNames.count),
          seconds: SystemClock.seconds - start))
    }
    guard let first else { failPrecondition("Comparison: there are no checkpoints to compare") }
    source = first
    self.contenders = contenders
    self.split = split
    self.views = views
    let places = contenders.indices
    pairs = places.flatMap { first in
      places.dropFirst(first + 1).map { Pair(first, $0, contenders) }
    }
    disagreements = Self.disagreements(contenders)
  }

  private static func check(
    _ source: SampleSource, against first: SampleSource, checkpoints: (String, String)
  ) throws(Failure) {
    guard source.indices == first.indices else {
      throw Failure(
        .badConfiguration,
        "\(checkpoints.1): its run split the training set differently from that of \(checkpoints.0), so their images "
          + "differ; compare them on \(.split) test.")
    }
    guard source.set.classNames == first.set.classNames else {
      throw differentClasses(checkpoints.1, checkpoints.0)
    }
  }

  private static func differentClasses(_ one: String, _ other: String) -> Failure {
    Failure(.badConfiguration, "\(one): its classes differ from those of \(other), so they cannot be compared.")
  }

  private static func disagreements(_ contenders: [Contender]) -> [Int] {
    let count = contenders.first?.answers.count ?? 0
    var found: [(place: Int, sureness: Double)] = []
    for place in 0..<count {
      let answers = contenders.map { $0.answers[place] }
      var sureness = -1.0
      for (index, one) in answers.enumerated() {
        for other in answers.dropFirst(index + 1) where other.answer != one.answer {
          let probability = min(one.probability, other.probability)
          sureness = max(sureness, probability.isNaN ? 0 : probability)
        }
      }
      if sureness >= 0 { found.append((place, sureness)) }
    }
    // Sorting is stable, so of equal ones the first image comes first.
    return found.sorted { $0.sureness > $1.sureness }.map(\.place)
  }

  /// The letter of a checkpoint in tables and pictures: A to Z, then AA and so on.
  static func letter(_ place: Int) -> String {
    let last = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(place % 26)))
    return place < 26 ? last : letter(place / 26 - 1) + last
  }

  /// The index of an image in its file.
  package func item(_ place: Int) -> Int { Int(source.indices[place]) }
}

extension Comparison.Pair {
  fileprivate init(_ first: Int, _ second: Int, _ contenders: [Comparison.Contender]) {
    var (both, one, other, none, same) = (0, 0, 0, 0, 0)
    for (a, b) in zip(contenders[first].answers, contenders[second].answers) {
      switch (a.isRight, b.isRight) {
      case (true, true): both += 1
      case (true, false): one += 1
      case (false, true): other += 1
      case (false, false): none += 1
      }
      same += a.answer == b.answer ? 1 : 0
    }
    self.init(
      first: first, second: second, bothRight: both, bothWrong: none, sameAnswer: same,
      test: McNemarTest(onlyFirst: one, onlySecond: other))
  }
}

extension Comparison.Contender {
  /// Images per second; each view counts as one image.
  func imagesPerSecond(_ views: TestTimeViews) -> Double {
    Double(report.count * views.count) / max(1e-9, seconds)
  }
}
