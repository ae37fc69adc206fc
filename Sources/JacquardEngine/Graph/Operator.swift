/// What an operator's backward pass reads of its forward pass.
public struct Retention: OptionSet, Sendable {
  public let rawValue: UInt8
  /// A set of retained activations.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Backward reads the operator's inputs.
  public static let input = Retention(rawValue: 1)
  /// Backward reads the operator's outputs.
  public static let output = Retention(rawValue: 2)
}

/// How each element of an operator's output depends on its input in inference.
public enum ElementRule: Sendable {
  /// It is the same function of the element at its place, whatever the place and the parameters: for bytes, a table of 256.
  case function
  /// It is an element of the input, or 0, whatever the parameters: an output has the input's range.
  case selection
  /// Neither.
  case other
}

/// A layer compiled for fixed shapes: the unit that runs.
///
/// An operator is a value without state. The pass provides all memory: inputs, outputs, parameters, bytes saved for backward, and scratch memory.
/// Each call works on the images of one shard. Operators that need all shards, for example for batch statistics, ask for several phases. All shards
/// meet between two phases and pass values along in the exchange memory.
public protocol Operator: Sendable {
  /// Whether forward changes its first input in place into its output; it then uses only `output`.
  var isInPlace: Bool { get }
  /// Whether backward changes the gradient of the first output in place into that of the first input; it then uses only `changingOutputGradient`.
  var isGradientInPlace: Bool { get }
  /// What backward reads of the forward pass.
  var retains: Retention { get }
  /// Bytes per image that forward saves for backward.
  var savedBytesPerImage: Int { get }
  /// Floats of scratch memory that a pass may use; not kept between passes.
  var scratchCount: Int { get }
  /// Floats derived from the parameters once per step, before the first pass.
  var preparedCount: Int { get }
  /// Floats per shard that every shard can read after the next meeting.
  var exchangeCount: Int { get }
  /// Floats that all shards of a batch of up to `images` images share in phases after the first. The next operator overwrites them.
  func sharedCount(images: Int) -> Int
  /// Whether backward writes the whole batch's gradient of a parameter, once, instead of each shard's.
  func sumsShards(ofParameter index: Int) -> Bool
  /// The number of phases of each pass in training; all shards meet between two phases. Inference always has one.
  var trainingPhases: Int { get }
  /// How outputs depend on inputs in inference, for computing with bytes.
  var elements: ElementRule { get }
  /// Whether a forward pass in training computes something else than in inference, for example at random.
  var differsInTraining: Bool { get }

  /// Fills the prepared memory from the parameters.
  func prepare(_ pass: borrowing PreparePass)
  /// Computes the outputs of one shard.
  func forward(_ pass: borrowing ForwardPass)
  /// Computes one shard's gradients of the inputs and parameters from the gradients of the outputs.
  func backward(_ pass: borrowing BackwardPass)
}

extension Operator {
  public var isInPlace: Bool { false }
  public var isGradientInPlace: Bool { isInPlace }
  public var retains: Retention { [] }
  public var savedBytesPerImage: Int { 0 }
  public var scratchCount: Int { 0 }
  public var preparedCount: Int { 0 }
  public var exchangeCount: Int { 0 }
  public var trainingPhases: Int { 1 }
  /// An operator that needs all shards in training does not in inference.
  public var differsInTraining: Bool { trainingPhases > 1 }
  public var elements: ElementRule { .other }
  public func sharedCount(images: Int) -> Int { 0 }
  public func sumsShards(ofParameter index: Int) -> Bool { false }
  public func prepare(_ pass: borrowing PreparePass) {}
}
