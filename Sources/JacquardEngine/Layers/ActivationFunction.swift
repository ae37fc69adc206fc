/// A function of one number that an `Activation` applies to every element; σ is the logistic function.
public struct ActivationFunction: Hashable, Sendable {
  /// The numbers of the functions in the C kernels.
  enum Kind: Int32 {
    case clip, tanh, sigmoid, hardSigmoid, hardSwish, elu, softplus, mish, approximateGELU, swish, softsign
  }

  let kind: Kind
  /// The parameters; 0 for parameters that the function does not have.
  let first: Float
  let second: Float

  init(_ kind: Kind, _ first: Float = 0, _ second: Float = 0) {
    self.kind = kind
    self.first = first
    self.second = second
  }

  /// `tanh x`
  public static let tanh = ActivationFunction(.tanh)
  /// `σ(x) = 1 / (1 + e⁻ˣ)`
  public static let sigmoid = ActivationFunction(.sigmoid)
  /// `x · min(max(x + 3, 0), 6) / 6` (Howard et al. 2019)
  public static let hardSwish = ActivationFunction(.hardSwish)
  /// `ln(1 + eˣ)`
  public static let softplus = ActivationFunction(.softplus)
  /// `x · tanh(ln(1 + eˣ))` (Misra 2019)
  public static let mish = ActivationFunction(.mish)
  /// GELU's approximation, `x · (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2` (Hendrycks and Gimpel 2016)
  public static let approximateGELU = ActivationFunction(.approximateGELU)
  /// `x / (1 + |x|)`
  public static let softsign = ActivationFunction(.softsign)
  /// `min(max(x, 0), 6)` (Howard et al. 2017)
  public static let relu6 = clip(minimum: 0, maximum: 6)
  /// The self-normalizing ELU (Klambauer et al. 2017)
  public static let selu = elu(alpha: 1.673_263_2, scale: 1.050_701)
  /// GELU's approximation `x · σ(1.702 x)`
  public static let quickGELU = swish(alpha: 1.702)

  /// `min(max(x, minimum), maximum)`; an infinite bound has no effect.
  public static func clip(minimum: Float = -.infinity, maximum: Float = .infinity) -> ActivationFunction {
    ActivationFunction(.clip, minimum, maximum)
  }

  /// `min(max(slope · x + offset, 0), 1)`
  public static func hardSigmoid(slope: Float = 1 / 6, offset: Float = 0.5) -> ActivationFunction {
    ActivationFunction(.hardSigmoid, slope, offset)
  }

  /// `scale · x` where `x > 0`, `scale · alpha · (eˣ − 1)` elsewhere (Clevert et al. 2016)
  public static func elu(alpha: Float = 1, scale: Float = 1) -> ActivationFunction {
    ActivationFunction(.elu, alpha, scale)
  }

  /// `x · σ(alpha · x)`; with alpha 1 it equals the layer `SiLU`.
  public static func swish(alpha: Float) -> ActivationFunction { ActivationFunction(.swish, alpha) }

  /// What is wrong with the parameters; nil if they are valid.
  package var problem: String? {
    switch kind {
    case .clip:
      guard first < second, first < .infinity, second > -.infinity, first.isFinite || second.isFinite else {
        return "needs a minimum below its maximum, found \(first) and \(second)"
      }
    case .hardSigmoid:
      guard first.isFinite, first > 0, second.isFinite else {
        return "needs a positive slope and a finite offset, found \(first) and \(second)"
      }
    case .elu, .swish:
      guard first.isFinite, second.isFinite else { return "needs finite parameters, found \(first) and \(second)" }
    default: break
    }
    return nil
  }
}

extension ActivationFunction {
  /// A name in JSON, with the keys of its parameters. A parameter without a key is implied by the name.
  struct Name {
    let text: String
    let kind: Kind
    var first: Parameter = .fixed(0)
    var second: Parameter = .fixed(0)

    /// The keys of its parameters.
    var keys: [Activation.CodingKeys] { [first.key, second.key].compactMap(\.self) }
  }

  /// A parameter of a function.
  enum Parameter {
    case fixed(Float)
    case key(Activation.CodingKeys, default: Float)

    var key: Activation.CodingKeys? { if case .key(let key, _) = self { key } else { nil } }

    var value: Float {
      switch self {
      case .fixed(let value), .key(_, let value): value
      }
    }
  }

  /// All names. If several fit a function, the first is written.
  static let names: [Name] = [
    Name(text: "relu6", kind: .clip, first: .fixed(relu6.first), second: .fixed(relu6.second)),
    Name(
      text: "clip", kind: .clip, first: .key(.minimum, default: -.infinity),
      second: .key(.maximum, default: .infinity)),
    Name(text: "tanh", kind: .tanh),
    Name(text: "sigmoid", kind: .sigmoid),
    Name(
      text: "hard_sigmoid", kind: .hardSigmoid, first: .key(.slope, default: 1 / 6),
      second: .key(.offset, default: 0.5)),
    Name(text: "hard_swish", kind: .hardSwish),
    Name(text: "selu", kind: .elu, first: .fixed(selu.first), second: .fixed(selu.second)),
    Name(text: "elu", kind: .elu, first: .key(.alpha, default: 1), second: .key(.scale, default: 1)),
    Name(text: "softplus", kind: .softplus),
    Name(text: "mish", kind: .mish),
    Name(text: "gelu_tanh", kind: .approximateGELU),
    Name(text: "quick_gelu", kind: .swish, first: .fixed(quickGELU.first)),
    Name(text: "swish", kind: .swish, first: .key(.alpha, default: 1)),
    Name(text: "softsign", kind: .softsign),
  ]

  /// The name to write.
  var name: Name {
    Self.names.first { name in
      name.kind == kind && (name.first.key != nil || name.first.value == first)
        && (name.second.key != nil || name.second.value == second)
    } ?? Name(text: "\(kind)", kind: kind)
  }

  /// Its name with its parameters, for example `elu, alpha 0.5, scale 1`.
  var text: String {
    let name = name
    let parameters = [(name.first.key, first), (name.second.key, second)]
    return parameters.reduce(name.text) { text, parameter in
      guard let key = parameter.0, parameter.1.isFinite else { return text }
      return "\(text), \(key.stringValue) \(parameter.1)"
    }
  }
}

extension ActivationFunction {
  /// Whether no result is below 0.
  package var isNeverNegative: Bool {
    switch kind {
    case .clip: first >= 0
    case .sigmoid, .hardSigmoid, .softplus: true
    case .elu: second >= 0 && first * second <= 0
    case .tanh, .hardSwish, .mish, .approximateGELU, .swish, .softsign: false
    }
  }
}

extension ActivationFunction {
  /// A function with its parameters, for code that writes it in other forms.
  package enum Form: Sendable {
    case clip(Float, Float)
    case tanh, sigmoid
    case hardSigmoid(slope: Float, offset: Float)
    case hardSwish
    case elu(alpha: Float, scale: Float)
    case softplus, mish, approximateGELU
    case swish(alpha: Float)
    case softsign
  }

  /// The function with its parameters.
  package var form: Form {
    switch kind {
    case .clip: .clip(first, second)
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    case .hardSigmoid: .hardSigmoid(slope: first, offset: second)
    case .hardSwish: .hardSwish
    case .elu: .elu(alpha: first, scale: second)
    case .softplus: .softplus
    case .mish: .mish
    case .approximateGELU: .approximateGELU
    case .swish: .swish(alpha: first)
    case .softsign: .softsign
    }
  }
}
