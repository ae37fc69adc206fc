import JacquardEngine
import Testing

/// Model files that are rejected: each message names the place, the layer and what would be right.
struct ModelRefusalTests {
  /// A layer's JSON, and the message about it as the second layer of a model.
  private static let layers: [(json: String, message: String)] = [
    ("{}", #"at layers[1]: "type" is missing"#),
    (#"{"type":"conv2"}"#, #"at layers[1].type: there is no layer type "conv2"; did you mean "conv2d"?"#),
    (
      #"{"type":"lstm"}"#,
      #"at layers[1].type: there is no layer type "lstm"; known types: activation, average_pool2d, batch_norm2d, branches, channel_shuffle, channel_slice, conv2d, dense, dropout, flatten, gelu, global_average_pool, global_max_pool, group_norm, layer_norm, leaky_relu, local_response_norm, max_pool2d, prelu, relu, residual, silu, zero_pad2d"#
    ),
    (
      #"{"type":"conv2d","output_channels":2,"kernal_size":3}"#,
      #"at layers[1].kernal_size: conv2d has no setting "kernal_size"; did you mean "kernel_size"?"#
    ),
    (
      #"{"type":"dense","output_features":2,"colour":1}"#,
      #"at layers[1].colour: dense has no setting "colour"; its settings: output_features, bias, name"#
    ),
    (#"{"type":"relu","slope":1}"#, #"at layers[1].slope: relu has no setting "slope"; it takes none"#),
    (
      #"{"type":"dense","output_features":2,"name":"a..b"}"#,
      #"at layers[1].name (dense): name must be words of letters, digits, "_" and "-" with points between them, at most 200 bytes"#
    ),
    (#"{"type":"conv2d","kernel_size":3}"#, #"at layers[1] (conv2d): "output_channels" is missing"#),
    (#"{"type":"dropout"}"#, #"at layers[1] (dropout): "rate" is missing"#),
    (
      #"{"type":"conv2d","output_channels":2.5,"kernel_size":3}"#,
      "at layers[1].output_channels (conv2d): expected a whole number, found 2.5"
    ),
    (
      #"{"type":"dense","output_features":99999999999999999999}"#,
      "at layers[1].output_features (dense): expected a whole number, found 1e+20"
    ),
    (
      #"{"type":"conv2d","output_channels":0,"kernel_size":3}"#,
      "at layers[1].output_channels (conv2d): output_channels must be 1 to 65536"
    ),
    (
      #"{"type":"conv2d","output_channels":2,"kernel_size":[1,2,3]}"#,
      "at layers[1].kernel_size (conv2d): a size is one whole number or [height, width]"
    ),
    (
      #"{"type":"conv2d","output_channels":2,"kernel_size":"3"}"#,
      "at layers[1].kernel_size (conv2d): a size is one whole number or [height, width]"
    ),
    (
      #"{"type":"conv2d","output_channels":2,"kernel_size":4611686018427387904,"dilation":4,"padding":"same"}"#,
      "at layers[1].kernel_size (conv2d): kernel_size must be 1 to 256"
    ),
    (
      #"{"type":"conv2d","output_channels":2,"kernel_size":3,"stride":0}"#,
      "at layers[1].stride (conv2d): stride must be 1 to 256"
    ),
    (
      #"{"type":"conv2d","output_channels":2,"kernel_size":3,"padding":-1}"#,
      "at layers[1].padding (conv2d): padding must be 0 to 65536"
    ),
    (
      #"{"type":"conv2d","output_channels":2,"kernel_size":3,"padding":"sane"}"#,
      #"at layers[1].padding (conv2d): a padding is a whole number, [top, left, bottom, right], "valid", or "same" for a convolution"#
    ),
    (
      #"{"type":"conv2d","output_channels":3,"kernel_size":3,"groups":2}"#,
      "at layers[1].groups (conv2d): groups must divide output_channels (3)"
    ),
    (
      #"{"type":"max_pool2d","size":17}"#,
      "at layers[1].size (max_pool2d): size must be positive and cover at most 256 places, found 17×17"
    ),
    (
      #"{"type":"average_pool2d","size":2,"padding":2}"#,
      "at layers[1].size (average_pool2d): size needs a padding of 0 to less than the window (2×2), found 2"
    ),
    (#"{"type":"dropout","rate":1}"#, "at layers[1].rate (dropout): rate must be 0 to below 1"),
    (
      #"{"type":"leaky_relu","negative_slope":-1}"#,
      "at layers[1].negative_slope (leaky_relu): negative_slope must be 0 to 1"
    ),
    (
      #"{"type":"batch_norm2d","epsilon":0}"#,
      "at layers[1].epsilon (batch_norm2d): epsilon must be above 0 and at most 1"
    ),
    (
      #"{"type":"prelu","share":true}"#,
      #"at layers[1].share: prelu has no setting "share"; did you mean "shared"?"#
    ),
    (#"{"type":"batch_norm2d","momentum":2}"#, "at layers[1].momentum (batch_norm2d): momentum must be 0 to 1"),
    (#"{"type":"residual","body":[]}"#, "at layers[1].body (residual): body must hold at least one layer"),
    (
      #"{"type":"residual","body":[{"type":"relu"}],"shortcut":[{"type":"dropout","rate":2}]}"#,
      "at layers[1].shortcut[0].rate (dropout): rate must be 0 to below 1"
    ),
    (
      #"{"type":"residual","body":[{"type":"relu"},{"type":"residual","body":[{"type":"sulu"}]}]}"#,
      #"at layers[1].body[1].body[0].type: there is no layer type "sulu"; did you mean "silu"?"#
    ),
  ]

  @Test(arguments: Self.layers)
  func layerIsRefused(json: String, expected: String) {
    #expect(message(layer: json) == expected)
  }

  /// A wrong type, reported by the standard library: place, layer, what was expected and what was found.
  @Test(arguments: [
    (#"{"type":"conv2d","output_channels":"2","kernel_size":3}"#, "at layers[1].output_channels (conv2d): ", "a text"),
    (#"{"type":"dropout","rate":"high"}"#, "at layers[1].rate (dropout): ", "a text"),
    (#"{"type":"dense","output_features":2,"bias":1}"#, "at layers[1].bias (dense): ", "number"),
    (#"{"type":"residual","body":{}}"#, "at layers[1].body (residual): ", "an object"),
    (#"{"type":7}"#, "at layers[1].type: ", "number"),
    ("3", "at layers[1]: ", "number"),
  ])
  func wrongTypeIsRefused(json: String, place: String, found: String) {
    let message = message(layer: json)
    #expect(message.hasPrefix(place) && message.contains("expected "), "\(message)")
    #expect(message.contains("found") && message.contains(found), "\(message)")
  }

  /// The model's own keys.
  @Test(arguments: [
    (#""layers""#, #""layer""#, #"at layer: a model has no setting "layer"; did you mean "layers"?"#),
    (
      #""name""#, #""nom_de_guerre":1,"name""#,
      #"at nom_de_guerre: a model has no setting "nom_de_guerre"; its keys: name, input_shape, class_names, preprocessing, layers"#
    ),
    (#""name":"x","#, "", #""name" is missing"#),
    (
      "[8,8,2]", "[8,8]",
      "at input_shape: a shape is [height, width, channels] or [features], each a whole number of at least 1, and at most 67108864 elements in all"
    ),
    (
      "[8,8,2]", "[9999999,9999999,9999999]",
      "at input_shape: a shape is [height, width, channels] or [features], each a whole number of at least 1, and at most 67108864 elements in all"
    ),
    (#"["a","b"]"#, "[]", #"the model "x" has no class names"#),
    (
      #""name":"x""#, #""name":"x","preprocessing":{"scale":1,"mean":[0],"devation":[1]}"#,
      #"at preprocessing.devation: a preprocessing has no setting "devation"; did you mean "deviation"?"#
    ),
    (
      #""name":"x""#, #""name":"x","preprocessing":{"scale":1,"mean":[0,0,0],"deviation":[1]}"#,
      "preprocessing.mean needs 1 or 2 values, found 3"
    ),
    (
      #""name":"x""#, #""name":"x","preprocessing":{"scale":1,"mean":[0],"deviation":[0]}"#,
      "at preprocessing.deviation: must be positive, found [0.0]"
    ),
  ])
  func modelIsRefused(part: String, replacement: String, expected: String) {
    let sound = #"{"name":"x","input_shape":[8,8,2],"class_names":["a","b"],"layers":[{"type":"global_max_pool"}]}"#
    #expect(errorMessage { try Model(json: sound) } == "")
    let text = sound.replacing(part, with: replacement)
    #expect(text != sound)
    #expect(errorMessage { try Model(json: text) } == expected)
  }

  @Test func emptyListOfLayersIsRefused() {
    let text = #"{"name":"x","input_shape":[8,8,2],"layers":[]}"#
    #expect(errorMessage { try Model(json: text) } == "at layers: layers must hold at least one layer")
  }

  /// The largest number of layers of a model, and one more, side by side and within a block.
  @Test func moreLayersThanAnyNetworkHasAreRefused() {
    func message(relus: Int, after first: String = "") -> String {
      let list = String(repeating: #"{"type":"relu"},"#, count: relus) + #"{"type":"global_max_pool"}"#
      let text = #"{"name":"x","input_shape":[8,8,2],"class_names":["a","b"],"layers":[\#(first)\#(list)]}"#
      return errorMessage { try Model(json: text) }
    }
    let refusal = "a model holds at most 10000 layers, those within blocks counted"
    #expect(message(relus: 9_999) == "")
    #expect(message(relus: 10_000) == "at layers[10000]: \(refusal)")
    let block = #"{"type":"residual","body":[{"type":"relu"},{"type":"relu"}]},"#
    #expect(message(relus: 9_996, after: block) == "")
    #expect(message(relus: 9_997, after: block) == "at layers[9998]: \(refusal)")
    let body = String(repeating: #"{"type":"relu"},"#, count: 9_999) + #"{"type":"relu"}"#
    #expect(
      message(relus: 0, after: #"{"type":"residual","body":[\#(body)]},"#) == "at layers[0].body[9999]: \(refusal)")
  }

  @Test(arguments: [
    ("", 1, "expected a value, found the end of the text"),
    ("{", 2, "expected a name in quotes, found the end of the text"),
    (#"{"name":"x"} x"#, 14, "there is more text after the end of the value"),
    ("\u{0}", 1, #"expected a value, found '\0'"#),
    (#"{"name":nan}"#, 9, "expected a value, found 'n'"),
    (#"{"name":1e999}"#, 9, "'1e999' is not a number"),
    (#"{"name":"x","name":"y"}"#, 13, #""name" occurs twice"#),
  ])
  func whatIsNotJSONIsRefused(text: String, column: Int, expected: String) {
    #expect(errorMessage { try Model(json: text) } == expected)
    let position = position(of: text)
    #expect(position?.line == 1 && position?.column == column)
  }

  /// An editor finds the line and the column that an error names.
  @Test(arguments: [
    ("conv2d", "conv2", 3, 13), (#""stride": 1"#, #""stride": 0"#, 3, 73), ("0.5", "true", 4, 32),
    (#""output_features": 2"#, #""features": 2"#, 5, 34), (#", "output_features": 2"#, "", 5, 4),
    (#""x""#, "7", 1, 10), ("[8, 8, 2]", "[8, 8]", 1, 30),
  ])
  func whereAModelIsWrong(part: String, replacement: String, line: Int, column: Int) {
    let sound = """
      {"name": "x", "input_shape": [8, 8, 2], "class_names": ["a", "b"],
       "layers": [{"type": "residual", "body": [
         {"type": "conv2d", "output_channels": 2, "kernel_size": 1, "stride": 1}]},
         {"type": "dropout", "rate": 0.5}, {"type": "flatten"}, {"type": "relu"},
         {"type": "dense", "output_features": 2}]}
      """
    let text = sound.replacing(part, with: replacement)
    let position = position(of: text)
    #expect(position?.line == line && position?.column == column, "\(String(describing: position))")
  }

  private func position(of text: String) -> ModelError.Position? {
    do throws(ModelError) {
      _ = try Model(json: text)
      return nil
    } catch {
      return error.position
    }
  }

  /// A layer between two layers of a valid model; the first layer leaves its input unchanged.
  private func message(layer: String) -> String {
    let text =
      #"{"name":"x","input_shape":[8,8,2],"class_names":["a","b"],"layers":[{"type":"relu"},\#(layer),{"type":"global_max_pool"}]}"#
    return errorMessage { try Model(json: text) }
  }
}
