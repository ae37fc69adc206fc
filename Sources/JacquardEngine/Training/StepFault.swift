/// A step whose loss, gradient or result was not finite. Unless it could not be undone, it has changed nothing: parameters, states and moments are as
/// before the step.
public struct StepFault: Error, Sendable, Hashable {
  /// The step's number within the run, from 1.
  public let step: Int
  /// The epoch's number, from 1.
  public let epoch: Int
  /// The numbers of the batch's samples, as the provider numbers them.
  public let samples: [Int32]
  /// The batch's mean loss.
  public let loss: Double
  /// The rate of the step.
  public let learningRate: Double
  /// Where the first non-finite number appears.
  public let place: Place
  /// Whether the step was undone. If loss and gradient were finite and the update overflowed, it was not: the training can then stop or continue from
  /// a snapshot, but cannot leave out the step.
  public let isUndone: Bool

  /// A place in a step. Cases are in the order of the computation.
  public enum Place: Sendable, Hashable {
    /// A parameter or a running statistic, before the step.
    case tensor(name: String)
    /// The images.
    case input
    /// The result of an operator with finite inputs.
    case forward(layer: String)
    /// The loss of finite logits.
    case loss
    /// The gradients from an operator with finite inputs.
    case backward(layer: String)
    /// A sum of finite gradients over the shards, or over all elements for its norm.
    case sum(tensor: String)
    /// A parameter, its moments or a running statistic, after a step with a finite gradient.
    case update(tensor: String)
    /// Nowhere: when computed again, the step was finite.
    case nowhere
  }
}

extension StepFault.Place {
  /// The layer of the place; nil if it belongs to no layer.
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
    case .update(let tensor): "in \(tensor), after the step"
    case .nowhere: "nowhere when the step is computed again: check the machine's memory and processor"
    }
  }
}
