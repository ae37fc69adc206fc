import JacquardEngine
import TestSupport
import Testing

/// Layers on a batch: one row of the tables that both the forward and the backward tests walk over.
struct LayerCase: CustomTestStringConvertible, Sendable {
  let layers: [any Layer]
  let shape: Shape
  let images: Int
  var seed: UInt64 = 1

  var testDescription: String { describe(layers, shape, images) }

  /// Numbers for the layers, the input away from kinks.
  func sample() throws -> LayerSample {
    var sample = try LayerSample(layers, shape, images: images, seed: seed)
    var random = TestRandom(seed: seed &+ 1000)
    sample.input = random.grid(shape, images: images)
    return sample
  }

  /// Even and uneven splits, and more shards than images.
  var shardCounts: [Int] { [1, 3, images + 2] }

  /// Every layer separately, over all shapes that it takes.
  static let single: [LayerCase] =
    anyShape.flatMap { layer in shapes.map { LayerCase(layers: [layer], shape: $0.shape, images: $0.images) } }
    + imagesOnly.flatMap { layer in
      shapes.filter(\.shape.isImage).map { LayerCase(layers: [layer], shape: $0.shape, images: $0.images) }
    }
    + dense + pools + convolutions + channels

  /// One pixel, even and odd, not square, one channel, ten (not a multiple of a vector's width), one image, vectors.
  private static let shapes: [(shape: Shape, images: Int)] = [
    (.image(height: 1, width: 1, channels: 1), 2), (.image(height: 1, width: 1, channels: 10), 4),
    (.image(height: 4, width: 6, channels: 1), 3), (.image(height: 5, width: 7, channels: 3), 1),
    (.image(height: 3, width: 4, channels: 10), 5), (.vector(1), 1), (.vector(17), 5),
  ]

  private static let anyShape: [any Layer] =
    [
      ReLU(), LeakyReLU(negativeSlope: 0.2), LeakyReLU(negativeSlope: 0), GELU(), SiLU(), Dropout(0.4), Dropout(0),
      Flatten(), Residual { ReLU() }, PReLU(), PReLU(isShared: true, initialSlope: -0.5),
      ChannelSlice(start: 0, count: 1), LocalResponseNorm(size: 5, alpha: 1, beta: 0.75, bias: 2),
      LocalResponseNorm(size: 2, alpha: 0.5, beta: 0.4),
      Branches(.add, [ReLU()], [], [SiLU()]), Branches(.multiply, [], [Activation(.sigmoid)]),
      Branches(.concat, [], [Activation(.tanh)], [ChannelSlice(start: 0, count: 1)]),
    ] + ActivationFunction.all.map { Activation($0) }

  private static let imagesOnly: [any Layer] = [
    GlobalAveragePool(), GlobalMaxPool(), BatchNorm2D(), BatchNorm2D(epsilon: 0.1, momentum: 0.5),
    ZeroPad2D(Padding(top: 1, left: 0, bottom: 2, right: 3)),
    Branches(.multiply, [], [GlobalAveragePool(), Activation(.sigmoid)]),
    Branches(.multiply, [GlobalAveragePool(), SiLU()], [LeakyReLU(negativeSlope: 0.2)]),
  ]

  /// Layers whose channels come in groups, or have statistics, of which one channel has none.
  private static let channels: [LayerCase] =
    [
      (.image(height: 3, width: 4, channels: 10), 3), (.image(height: 1, width: 1, channels: 10), 4),
      (.image(height: 5, width: 7, channels: 30), 1), (.vector(20), 5),
    ].flatMap { (shape: Shape, images: Int) in
      let layers: [any Layer] = [
        ChannelSlice(start: 3, count: 5), ChannelShuffle(groups: 2), ChannelShuffle(groups: 5), GroupNorm(groups: 1),
        GroupNorm(groups: 2, epsilon: 0.1), LayerNorm(), LayerNorm(epsilon: 0.1),
        Branches(.concat, [ChannelSlice(start: 0, count: 5), ChannelShuffle(groups: 5)], [GroupNorm(groups: 2)]),
      ]
      return layers.map { LayerCase(layers: [$0], shape: shape, images: images) }
    } + [
      // Instance norm.
      LayerCase(layers: [GroupNorm(groups: 3)], shape: .image(height: 5, width: 7, channels: 3), images: 2)
    ]

  private static let dense: [LayerCase] = [
    LayerCase(layers: [Dense(1)], shape: .vector(1), images: 1),
    LayerCase(layers: [Dense(10)], shape: .vector(17), images: 5),
    LayerCase(layers: [Dense(3, usesBias: false)], shape: .vector(33), images: 4),
    LayerCase(layers: [Flatten(), Dense(7)], shape: .image(height: 3, width: 2, channels: 4), images: 3),
  ]

  private static let pools: [LayerCase] = PoolingCase.table.flatMap { pool in
    [true, false].map { countsPadding in
      AveragePool2D(pool.size, stride: pool.stride, padding: pool.padding, countsPadding: countsPadding)
    }.map { LayerCase(layers: [$0], shape: pool.shape, images: pool.images) }
      + [LayerCase(layers: [pool.maxPool], shape: pool.shape, images: pool.images)]
  }

  private static let convolutions: [LayerCase] = ConvolutionCase.table.filter(\.isSmall).map {
    LayerCase(layers: [$0.layer], shape: $0.shape, images: $0.images)
  }
}
