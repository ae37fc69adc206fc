import JacquardEngine
import Testing

/// Models in JSON: written models read back, and hand-written ones equal those of the builder.
struct ModelJSONTests {
  /// Every layer type, with every setting away from its default.
  private static let everything = Model(
    name: "everything", inputShape: .image(height: 9, width: 11, channels: 4), classNames: ["yes", "no", "\"ä/\\"],
    preprocessing: Normalization(scale: 0.5, mean: [0.1, 0.2, 0.3, 0.4], deviation: [1, 2, 3, 4])
  ) {
    Conv2D(
      outputChannels: 6, kernelSize: Size2D(height: 2, width: 3), stride: Size2D(height: 1, width: 2),
      padding: Padding(top: 1, left: 2, bottom: 3, right: 4), dilation: Size2D(height: 2, width: 1), groups: 2,
      usesBias: false)
    BatchNorm2D(epsilon: 0.25, momentum: 0.5)
    ReLU()
    MaxPool2D(3, stride: 1, padding: Padding(1))
    GELU()
    AveragePool2D(
      Size2D(height: 2, width: 1), stride: 1, padding: Padding(top: 1, left: 0, bottom: 0, right: 0),
      countsPadding: false)
    Residual {
      SiLU()
      Residual {
        LeakyReLU(negativeSlope: 0.125)
        PReLU(isShared: true, initialSlope: -0.5)
      }
    } shortcut: {
      Conv2D(outputChannels: 6, kernelSize: 1)
    }
    ZeroPad2D(Padding(top: 1, left: 0, bottom: 0, right: 2))
    Branches(
      .concat, [Activation(.clip(minimum: -0.5, maximum: 2))],
      [ChannelSlice(start: 1, count: 2), LayerNorm(epsilon: 0.5)])
    ChannelShuffle(groups: 4)
    GroupNorm(groups: 2, epsilon: 0.25)
    LocalResponseNorm(size: 3, alpha: 0.5, beta: 0.25, bias: 2)
    Residual {
      GlobalMaxPool()
    } shortcut: {
      GlobalAveragePool()
    }
    Flatten()
    Dropout(0.375)
    Dense(3, usesBias: false)
  }

  @Test func everyLayerTypeSurvivesTheRoundTrip() throws {
    let model = Self.everything
    try model.validate()
    for isPretty in [false, true] {
      let json = try model.json(isPretty: isPretty)
      #expect(try Model(json: json) == model)
      #expect(try Model(json: json).json(isPretty: isPretty) == json)
    }
    let names = try model.summary().rows.map(\.type)
    #expect(Set(names) == Set(LayerRegistry.layers.map { $0.type }), "a new layer type belongs into this test")
  }

  @Test(arguments: Model.names)
  func namedModelsSurviveTheRoundTrip(name: String) throws {
    let model = try Model.named(name)
    let copy = try Model(json: model.json())
    #expect(copy == model)
    #expect(copy.hashValue == model.hashValue)
    #expect(copy.preprocessing == .fashionMNIST && copy.classNames == FashionMNIST.classNames)
  }

  /// All defaults, all short forms, against the builder.
  @Test func handWrittenJSONMeansTheSame() throws {
    let json = """
      {"name": "hand", "input_shape": [12, 12, 2], "class_names": ["a", "b"], "layers": [
        {"type": "conv2d", "output_channels": 4, "kernel_size": [3, 5], "padding": "same"},
        {"type": "batch_norm2d"},
        {"type": "leaky_relu"},
        {"type": "prelu"},
        {"type": "conv2d", "output_channels": 4, "kernel_size": 3, "dilation": 2, "padding": "valid", "bias": false},
        {"type": "max_pool2d", "size": 2},
        {"type": "average_pool2d", "size": 2, "stride": [1, 2], "padding": [0, 1, 1, 0]},
        {"type": "residual", "body": [{"type": "relu"}]},
        {"type": "flatten"},
        {"type": "dense", "output_features": 2}
      ]}
      """
    let built = Model(
      name: "hand", inputShape: .image(height: 12, width: 12, channels: 2), classNames: ["a", "b"]
    ) {
      Conv2D(
        outputChannels: 4, kernelSize: Size2D(height: 3, width: 5),
        padding: Padding(top: 1, left: 2, bottom: 1, right: 2))
      BatchNorm2D(epsilon: 1e-5, momentum: 0.1)
      LeakyReLU(negativeSlope: 0.01)
      PReLU(isShared: false, initialSlope: 0.25)
      Conv2D(outputChannels: 4, kernelSize: 3, dilation: 2, usesBias: false)
      MaxPool2D(2, stride: 2)
      AveragePool2D(
        2, stride: Size2D(height: 1, width: 2), padding: Padding(top: 0, left: 1, bottom: 1, right: 0),
        countsPadding: true)
      Residual { ReLU() }
      Flatten()
      Dense(2)
    }
    #expect(try Model(json: json) == built)
  }

  /// An even kernel keeps the size too: the odd row goes below and to the right.
  @Test func samePaddingOfAnEvenKernelIsLongerBelowAndRight() {
    #expect(Padding.same(4) == Padding(top: 1, left: 1, bottom: 2, right: 2))
    #expect(Padding.same(3, dilation: 2) == Padding(2))
    #expect(Padding.same(1) == .valid)
  }

  /// Keys are sorted and every setting is spelled out, so files can be compared and defaults may change.
  @Test func writtenJSONIsExplicit() throws {
    let model = Model(name: "small", inputShape: .image(height: 4, width: 4, channels: 1), classNames: ["a"]) {
      Conv2D(outputChannels: 1, kernelSize: 4)
      Flatten()
    }
    let text = try model.json()
    #expect(
      text.contains(
        #"{"bias":true,"dilation":1,"groups":1,"kernel_size":4,"output_channels":1,"padding":0,"stride":1,"type":"conv2d"},{"type":"flatten"}"#
      ), "\(text)")
    #expect(text.hasPrefix(#"{"class_names":["a"],"input_shape":[4,4,1],"layers":["#), "\(text)")
  }

  /// The model's text is part of a weights file, whose hash identifies it, so its form must never change.
  @Test func writtenJSONIsTheSameForEver() throws {
    #expect(
      try Self.everything.json()
        == #"{"class_names":["yes","no","\"ä/\\"],"input_shape":[9,11,4],"layers":["#
        + #"{"bias":false,"dilation":[2,1],"groups":2,"kernel_size":[2,3],"output_channels":6,"padding":[1,2,3,4],"stride":[1,2],"type":"conv2d"},"#
        + #"{"epsilon":0.25,"momentum":0.5,"type":"batch_norm2d"},{"type":"relu"},"#
        + #"{"padding":1,"size":3,"stride":1,"type":"max_pool2d"},{"type":"gelu"},"#
        + #"{"counts_padding":false,"padding":[1,0,0,0],"size":[2,1],"stride":1,"type":"average_pool2d"},"#
        + #"{"body":[{"type":"silu"},{"body":[{"negative_slope":0.125,"type":"leaky_relu"},{"initial_slope":-0.5,"shared":true,"type":"prelu"}],"shortcut":[],"type":"residual"}],"#
        + #""shortcut":[{"bias":true,"dilation":1,"groups":1,"kernel_size":1,"output_channels":6,"padding":0,"stride":1,"type":"conv2d"}],"#
        + #""type":"residual"},{"padding":[1,0,0,2],"type":"zero_pad2d"},"#
        + #"{"merge":"concat","paths":[[{"function":"clip","maximum":2,"minimum":-0.5,"type":"activation"}],"#
        + #"[{"count":2,"start":1,"type":"channel_slice"},{"epsilon":0.5,"type":"layer_norm"}]],"type":"branches"},"#
        + #"{"groups":4,"type":"channel_shuffle"},{"epsilon":0.25,"groups":2,"type":"group_norm"},"#
        + #"{"alpha":0.5,"beta":0.25,"bias":2,"size":3,"type":"local_response_norm"},"#
        + #"{"body":[{"type":"global_max_pool"}],"shortcut":[{"type":"global_average_pool"}],"type":"residual"},"#
        + #"{"type":"flatten"},{"rate":0.375,"type":"dropout"},{"bias":false,"output_features":3,"type":"dense"}],"#
        + #""name":"everything","preprocessing":{"deviation":[1,2,3,4],"mean":[0.1,0.2,0.3,0.4],"scale":0.5}}"#)
    var model = Model(name: "small") { BatchNorm2D(epsilon: 1e-7, momentum: 0.123_456_79) }
    model.preprocessing = .fashionMNIST
    let text = try model.json()
    #expect(text.contains(#"{"epsilon":1e-07,"momentum":0.12345679,"type":"batch_norm2d"}"#), "\(text)")
    #expect(
      text.hasSuffix(#""preprocessing":{"deviation":[0.35302],"mean":[0.28604],"scale":0.00392156862745098}}"#),
      "\(text)")
  }

  /// Every function by its name, with its defaults and without bounds that it does not have.
  @Test func activationFunctions() throws {
    func layer(_ json: String) throws -> Activation? {
      let text =
        #"{"name": "a", "input_shape": [2], "class_names": ["a", "b"], "layers": [{"type": "activation", \#(json)}]}"#
      return try Model(json: text).layers[0] as? Activation
    }
    let plain: [(String, ActivationFunction)] = [
      ("relu6", .relu6), ("tanh", .tanh), ("sigmoid", .sigmoid), ("hard_sigmoid", .hardSigmoid()),
      ("hard_swish", .hardSwish), ("elu", .elu()), ("selu", .selu), ("softplus", .softplus), ("mish", .mish),
      ("gelu_tanh", .approximateGELU), ("quick_gelu", .quickGELU), ("softsign", .softsign),
    ]
    for (name, function) in plain { #expect(try layer(#""function": "\#(name)""#) == Activation(function), "\(name)") }
    #expect(try layer(#""function": "clip", "maximum": 2"#) == Activation(.clip(maximum: 2)))
    #expect(try layer(#""function": "swish", "alpha": 2"#) == Activation(.swish(alpha: 2)))
    for function in ActivationFunction.all {
      let model = Model(name: "a", inputShape: .vector(4), classNames: ["a"]) {
        Activation(function)
        Dense(1)
      }
      #expect(try Model(json: model.json()) == model)
    }
    for (json, words) in [
      (#""function": "relu7""#, #"did you mean "relu6"?"#), (#""function": "tanh", "alpha": 1"#, "it takes none"),
      (#""function": "clip""#, "needs a minimum below its maximum"),
      (#""function": "clip", "minimum": 2, "maximum": 1"#, "needs a minimum below its maximum"),
      (#""function": "elu", "minimum": 1"#, #"has no setting "minimum""#),
      (#""function": "hard_sigmoid", "slope": 0"#, "needs a positive slope"),
    ] {
      #expect("\(json)") {
        try layer(json)
      } throws: { "\($0)".contains(words) }
    }
  }

  /// Numbers that JSON cannot represent.
  @Test func infiniteSettingsCannotBeWritten() {
    var model = Self.everything
    model.preprocessing.scale = .infinity
    #expect(throws: ModelError.self) { try model.json() }
  }
}
