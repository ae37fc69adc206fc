internal import LinearAlgebra

/// How gradients change parameters.
///
/// An optimizer is a value. Its moments lie in flat arrays beside the parameters, which the trainer keeps, saves and restores. Several workers call
/// it at once, each for one run of elements of one tensor, and it must not allocate.
///
/// ```swift
/// struct SignDescent: Optimizer {
///   var momentNames: [String] { [] }
///
///   func apply(_ update: borrowing ParameterUpdate) {
///     let gradient = update.gradient
///     var parameters = update.parameters
///     for index in parameters.indices {
///       parameters[index] -= update.learningRate * (gradient[index] < 0 ? -1 : 1)
///     }
///   }
/// }
/// ```
public protocol Optimizer: Sendable {
  /// The names of the arrays that the optimizer keeps, for example `velocity`. Each is as long as the parameters and starts as zeros.
  var momentNames: [String] { get }
  /// Changes the parameters of `update` and the moments that belong to them.
  ///
  /// The new value of an element must depend on that element alone, unless `wholeTensorScratchCount` says otherwise: the engine decides where runs end.
  func apply(_ update: borrowing ParameterUpdate)
  /// For a tensor whose elements depend on each other, the floats of scratch memory that its update needs; it is then updated in one run. Nil for all
  /// others.
  func wholeTensorScratchCount(_ tensor: NetworkTensor) -> Int?
}

extension Optimizer {
  public func wholeTensorScratchCount(_ tensor: NetworkTensor) -> Int? { nil }
}

/// One run of elements of one tensor, with everything that an optimizer needs to change them.
public struct ParameterUpdate {
  /// The tensor of the elements: its shape, role and name.
  public let tensor: NetworkTensor
  /// The elements, as indices of the flat array.
  public let range: Range<Int>
  /// The number of this step, from 1.
  public let step: Int
  /// The learning rate of this step.
  public let learningRate: Float
  /// Multiplies the gradient: below 1 if its norm is clipped.
  public let gradientScale: Float
  let gradientStorage: Storage<Float>
  let parameterStorage: Storage<Float>
  let moments: Storage<Float>
  let scratchStorage: Storage<Float>
  let scratchStart: Int
  /// The factor of the decay of the tensor's group; nil for that of its role.
  let groupDecay: Float?
  /// How products of an update are computed.
  let product: MatrixProduct

  /// The gradient of the batch's mean loss, to be multiplied by `gradientScale`.
  public var gradient: Span<Float> { @_lifetime(borrow self) get { gradientStorage.read(range) } }

  /// The parameters, to change.
  public var parameters: MutableSpan<Float> { @_lifetime(borrow self) get { parameterStorage.write(range) } }

  /// The moment at `index` in `momentNames`, to change; an empty span for nil.
  @_lifetime(borrow self)
  public func moment(_ index: Int?) -> MutableSpan<Float> {
    let first = (index ?? 0) * parameterStorage.count
    return moments.write(index == nil ? 0..<0 : first + range.lowerBound..<first + range.upperBound)
  }

  /// A part of the scratch memory that the optimizer asked for, to write; parts in use must not overlap.
  @_lifetime(borrow self)
  public func scratch(_ part: Range<Int>) -> MutableSpan<Float> {
    scratchStorage.write(scratchStart + part.lowerBound..<scratchStart + part.upperBound)
  }

  /// A part of the scratch memory that this update has filled, to read.
  @_lifetime(borrow self)
  public func filledScratch(_ part: Range<Int>) -> Span<Float> {
    scratchStorage.read(scratchStart + part.lowerBound..<scratchStart + part.upperBound)
  }

  /// `weightDecay` for weights, and 0 for biases and norms, which decay does not apply to; a group may change both.
  public func decay(_ weightDecay: Float) -> Float {
    weightDecay * (groupDecay ?? (tensor.specification.role == .weight ? 1 : 0))
  }
}
