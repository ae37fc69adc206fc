public import Samples

/// How a tensor's elements are ordered here, and so how its order in files follows (files hold PyTorch's).
public enum TensorOrder: Hashable, Sendable {
  /// One dimension: the same everywhere.
  case vector(Int)
  /// `[kernelHeight][kernelWidth][inputChannels / groups][outputChannels]` here, `[out, in / groups, height, width]`
  /// in files.
  case convolution(kernel: Size2D, inputChannels: Int, outputChannels: Int)
  /// `[inputs][outputs]` here, `[outputs, inputs]` in files; inputs that were flattened from an image `[H, W, C]`
  /// come in C, H, W order in files.
  case dense(inputs: Shape, outputs: Int)

  /// Elements.
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

/// What a parameter is to the optimizer.
public enum ParameterRole: Sendable {
  /// A matrix or kernel; weight decay applies.
  case weight
  /// A bias, or a norm's scale or offset; weight decay leaves it alone.
  case bias
}

/// How a tensor starts.
public enum InitialValue: Hashable, Sendable {
  /// Every element is this.
  case constant(Float)
  /// Drawn by the run's initialization; the numbers of inputs and outputs that one output or input sees.
  case random(fanIn: Int, fanOut: Int)
}

/// A tensor that a layer needs: a parameter, or a state such as a running mean.
public struct TensorSpecification: Hashable, Sendable {
  /// Its name within the layer, as PyTorch calls it: `weight`, `bias`, `running_mean`.
  public let name: String
  /// Its shape and order.
  public let order: TensorOrder
  /// What the optimizer takes it for; nil for a state, which no optimizer changes.
  public let role: ParameterRole?
  /// How it starts.
  public let initial: InitialValue

  /// A tensor called `name`; give no role for a state.
  public init(_ name: String, _ order: TensorOrder, role: ParameterRole?, initial: InitialValue) {
    self.name = name
    self.order = order
    self.role = role
    self.initial = initial
  }
}

/// A tensor of a network with its place in the flat array of parameters (or of states).
public struct NetworkTensor: Hashable, Sendable {
  /// The full name, for example `conv1.weight`.
  public let name: String
  /// What the layer asked for.
  public let specification: TensorSpecification
  /// Where its elements lie in the flat array.
  public let range: Range<Int>
}

/// Places tensors one after the other, each on a 64-byte boundary; the floats between two tensors stay zero.
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
