import JacquardEngine
import Randomness

/// Every layer, with settings that differ between height and width and from side to side, on images of random sizes.
struct ConformanceCase {
  let name: String
  let layers: [any Layer]
  let shape: Shape

  /// All cases, with sizes drawn from a seed.
  static func all(seed: UInt64) -> [ConformanceCase] {
    var generator = RandomStream(seed: seed, name: "sizes").generator(epoch: 0, index: 0)
    func size(_ range: ClosedRange<Int>) -> Int {
      range.lowerBound + Int(generator.unitFloat() * Float(range.count))
    }
    return images.map { name, layers in
      // Even channels, so that groups of two divide them.
      ConformanceCase(
        name: name, layers: layers, shape: .image(height: size(7...13), width: size(7...13), channels: 2 * size(1...3)))
    } + [
      ConformanceCase(
        name: "one channel", layers: [Conv2D(outputChannels: 3, kernelSize: 3), ReLU()],
        shape: .image(height: size(3...9), width: size(3...9), channels: 1)),
      ConformanceCase(name: "flatten of a vector", layers: [Flatten(), Dense(4)], shape: .vector(size(1...9))),
      ConformanceCase(
        name: "vector", layers: [Dense(7, usesBias: false), GELU(), Dropout(0.5), Dense(6), SiLU()],
        shape: .vector(size(2...20))),
    ]
  }

  private static let images: [(String, [any Layer])] = convolutions + pools + others + functions + channels

  private static let convolutions: [(String, [any Layer])] = [
    ("convolution", [Conv2D(outputChannels: 5, kernelSize: 3)]),
    ("same", [Conv2D(outputChannels: 4, kernelSize: 5, padding: .same(5))]),
    (
      "strides",
      [Conv2D(outputChannels: 4, kernelSize: Size2D(height: 3, width: 2), stride: Size2D(height: 1, width: 2))]
    ),
    (
      "sides",
      [Conv2D(outputChannels: 3, kernelSize: 3, stride: 2, padding: Padding(top: 1, left: 0, bottom: 2, right: 3))]
    ),
    ("dilation", [Conv2D(outputChannels: 3, kernelSize: 3, dilation: Size2D(height: 2, width: 3))]),
    ("groups", [Conv2D(outputChannels: 6, kernelSize: 3, padding: Padding(1), groups: 2)]),
    ("no bias", [Conv2D(outputChannels: 3, kernelSize: 1, usesBias: false)]),
  ]

  private static let pools: [(String, [any Layer])] = [
    ("maximum", [MaxPool2D(2)]),
    (
      "maximum with sides",
      [MaxPool2D(3, stride: Size2D(height: 2, width: 1), padding: Padding(top: 1, left: 2, bottom: 0, right: 1))]
    ),
    ("mean", [AveragePool2D(Size2D(height: 2, width: 3))]),
    (
      "mean with sides", [AveragePool2D(3, stride: 2, padding: Padding(top: 1, left: 0, bottom: 2, right: 1))]
    ),
    (
      "mean of what is there",
      [AveragePool2D(3, stride: 2, padding: Padding(top: 1, left: 0, bottom: 2, right: 1), countsPadding: false)]
    ),
    ("global mean", [GlobalAveragePool()]),
    ("global maximum", [GlobalMaxPool()]),
  ]

  private static let others: [(String, [any Layer])] = [
    ("norm", [BatchNorm2D()]),
    ("norm with epsilon", [BatchNorm2D(epsilon: 0.1, momentum: 0.3)]),
    ("block", [Conv2D(outputChannels: 4, kernelSize: 3, usesBias: false), BatchNorm2D(), ReLU(), MaxPool2D(2)]),
    ("rectifier", [ReLU()]),
    ("leaky rectifier", [LeakyReLU(negativeSlope: 0.2)]),
    ("rectifier with slopes", [PReLU()]),
    ("rectifier with one slope", [PReLU(isShared: true, initialSlope: -0.5)]),
    ("slopes of a vector", [GlobalAveragePool(), PReLU(), Dense(6), PReLU(isShared: true)]),
    ("GELU", [GELU()]),
    ("SiLU", [SiLU()]),
    ("dropout", [Dropout(0.3)]),
    ("flatten", [Flatten(), ReLU(), Dense(9)]),
    (
      "residual",
      [
        Residual {
          Conv2D(outputChannels: 2, kernelSize: 3, padding: Padding(1))
        } shortcut: {
          Conv2D(outputChannels: 2, kernelSize: 1)
          BatchNorm2D()
        }, ReLU(),
      ]
    ),
    (
      "identity",
      [
        Conv2D(outputChannels: 4, kernelSize: 1),
        Residual {
          ReLU(); Residual { GELU() }
        },
      ]
    ),
  ]

  private static let functions: [(String, [any Layer])] = [
    ActivationFunction.relu6, .clip(minimum: -0.25, maximum: 0.5), .clip(maximum: 0.25), .clip(minimum: -0.25), .tanh,
    .sigmoid,
    .hardSigmoid(), .hardSigmoid(slope: 0.2, offset: 0.5), .hardSwish, .elu(), .elu(alpha: 0.5), .selu,
    .elu(alpha: 0.5, scale: 2), .softplus, .mish, .approximateGELU, .quickGELU, .swish(alpha: 0.7), .softsign,
  ].map { ("function \(Activation($0).details)", [Conv2D(outputChannels: 3, kernelSize: 1), Activation($0)]) }

  private static let channels: [(String, [any Layer])] = [
    (
      "fire",
      [
        Conv2D(outputChannels: 3, kernelSize: 1), ReLU(),
        Branches(
          .concat, [Conv2D(outputChannels: 2, kernelSize: 1), ReLU()],
          [Conv2D(outputChannels: 4, kernelSize: 3, padding: Padding(1)), ReLU()]),
      ]
    ),
    (
      "dense block",
      [
        Branches(.concat, [], [BatchNorm2D(), ReLU(), Conv2D(outputChannels: 2, kernelSize: 1)]),
        Branches(.concat, [], [BatchNorm2D(), ReLU(), Conv2D(outputChannels: 3, kernelSize: 1)]), Activation(.tanh),
      ]
    ),
    (
      "squeeze and excite",
      [
        Conv2D(outputChannels: 4, kernelSize: 1),
        Branches(
          .multiply, [], [GlobalAveragePool(), Dense(2), ReLU(), Dense(4), Activation(.hardSigmoid())]),
      ]
    ),
    (
      "product",
      [Branches(.multiply, [Conv2D(outputChannels: 3, kernelSize: 1)], [Conv2D(outputChannels: 3, kernelSize: 1)])]
    ),
    ("sum of three", [Branches(.add, [Activation(.tanh)], [], [LocalResponseNorm(size: 3)])]),
    ("slice", [ChannelSlice(start: 1, count: 1), ReLU()]),
    (
      "split and shuffle",
      [
        Conv2D(outputChannels: 6, kernelSize: 1),
        Branches(
          .concat, [ChannelSlice(start: 0, count: 3)],
          [ChannelSlice(start: 3, count: 3), Conv2D(outputChannels: 3, kernelSize: 1)]), ChannelShuffle(groups: 2),
      ]
    ),
    (
      "channels of vectors",
      [
        GlobalAveragePool(), Dense(6), ChannelShuffle(groups: 3), Branches(.concat, [Dense(2)], []),
        ChannelSlice(start: 1, count: 6), Branches(.multiply, [], [Dense(6), Activation(.sigmoid)]),
      ]
    ),
    ("padding", [ZeroPad2D(Padding(top: 1, left: 0, bottom: 2, right: 3)), MaxPool2D(2)]),
    ("group norm", [GroupNorm(groups: 2)]),
    (
      "group norm with epsilon", [Conv2D(outputChannels: 6, kernelSize: 1), GroupNorm(groups: 3, epsilon: 0.1), ReLU()]
    ),
    ("one group", [GroupNorm(groups: 1)]),
    ("instance norm", [Conv2D(outputChannels: 4, kernelSize: 1), GroupNorm(groups: 4)]),
    ("layer norm", [LayerNorm(), ReLU()]),
    ("response norm", [LocalResponseNorm(size: 3, alpha: 0.5, beta: 0.6, bias: 2), ReLU()]),
    (
      "norms of vectors",
      [
        GlobalAveragePool(), Dense(6), LayerNorm(epsilon: 1e-3), Dense(4), GroupNorm(groups: 2),
        LocalResponseNorm(size: 3),
      ]
    ),
  ]

  /// The types of a case's layers and of those inside them.
  var layerTypes: Set<String> { Self.types(layers) }

  private static func types(_ layers: [any Layer]) -> Set<String> {
    Set(layers.flatMap { [type(of: $0).type] + $0.children.flatMap { types($0.layers) } })
  }
}
