internal import Support
public import Samples

/// A function of one number, elementwise, of any shape: `y = f(x)`.
///
/// ReLU, leaky ReLU, PReLU, SiLU and the exact GELU are separate layers.
public struct Activation: SingleOperatorLayer {
  /// The function.
  public var function: ActivationFunction

  /// An activation; bounds must be in order, and other parameters finite.
  public init(_ function: ActivationFunction) {
    let problem = function.problem
    require(problem == nil, "Activation: \(function.text) \(problem ?? "")")
    self.function = function
  }

  public static let type = "activation"
  public static let namePrefix = "activation"

  public var details: String { function.text }

  public func outputShape(for input: Shape) -> Shape { input }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    FunctionApplication(function: function)
  }
}

/// The operator of `Activation`.
struct FunctionApplication: Operator {
  let function: ActivationFunction

  var isGradientInPlace: Bool { true }
  var retains: Retention { .input }
  var elements: ElementRule { .function }

  func forward(_ pass: borrowing ForwardPass) {
    var output = pass.output()
    Kernels.apply(function, to: pass.input(), into: &output)
  }

  func backward(_ pass: borrowing BackwardPass) {
    var gradient = pass.changingOutputGradient()
    Kernels.applyBackward(function, input: pass.input(), gradient: &gradient)
  }
}

extension Activation {
  public enum CodingKeys: CodingKey, CaseIterable {
    case function, minimum, maximum, slope, offset, alpha, scale
  }

  /// Reads the layer's JSON: the function's name and the parameters that it has.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let text = try container.decode(String.self, forKey: .function)
    let names = ActivationFunction.names
    guard let name = names.first(where: { $0.text == text }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .function, in: container,
        debugDescription: "there is no function \"\(text)\""
          + didYouMean(text, names.map(\.text), otherwise: "known functions"))
    }
    for key in CodingKeys.allCases where key != .function && !name.keys.contains(key) && container.contains(key) {
      let known = name.keys.map(\.stringValue)
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container,
        debugDescription: "the function \"\(text)\" has no setting \"\(key.stringValue)\""
          + didYouMean(key.stringValue, known, otherwise: "its settings"))
    }
    func value(_ parameter: ActivationFunction.Parameter) throws -> Float {
      guard let key = parameter.key else { return parameter.value }
      return try container.decode(key, or: parameter.value)
    }
    function = ActivationFunction(name.kind, try value(name.first), try value(name.second))
    let problem = function.problem
    try container.require(problem == nil, .function, problem ?? "")
  }

  /// Writes the function's name and its parameters; infinite bounds are left out.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let name = function.name
    try container.encode(name.text, forKey: .function)
    for (parameter, value) in [(name.first, function.first), (name.second, function.second)] {
      if let key = parameter.key, value.isFinite { try container.encode(value, forKey: key) }
    }
  }
}
