import JacquardEngine
import Testing

/// Layers with names of their own.
struct LayerNameTests {
  private static let image = Shape.image(height: 6, width: 6, channels: 2)

  private static func model(@LayerBuilder _ layers: () -> [any Layer]) -> Model {
    Model(name: "named", inputShape: image, classNames: ["a", "b"], layers: layers)
  }

  /// A name counts from the top, whatever blocks are around the layer; layers without one keep their numbers.
  private static let blocks = model {
    Conv2D(outputChannels: 2, kernelSize: 1, name: "stem.conv")
    Conv2D(outputChannels: 2, kernelSize: 1)
    Residual(name: "block.0") {
      BatchNorm2D(name: "block.0.norm")
      PReLU(name: "slopes")
      PReLU()
    } shortcut: {
      GroupNorm(groups: 1, name: "group_norm")
    }
    Branches(.add, paths: [[LayerNorm(name: "Layer-Norm")], [LayerNorm()]], name: "both")
    GlobalAveragePool()
    Dense(2, name: "head")
  }

  @Test func namesTakeThePlaceOfTypeAndNumber() throws {
    let names = try Self.blocks.summary().rows.map(\.name)
    #expect(
      names == [
        "stem.conv", "conv2", "block.0", "block.0.norm", "slopes", "block.0.body.prelu2", "group_norm", "both",
        "Layer-Norm", "both.path2.ln1", "pool1", "head",
      ])
    let network = try Network(Self.blocks, seed: 1)
    #expect(
      network.tensors.map(\.name).filter { $0.hasSuffix("weight") } == [
        "stem.conv.weight", "conv2.weight", "block.0.norm.weight", "slopes.weight", "block.0.body.prelu2.weight",
        "group_norm.weight", "Layer-Norm.weight", "both.path2.ln1.weight", "head.weight",
      ])
    #expect(network.tensors.map(\.name).contains("block.0.norm.running_var"))
    #expect(Self.blocks.convolutions.map(\.name) == ["stem.conv", "conv2"])
  }

  @Test func namesSurviveJSONAndBelongToTheModel() throws {
    let model = Self.blocks
    let json = try model.json()
    #expect(json.contains(#""name":"stem.conv""#) && json.contains(#""name":"block.0""#))
    #expect(try Model(json: json) == model)
    #expect(model.unnamed != model)
    #expect(try Model(json: model.unnamed.json()) == model.unnamed)
    let places = try model.unnamed.tensors().map(\.name)
    #expect(places.contains("residual1.body.bn1.running_mean") && places.contains("branches1.path1.ln1.weight"))
    #expect(try model.tensors().map(\.range) == model.unnamed.tensors().map(\.range))
  }

  @Test func oneNameForTwoTensorsIsRefused() {
    let twice = Self.model {
      Conv2D(outputChannels: 2, kernelSize: 1, name: "fc1")
      GlobalAveragePool()
      Dense(2)
    }
    #expect {
      try twice.validate()
    } throws: {
      "\($0)" == "two layers of the model \"named\" have the tensor \"fc1.weight\": give one another name"
    }
  }

  @Test(arguments: ["", ".", "a.", ".a", "a..b", "a b", "a/b", "ä", String(repeating: "a", count: 201)])
  func whatIsNoNameIsRefused(name: String) {
    #expect(LayerName.problem(name) != nil)
  }

  @Test(arguments: ["a", "layer1.0.conv1", "_", "A-1", String(repeating: "a", count: 200)])
  func names(name: String) { #expect(LayerName.problem(name) == nil) }

  /// A message names the layer as files do.
  @Test func mismatchesNameTheLayer() {
    let layers: [(any Layer, String)] = [
      (Residual { Conv2D(outputChannels: 2, kernelSize: 9, name: "deep.conv") }, "layer deep.conv (conv2d) "),
      (Residual(name: "block") { Conv2D(outputChannels: 2, kernelSize: 9) }, "layer block.body.conv1 (conv2d) "),
      (
        Residual { Residual(name: "inner") { Conv2D(outputChannels: 2, kernelSize: 9) } },
        "layer inner.body.conv1 (conv2d) "
      ),
      (Residual { Conv2D(outputChannels: 2, kernelSize: 9) }, "layer residual1.body.conv1 (conv2d) "),
    ]
    for (layer, words) in layers {
      #expect("\(words)") {
        try Self.model { [layer] }.validate()
      } throws: { "\($0)".hasPrefix(words) }
    }
  }
}
