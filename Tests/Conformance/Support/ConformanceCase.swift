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

  private static let images: [(String, [any Layer])] = convolutions + pools + others

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

  /// The types of a case's layers and of those inside them.
  var layerTypes: Set<String> { Self.types(layers) }

  private static func types(_ layers: [any Layer]) -> Set<String> {
    Set(layers.flatMap { [type(of: $0).type] + $0.children.flatMap { types($0.layers) } })
  }
}
