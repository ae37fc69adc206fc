internal import Support
internal import JacquardEngine
internal import ONNXSchema

/// The input of a graph: its name, its shape and its elements.
struct ONNXInput {
  let name: String
  /// The size of the batch, if it is fixed.
  let batch: Int?
  /// The sizes after the batch.
  let sizes: [Int]
  /// Whether elements are bytes.
  let areBytes: Bool
  /// Whether elements are floating point numbers of 16 bits.
  let areHalf: Bool

  init(_ information: ONNXValueInfo) throws(ONNXImportError.Problem) {
    name = information.name
    let type = information.type.tensorType
    let title = "the graph's input \(ForeignText.quoted(name))"
    switch ONNXElementType(rawValue: type.elemType) {
    case .float32, .float64, .float16, .bfloat16: areBytes = false
    case .uint8: areBytes = true
    default:
      throw ONNXImportError.Problem(
        "\(title) has the element type \(type.elemType); expected floating point of 16, 32 or 64 bits, or bytes")
    }
    areHalf = [ONNXElementType.float16, .bfloat16].contains { $0.rawValue == type.elemType }
    guard 2...4 ~= type.shape.dim.count else {
      throw ONNXImportError.Problem(
        "\(title) has \(type.shape.dim.count) dimensions; expected 2, 3 or 4, for a batch of images or vectors")
    }
    var known: [Int] = []
    for (index, dimension) in type.shape.dim.enumerated() {
      if case .dimValue(let value) = dimension.value, value != 0 || index > 0 {
        guard 1...1 << 26 ~= value else {
          throw ONNXImportError.Problem("\(title) has a dimension of \(value)")
        }
        known.append(Int(value))
      } else if index == 0 {
        known.append(-1)
      } else {
        throw ONNXImportError.Problem(
          "\(title) leaves the size of dimension \(index) open; export the model for one size of image")
      }
    }
    batch = known[0] < 0 ? nil : known[0]
    sizes = Array(known.dropFirst())
  }

  /// The possible interpretations of the input, most likely first; the nodes decide. If they do not, the program that wrote the file decides, or the
  /// sizes do.
  func layouts(writtenBy producer: String) -> [ONNXLayout] {
    switch sizes.count {
    case 1: return [.vector]
    case 2: return [.rowsColumns]
    default:
      if ["jacquard", "pytorch"].contains(where: producer.hasPrefix) { return [.channelsFirst, .channelsLast] }
      let looksLast = [1, 3, 4].contains(sizes[2]) && ![1, 3, 4].contains(sizes[0])
      return looksLast ? [.channelsLast, .channelsFirst] : [.channelsFirst, .channelsLast]
    }
  }

  /// The input as an activation; nil if it is too large.
  func activation(_ layout: ONNXLayout) -> ONNXActivation? {
    var limit = 1 << 26
    for size in sizes { limit /= size }
    guard limit >= 1 else { return nil }
    let axes = layout.axes
    var known = ONNXAxisSizes(channels: 1, rows: 1, columns: 1)
    for (axis, size) in zip(axes, sizes) {
      switch axis {
      case .channels: known.channels = size
      case .rows: known.rows = size
      case .columns: known.columns = size
      }
    }
    let shape: Shape =
      layout == .vector
      ? .vector(known.channels) : .image(height: known.rows, width: known.columns, channels: known.channels)
    var activation = ONNXActivation(step: nil, shape: shape, sizes: known, view: ONNXView(axes, known))
    activation.preparation.areBytes = areBytes
    return activation
  }
}

/// The axes of the dimensions of a graph's input, after the batch.
package enum ONNXLayout: String, Sendable {
  case vector
  case rowsColumns = "rows, columns"
  case channelsFirst = "channels, rows, columns"
  case channelsLast = "rows, columns, channels"

  /// One axis per dimension.
  var axes: [ONNXAxis] {
    switch self {
    case .vector: [.channels]
    case .rowsColumns: [.rows, .columns]
    case .channelsFirst: [.channels, .rows, .columns]
    case .channelsLast: [.rows, .columns, .channels]
    }
  }
}
