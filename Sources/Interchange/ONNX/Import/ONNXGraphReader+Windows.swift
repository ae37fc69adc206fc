internal import Support
internal import JacquardEngine

/// The attributes that convolutions and pools have in common.
struct ONNXWindow {
  var kernel: Size2D
  var stride: Size2D
  var dilation: Size2D
  var padding: Padding
}

extension ONNXGraphReader {
  /// `Conv`, and `FusedConv` with its activation.
  mutating func convolution(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let (input, around) = try imageWithPadding(call)
    guard let weight = try constant(1, of: call) else { throw call.refusal("has no kernel") }
    guard weight.shape.count == 4 else {
      throw call.refusal(
        "has a kernel of the shape \(ForeignText.shape(weight.shape)); expected the kernel of a two-dimensional image")
    }
    let kernel = Size2D(height: weight.shape[2], width: weight.shape[3])
    if let stated = try call.integers("kernel_shape"), stated != [kernel.height, kernel.width] {
      throw call.refusal("has kernel_shape \(ForeignText.shape(stated)), but a kernel of \(kernel)")
    }
    var window = try window(kernel, of: input, &call)
    let tooLarge = "has sizes that are invalid or too large for a convolution"
    // Checked before adding to it: the file may contain any number.
    guard Self.isUsual(window.padding) else { throw call.refusal(tooLarge) }
    window.padding.top += around.top
    window.padding.left += around.left
    window.padding.bottom += around.bottom
    window.padding.right += around.right
    let outputs = weight.shape[0]
    let groups = try call.integer("group") ?? 1
    let bias = try biases(2, count: outputs, of: call)
    guard 1...65536 ~= outputs, 1...65536 ~= groups, outputs % groups == 0, Self.isUsual(kernel),
      Self.isUsual(window.stride), Self.isUsual(window.dilation), Self.isUsual(window.padding)
    else { throw call.refusal(tooLarge) }
    guard weight.shape[1] == input.sizes.channels / groups, input.sizes.channels % groups == 0 else {
      throw call.refusal(
        "has a kernel for \(weight.shape[1]) channels in each of \(groups) groups, but takes \(input.sizes.channels)")
    }
    var tensors = ["weight": weight.floats]
    tensors["bias"] = bias
    var output: ONNXActivation
    if input.shape.isImage {
      output = try append(
        Conv2D(
          outputChannels: outputs, kernelSize: kernel, stride: window.stride, padding: window.padding,
          dilation: window.dilation, groups: groups, usesBias: bias != nil),
        tensors, to: input, for: call)
    } else {
      // The result of a global pool: one pixel, on which a 1×1 convolution is a dense layer.
      guard kernel == 1, window.padding == .valid, window.stride == 1, groups == 1 else {
        throw call.refusal("is a convolution of a vector, which a global pool gave")
      }
      var flat = input
      flat.view = ONNXView([.channels], input.sizes)
      output = try append(Dense(outputs, usesBias: bias != nil), tensors, to: flat, for: call)
      output.view = .channelsFirst(output.sizes)
    }
    // A fourth input of onnxruntime's operator is added before the activation.
    if call.has(3) { output = try sum([output, try activation(3, of: call)], call) }
    return .activation(try activated(output, &call))
  }

  mutating func maxPool(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    // Like padding, zeros never win against numbers that are not negative.
    let (input, around) = try pooledImage(&call) { reader, input in reader.isNotNegative(input) }
    // Affects only the order of the second output, which no node uses.
    _ = try call.integer("storage_order")
    let window = try pool(of: input, within: around, keepsDivisor: false, &call)
    return .activation(
      try append(
        MaxPool2D(window.kernel, stride: window.stride, padding: window.padding), to: input, for: call))
  }

  mutating func averagePool(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue {
    let (input, around) = try pooledImage(&call) { _, _ in true }
    let countsPadding = try call.integer("count_include_pad") ?? 0 != 0 || around != .valid
    let window = try pool(of: input, within: around, keepsDivisor: countsPadding, &call)
    return .activation(
      try append(
        AveragePool2D(
          window.kernel, stride: window.stride, padding: window.padding,
          countsPadding: countsPadding || window.padding == .valid), to: input, for: call))
  }

  /// The window of a pool. With `keepsDivisor`, cells added by rounding up must not count in the mean, which no layer supports.
  ///
  /// - Parameter around: Zeros that a `Pad` put around the image; the pool itself has no padding.
  private func pool(
    of input: ONNXActivation, within around: Padding, keepsDivisor: Bool, _ call: inout ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXWindow {
    guard let sides = try call.integers("kernel_shape"), sides.count == 2 else {
      throw call.refusal("has a window of other than two dimensions")
    }
    let kernel = Size2D(height: sides[0], width: sides[1])
    let roundsUp = try call.integer("ceil_mode") ?? 0 != 0
    guard Self.isUsual(kernel) else { throw call.refusal("has a window of \(kernel)") }
    var window = try window(kernel, of: input, &call)
    guard window.dilation == 1 else { throw call.refusal("has a window with gaps, dilations \(window.dilation)") }
    guard Self.isUsual(window.stride), Self.isUsual(window.padding) else {
      throw call.refusal("has a stride of \(window.stride) and a padding of \(window.padding)")
    }
    if around != .valid { window.padding = around }
    if roundsUp {
      let size = input.sizes
      let rows = Self.added(size.rows, kernel.height, window.stride.height, window.padding.top, window.padding.bottom)
      let columns = Self.added(
        size.columns, kernel.width, window.stride.width, window.padding.left, window.padding.right)
      guard !keepsDivisor || (rows == 0 && columns == 0) else {
        throw call.refusal("rounds its size up and counts its padding, but not what rounding adds")
      }
      window.padding.bottom += rows
      window.padding.right += columns
    }
    if let problem = poolProblem(size: window.kernel, stride: window.stride, padding: window.padding) {
      throw call.refusal(problem)
    }
    return window
  }

  /// The padding at the end with which rounding down gives the same size as rounding up.
  private static func added(_ size: Int, _ kernel: Int, _ stride: Int, _ before: Int, _ after: Int) -> Int {
    let rest = size + before + after - kernel
    guard rest >= 0 else { return 0 }
    var count = (rest + stride - 1) / stride + 1
    // A window must not begin after the image.
    if (count - 1) * stride >= size + before { count -= 1 }
    return max(0, (count - 1) * stride - rest)
  }

  /// Strides, dilations and padding; each has a default.
  private func window(
    _ kernel: Size2D, of input: ONNXActivation, _ call: inout ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXWindow {
    let stride = try size("strides", &call)
    let dilation = try size("dilations", &call)
    var window = ONNXWindow(kernel: kernel, stride: stride, dilation: dilation, padding: .valid)
    let pads = try call.integers("pads")
    guard pads == nil || pads?.count == 4 else {
      throw call.refusal("has \(pads?.count ?? 0) pads, where images of two dimensions have 4")
    }
    if let pads { window.padding = Padding(top: pads[0], left: pads[1], bottom: pads[2], right: pads[3]) }
    let rule = try call.string("auto_pad") ?? "NOTSET"
    switch rule {
    case "NOTSET": break
    case "VALID", "SAME_UPPER", "SAME_LOWER":
      guard window.padding == .valid else { throw call.refusal("has both pads and auto_pad = \(rule)") }
      guard rule != "VALID" else { break }
      guard Self.isUsual(kernel), Self.isUsual(stride), Self.isUsual(dilation) else {
        throw call.refusal("has a kernel of \(kernel), a stride of \(stride), dilations of \(dilation)")
      }
      let rows = Self.samePadding(input.sizes.rows, kernel.height, stride.height, dilation.height)
      let columns = Self.samePadding(input.sizes.columns, kernel.width, stride.width, dilation.width)
      let (top, left) =
        rule == "SAME_UPPER" ? (rows / 2, columns / 2) : (rows - rows / 2, columns - columns / 2)
      window.padding = Padding(top: top, left: left, bottom: rows - top, right: columns - left)
    default: throw call.refusal("has auto_pad = \(ForeignText.quoted(rule)), which is not supported")
    }
    return window
  }

  /// The total padding that gives ⌈size / stride⌉ positions.
  private static func samePadding(_ size: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
    max(0, ((size + stride - 1) / stride - 1) * stride + dilation * (kernel - 1) + 1 - size)
  }

  private func size(_ name: String, _ call: inout ONNXCall) throws(ONNXImportError.Problem) -> Size2D {
    guard let sides = try call.integers(name) else { return 1 }
    guard sides.count == 2 else {
      throw call.refusal("has \(sides.count) \(name), where images of two dimensions have 2")
    }
    return Size2D(height: sides[0], width: sides[1])
  }

  // The limits of a model in JSON.
  private static func isUsual(_ size: Size2D) -> Bool { 1...256 ~= size.height && 1...256 ~= size.width }

  private static func isUsual(_ padding: Padding) -> Bool {
    [padding.top, padding.left, padding.bottom, padding.right].allSatisfy { 0...65536 ~= $0 }
  }

  /// The image that a pool takes, and the zeros that a `Pad` put around it, if the pool can absorb them: `isFit` decides whether they can be its
  /// padding. Otherwise the zeros become a layer.
  private mutating func pooledImage(
    _ call: inout ONNXCall, isFit: (ONNXGraphReader, ONNXActivation) -> Bool
  ) throws(ONNXImportError.Problem) -> (ONNXActivation, Padding) {
    if case .padded(let input, let around) = try value(0, of: call), input.isImageWithChannelsFirst,
      isFit(self, input), let sides = call.listed("kernel_shape"), sides.count == 2,
      max(around.top, around.bottom) < sides[0], max(around.left, around.right) < sides[1],
      call.listed("pads")?.contains(where: { $0 != 0 }) != true, !call.hasAttribute("auto_pad")
    {
      return (input, around)
    }
    let input = try activation(0, of: call)
    guard input.isImageWithChannelsFirst else { throw call.refusal(Self.noImage(input)) }
    return (input, .valid)
  }

  /// Whether no element of an activation is negative: it is the output of a rectifier, or of pools after one.
  func isNotNegative(_ input: ONNXActivation) -> Bool {
    var step = input.step
    while let index = step {
      switch steps[index].layer {
      case is ReLU: return true
      case let layer as Activation: return layer.function.isNeverNegative
      case is MaxPool2D, is AveragePool2D, is GlobalMaxPool, is GlobalAveragePool, is Flatten, is Dropout, is ZeroPad2D,
        is ChannelShuffle, is ChannelSlice:
        step = steps[index].parent
      default: return false
      }
    }
    return false
  }

  /// The first input, which must be an image with channels first or one pixel, and the zeros that a `Pad` put around it.
  private mutating func imageWithPadding(
    _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> (ONNXActivation, Padding) {
    var around = Padding.valid
    let input: ONNXActivation
    if case .padded(let inner, let padding) = try value(0, of: call), inner.shape.isImage {
      (input, around) = (inner, padding)
    } else {
      input = try activation(0, of: call)
    }
    guard input.view.rank == 4, input.view == .channelsFirst(input.sizes), input.shape.flattenedFrom == nil else {
      throw call.refusal(Self.noImage(input))
    }
    return (input, around)
  }

  /// An image with zeros around it, as a layer.
  mutating func framed(
    _ input: ONNXActivation, _ padding: Padding, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation {
    guard input.shape.isImage, Self.isUsual(padding) else {
      throw call.refusal("takes zeros around a value that is not an image, or too many of them: \(padding)")
    }
    var output = try append(ZeroPad2D(padding), to: input, for: call)
    guard !input.isImageWithChannelsFirst else { return output }
    // Dimensions of one pixel have no position among the axes.
    guard output.sizes.order == input.sizes.order else {
      throw call.refusal("takes zeros around an image of one row or column, seen with channels last")
    }
    output.view = input.view
    return output
  }

  /// The error for an activation that is not an input for convolutions and pools.
  static func noImage(_ input: ONNXActivation) -> String {
    "takes \(ForeignText.shape(input.view.shape(input.sizes))) after the batch, which is not an image as channels, rows, columns"
  }
}
