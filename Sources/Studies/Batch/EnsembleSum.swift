internal import Glibc
internal import JacquardEngine
internal import Runs
internal import Support

/// The running mean of several models' probabilities.
///
/// Probabilities are added in double precision and in the order of the list, so the result does not depend on how the rows were
/// computed.
struct EnsembleSum {
  private var sums: [Double] = []
  private var first: BatchEvaluator.Answers?
  private var parameters = 0
  private(set) var members: [BatchRow.Identity] = []
  private var modelNames: [String] = []
  /// Why the mean cannot be computed; nil while it can.
  private(set) var failure: Failure?
  /// Seconds to compute the members' predictions.
  var seconds = 0.0

  /// Adds a model's predictions.
  mutating func add(_ answers: BatchEvaluator.Answers, of identity: BatchRow.Identity) {
    let probabilities = answers.probabilities
    if let first {
      let isSame =
        first.indices == answers.indices && first.predictions.labels == answers.predictions.labels
        && first.network.model.classNames == answers.network.model.classNames
      guard isSame else {
        failure =
          failure
          ?? Failure(
            .badConfiguration,
            "\(identity.checkpoint) has other images or classes than \(members[0].checkpoint), so they cannot form an ensemble."
          )
        return
      }
      for (place, probability) in probabilities.enumerated() { sums[place] += Double(probability) }
    } else {
      first = answers
      sums = probabilities.map(Double.init)
    }
    parameters += answers.network.parameterCount
    let name = answers.network.model.name
    if !modelNames.contains(name) { modelNames.append(name) }
    members.append(identity)
  }

  /// The mean's row.
  func row(
    _ identity: BatchRow.Identity, views: TestTimeViews, folder: PredictionsFolder?, wording: any Wording
  ) throws -> BatchRow {
    if let failure { return BatchRow(identity, failure: failure, wording: wording) }
    guard let first else {
      return BatchRow(
        identity,
        failure: Failure(.noInput, "no checkpoint could be evaluated, so there is no ensemble."),
        wording: wording)
    }
    let model = first.network.model
    let means = sums.map { $0 / Double(members.count) }
    // The softmax of log-probabilities gives the probabilities back.
    let predictions = Predictions(logits: means.map(Self.logit), labels: first.predictions.labels)
    let file = try folder?.write(means.map { Float($0) }, classes: model.classNames.count, of: identity)
    return BatchRow(
      identity, model: modelNames.joined(separator: "+"), members: members.count, parameters: parameters,
      report: ClassificationReport(predictions, classNames: model.classNames), seconds: seconds,
      views: views.count, predictions: file)
  }

  /// The logarithm of a probability; zero counts as tiny, so that the loss stays finite.
  private static func logit(_ mean: Double) -> Float { mean.isNaN ? .nan : Float(log(max(mean, 1e-300))) }
}
