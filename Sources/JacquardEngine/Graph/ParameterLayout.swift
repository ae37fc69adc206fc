public import Samples

/// The order of a tensor's elements in memory, which determines how to convert to and from files (files use PyTorch's order).
public enum TensorOrder: Hashable, Sendable {
  /// One dimension: the same order in memory and in files.
  case vector(Int)
  /// `[kernelHeight][kernelWidth][inputChannels / groups][outputChannels]` in memory, `[out, in / groups, height, width]` in files.
  case convolution(kernel: Size2D, inputChannels: Int, outputChannels: Int)
  /// `[inputs][outputs]` in memory, `[outputs, inputs]` in files. Inputs that were flattened from an image `[H, W, C]` are in C, H, W order in files.
  case dense(inputs: Shape, outputs: Int)

  /// The number of elements.
  public var count: Int { fileShape.reduce(1, *) }

  /// The dimensions in files.
  public var fileShape: [Int] {
    switch self {
    case .vector(let count): [count]
    case .convolution(let kernel, let inputs, let outputs): [outputs, inputs, kernel.height, kernel.width]
    case .dense(let inputs, let outputs): [outputs, inputs.count]
    }
  }

  /// The dimensions in memory.
  package var memoryShape: [Int] {
    switch self {
    case .vector(let count): [count]
    case .convolution(let kernel, let inputs, let outputs): [kernel.height, kernel.width, inputs, outputs]
    case .dense(let inputs, let outputs): [inputs.count, outputs]
    }
  }
}

/// How the optimizer treats a parameter.
public enum ParameterRole: Sendable {
  /// A matrix or kernel; weight decay applies.
  case weight
  /// A bias, or a norm's scale or offset; weight decay does not apply.
  case bias
}

/// The initial values of a tensor.
public enum InitialValue: Hashable, Sendable {
  /// Every element has this value.
  case constant(Float)
  /// Drawn by the run's initialization, from the number of inputs of an output and of outputs of an input.
  case random(fanIn: Int, fanOut: Int)
}

/// A tensor that a layer needs: a parameter, or a state such as a running mean.
public struct TensorSpecification: Hashable, Sendable {
  /// Its name within the layer, as in PyTorch: `weight`, `bias`, `running_mean`.
  public let name: String
  /// Its shape and order.
  public let order: TensorOrder
  /// How the optimizer treats it; nil for a state, which no optimizer changes.
  public let role: ParameterRole?
  /// Its initial values.
  public let initial: InitialValue

  /// A tensor called `name`. A tensor without a role is a state.
  public init(_ name: String, _ order: TensorOrder, role: ParameterRole?, initial: InitialValue) {
    self.name = name
    self.order = order
    self.role = role
    self.initial = initial
  }
}

/// A tensor of a network with its range in the flat array of parameters (or of states).
public struct NetworkTensor: Hashable, Sendable {
  /// The full name, for example `conv1.weight`.
  public let name: String
  /// The layer's specification.
  public let specification: TensorSpecification
  /// The range of its elements in the flat array.
  public let range: Range<Int>
}

/// Places tensors one after the other on 64-byte boundaries; the floats between two tensors stay zero.
struct TensorPlacement: Sendable {
  private(set) var tensors: [NetworkTensor] = []
  private(set) var count = 0

  mutating func append(_ specification: TensorSpecification, layer: String) -> Int {
    let range = count..<count + specification.order.count
    tensors.append(NetworkTensor(name: "\(layer).\(specification.name)", specification: specification, range: range))
    count = (range.upperBound + 15) / 16 * 16
    return tensors.count - 1
  }
}
