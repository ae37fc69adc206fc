/// What one training step computes: the loss, and the gradient of every parameter.
package struct StepResult: Sendable {
  /// The mean loss of the batch.
  package let loss: Double
  /// The gradients, in the order of the parameters.
  package let gradients: [[Float]]

  /// Holds a step's result.
  package init(loss: Double, gradients: [[Float]]) {
    self.loss = loss
    self.gradients = gradients
  }

  /// Whether every number is one.
  package var isFinite: Bool { loss.isFinite && gradients.allSatisfy { $0.allSatisfy(\.isFinite) } }

  /// The largest relative difference of the loss and of any gradient's length; infinite where something is not finite.
  ///
  /// A gradient that is nothing but rounding, such as that of a bias before a batch norm, is not judged by itself: differences are
  /// relative to a thousandth of the longest gradient at least.
  package func error(from reference: StepResult) -> Double {
    let floor = 1e-3 * (reference.gradients.map(RelativeError.norm).max() ?? 0)
    let differences = zip(gradients, reference.gradients).map { RelativeError.length($0, $1, floor: floor) }
    let all = [(loss - reference.loss).magnitude / reference.loss.magnitude] + differences
    // A maximum would drop a NaN.
    return all.allSatisfy(\.isFinite) ? all.reduce(0, max) : .infinity
  }
}
