import JacquardEngine
import Testing

/// Models whose layers do not fit: the message names the layer, its type and the shapes; absurd models are rejected early.
struct ModelShapeTests {
  private static let image = Shape.image(height: 8, width: 8, channels: 2)

  private static let misfits: [(layers: [any Layer], message: String)] = [
    (
      [Conv2D(outputChannels: 4, kernelSize: 3), Conv2D(outputChannels: 4, kernelSize: 7)],
      "layer conv2 (conv2d) has a 7×7 kernel (dilation 1×1, padding 0), larger than the input 6×6×4"
    ),
    (
      [Conv2D(outputChannels: 6, kernelSize: 3, groups: 3)],
      "layer conv1 (conv2d) has 3 groups, which do not divide the 2 channels of 8×8×2"
    ),
    (
      [ReLU(), Dense(3)],
      "layer fc1 (dense) takes a vector [features], found the image 8×8×2; put a flatten or a global pool before it"
    ),
    (
      [Flatten(), Conv2D(outputChannels: 4, kernelSize: 1)],
      "layer conv1 (conv2d) takes an image [height, width, channels], found a vector of 128"
    ),
    (
      [Flatten(), PReLU()],
      "layer prelu1 (prelu) needs one slope per channel, found the flattened image 128; put it before the flatten, or share one slope"
    ),
    (
      [GlobalAveragePool(), BatchNorm2D()],
      "layer bn1 (batch_norm2d) takes an image [height, width, channels], found a vector of 2"
    ),
    (
      [MaxPool2D(2), MaxPool2D(2), MaxPool2D(3)],
      "layer pool3 (max_pool2d) has a 3×3 window (padding 0), larger than the input 2×2×2"
    ),
    (
      [Residual { Conv2D(outputChannels: 3, kernelSize: 3, padding: Padding(1)) }],
      "layer residual1 (residual) adds a body that ends in 8×8×3 to a shortcut that ends in 8×8×2"
    ),
    (
      [Residual { Residual { Dense(3) } }],
      "layer residual1.body.residual1.body.fc1 (dense) takes a vector [features], found the image 8×8×2; put a flatten or a global pool before it"
    ),
    (
      [
        Residual {
          ReLU()
        } shortcut: {
          ReLU()
          Conv2D(outputChannels: 2, kernelSize: 9)
        }
      ],
      "layer residual1.shortcut.conv1 (conv2d) has a 9×9 kernel (dilation 1×1, padding 0), larger than the input 8×8×2"
    ),
    (
      [Flatten(), Residual { Dense(128) }],
      "layer residual1 (residual) adds a flattened image to a vector that is not one (both have 128 elements): files order them differently"
    ),
    (
      [GlobalMaxPool(), Dense(4)],
      #"the model "x" ends in 4, but has 2 classes: the last layer must give one number per class"#
    ),
    (
      [ReLU()],
      #"the model "x" ends in 8×8×2, but has 2 classes: the last layer must give one number per class"#
    ),
  ]

  @Test(arguments: Self.misfits.indices)
  func misfitIsNamed(index: Int) {
    let (layers, expected) = Self.misfits[index]
    #expect(errorMessage { try validated(layers) } == expected)
  }

  /// A convolution that ends in one pixel needs no dense layer; several pixels would need an order.
  @Test func flattenMayEndAModelWhereItsOrderIsTheSameEverywhere() throws {
    _ = try validated([Conv2D(outputChannels: 2, kernelSize: 8), Flatten()])
    _ = try validated([Conv2D(outputChannels: 1, kernelSize: Size2D(height: 7, width: 8)), Flatten()])
    let message = errorMessage {
      let model = Model(
        name: "x", inputShape: .image(height: 2, width: 1, channels: 2), classNames: ["a", "b", "c", "d"]
      ) {
        Flatten()
      }
      try model.validate()
      return model
    }
    #expect(
      message
        == #"the model "x" ends in a flattened image, whose order differs between programs: end it in a dense layer or a global pool"#
    )
  }

  /// Each setting is in range, but together they would overflow or exhaust the machine: an error, before any memory is allocated.
  @Test(arguments: [
    (
      #"{"type":"conv2d","output_channels":65536,"kernel_size":1,"padding":65536}"#,
      "layer conv1 (conv2d) turns 8×8×2 into 131080×131080×65536: more than 67108864 elements per image"
    ),
    (
      #"{"type":"conv2d","output_channels":65536,"kernel_size":256,"padding":124}"#,
      "layer conv1 (conv2d) needs 8590000128 parameters for 8×8×2: more than 268435456"
    ),
    (
      #"{"type":"residual","body":[{"type":"conv2d","output_channels":65536,"kernel_size":1,"padding":65536},{"type":"flatten"}]}"#,
      "layer residual1.body.conv1 (conv2d) turns 8×8×2 into 131080×131080×65536: more than 67108864 elements per image"
    ),
  ])
  func absurdSizesAreRefused(layer: String, expected: String) {
    #expect(message(layers: layer) == expected)
  }

  @Test func absurdSumsAreRefused() {
    let layer = #"{"type":"dense","output_features":16000}"#
    let expected = #"the model "x" has 512112002 parameters, more than 268435456"#
    #expect(
      message(layers: #"{"type":"global_max_pool"},"# + [layer, layer, layer].joined(separator: ",")) == expected)
  }

  /// Depth has a separate limit, far below the depth that would exhaust a thread's stack.
  @Test(arguments: [(64, true), (65, false), (10_000, false)])
  func nestingIsBounded(depth: Int, isAccepted: Bool) {
    let layer =
      String(repeating: #"{"type":"residual","body":["#, count: depth) + #"{"type":"relu"}"#
      + String(repeating: "]}", count: depth)
    let message = message(layers: layer)
    if isAccepted {
      #expect(message == "")
    } else if depth < 200 {
      #expect(message == "at layers[0].body[0]: layers are nested more than 64 blocks deep here")
    } else {
      #expect(message == "more than 512 levels of nesting")
    }
  }

  private func message(layers: String) -> String {
    let end = layers.contains("dense") ? #"{"type":"dense","output_features":2}"# : #"{"type":"global_max_pool"}"#
    let text = #"{"name":"x","input_shape":[8,8,2],"class_names":["a","b"],"layers":[\#(layers),\#(end)]}"#
    return errorMessage { try Model(json: text) }
  }

  private func validated(_ layers: [any Layer]) throws -> Model {
    let model = Model(name: "x", inputShape: Self.image, classNames: ["a", "b"]) { layers }
    try model.validate()
    return model
  }
}
