/// A step whose loss, gradient or result was not finite. Unless it was undone too late, it has changed nothing: parameters, states and
/// moments are those before it.
public struct StepFault: Error, Sendable, Hashable {
  /// The step's number within the run, from 1.
  public let step: Int
  /// The epoch's number, from 1.
  public let epoch: Int
  /// The numbers of the batch's samples, as the provider numbers them.
  public let samples: [Int32]
  /// The batch's mean loss.
  public let loss: Double
  /// The rate that the step would have used.
  public let learningRate: Double
  /// Where the first number that is not finite appears.
  public let place: Place
  /// Whether everything is as it was before the step. Where loss and gradient were finite and the update overflowed, it is not: the
  /// training can end, or go on from a snapshot, but not without the step.
  public let isUndone: Bool

  /// A place in a step, in the order in which a step goes through them.
  public enum Place: Sendable, Hashable {
    /// A parameter or a running statistic, before the step.
    case tensor(name: String)
    /// The images.
    case input
    /// What an operator computed from finite numbers.
    case forward(layer: String)
    /// The loss of finite logits.
    case loss
    /// The gradients that an operator computed from finite numbers.
    case backward(layer: String)
    /// A sum of finite gradients over the shards, or over all elements for its norm.
    case sum(tensor: String)
    /// What a step with a finite gradient made of a parameter, of its moments, or of a running statistic.
    case update(tensor: String)
    /// Nowhere: computed again, the step was sound.
    case nowhere
  }
}

extension StepFault.Place {
  /// The layer that the place belongs to; nil for places of no layer.
  public var layer: String? {
    switch self {
    case .forward(let layer), .backward(let layer): layer
    case .tensor(let name), .sum(let name), .update(let name):
      name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    case .input, .loss, .nowhere: nil
    }
  }
}

extension StepFault.Place: CustomStringConvertible {
  /// The place in words, to follow "appears first".
  public var description: String {
    switch self {
    case .tensor(let name): "in \(name), before the step"
    case .input: "in the images"
    case .forward(let layer): "in \(layer), forward"
    case .loss: "in the loss"
    case .backward(let layer): "in \(layer), backward"
    case .sum(let tensor): "in the sum of the gradient of \(tensor)"
    case .update(let tensor): "in \(tensor), as the step has changed it"
    case .nowhere: "nowhere when the step is computed again: look for a fault of the machine's memory or processor"
    }
  }
}
