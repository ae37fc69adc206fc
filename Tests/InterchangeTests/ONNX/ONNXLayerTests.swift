import Interchange
import JacquardEngine
import Testing

/// Every layer that a model file may name can be exported to ONNX and imported again; a layer that either forgets fails here.
struct ONNXLayerTests {
  /// One layer of every type, on images.
  private static let layers: [any Layer] = [
    AveragePool2D(2), BatchNorm2D(), Conv2D(outputChannels: 3, kernelSize: 3), Dense(5), Dropout(0.25), Flatten(),
    GELU(), GlobalAveragePool(), GlobalMaxPool(), LeakyReLU(negativeSlope: 0.2), MaxPool2D(2),
    PReLU(initialSlope: 0.1), PReLU(isShared: true), ReLU(), SiLU(), ZeroPad2D(Padding(1)), ChannelShuffle(groups: 2),
    ChannelSlice(start: 1, count: 1), GroupNorm(groups: 1), GroupNorm(groups: 2), LayerNorm(),
    LocalResponseNorm(size: 2), Branches(.concat, [], [ReLU()], [ChannelSlice(start: 0, count: 1)]),
    Branches(.multiply, [], [GlobalAveragePool(), Activation(.sigmoid)]), Branches(.add, [ReLU()], [], [GELU()]),
    Activation(.relu6), Activation(.clip(minimum: -1, maximum: 2)), Activation(.tanh), Activation(.hardSigmoid()),
    Activation(.hardSwish), Activation(.elu(alpha: 0.3)), Activation(.selu), Activation(.softplus), Activation(.mish),
    Activation(.approximateGELU), Activation(.swish(alpha: 1.3)), Activation(.softsign), Activation(.sigmoid),
    Residual {
      PReLU()
    } shortcut: {
      BatchNorm2D()
    },
  ]

  /// A classifier in which `layer` is the first layer that can take the input.
  private static func model(_ layer: any Layer) throws -> Model {
    let image = Shape.image(height: 6, width: 6, channels: 4)
    let first: [any Layer] = layer is Dense ? [GlobalMaxPool(), layer] : [layer]
    let isImage = layer is Dense ? false : try layer.outputShape(for: image).isImage
    return Model(name: "graph", inputShape: image, classNames: ["0", "1"]) {
      first
      if isImage { GlobalAveragePool() }
      Dense(2)
    }
  }

  @Test func everyLayerSurvivesTheRoundTrip() throws {
    for layer in Self.layers {
      let name = "\(layer)"
      let network = try Network(Self.model(layer), seed: 3)
      let bytes = try ONNXExport().serialized(network, producerVersion: "1.0.0")
      let found = try ONNXImport(file: bytes, path: "graph.onnx", name: "graph")
      #expect(found.model.computesTheSame(as: network.model), "\(name): \(found.model.layers)")
      let tensors = Dictionary(uniqueKeysWithValues: found.tensors.map { ($0.name, $0.values) })
      for tensor in network.tensors where layer is PReLU {
        #expect(tensors[tensor.name] == network.exportTensor(tensor), "\(name): \(tensor.name)")
      }
    }
  }

  @Test func everyRegisteredLayerIsTried() {
    #expect(Set(Self.layers.map { type(of: $0).type }) == Set(LayerRegistry.layers.map { $0.type }))
  }
}
