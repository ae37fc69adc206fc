/// An axis of an image; the features of a vector count as channels.
enum ONNXAxis: Hashable {
  case channels, rows, columns
}

/// The numbers of channels, rows and columns of an activation, before any flatten.
struct ONNXAxisSizes: Equatable {
  var channels: Int
  var rows: Int
  var columns: Int

  subscript(axis: ONNXAxis) -> Int {
    switch axis {
    case .channels: channels
    case .rows: rows
    case .columns: columns
    }
  }

  /// The axes of more than one element, in the order of files: channels, rows, columns.
  var order: [ONNXAxis] { [.channels, .rows, .columns].filter { self[$0] > 1 } }
}

/// How the dimensions of a tensor map to an activation of ours: for each dimension after the batch, its axes, outermost first. Axes of one element
/// are left out, so that dimensions of 1 can be added and removed.
struct ONNXView: Equatable {
  var dimensions: [[ONNXAxis]]

  init(_ dimensions: [[ONNXAxis]]) { self.dimensions = dimensions }

  /// One dimension for each of `axes`.
  init(_ axes: [ONNXAxis], _ sizes: ONNXAxisSizes) {
    dimensions = axes.map { sizes[$0] > 1 ? [$0] : [] }
  }

  /// Channels, rows, columns: the layout of convolutions and pools in ONNX.
  static func channelsFirst(_ sizes: ONNXAxisSizes) -> ONNXView { ONNXView([.channels, .rows, .columns], sizes) }

  /// Whether the last dimension holds the channels alone, as in arithmetic on each pixel.
  func isLastChannels(_ sizes: ONNXAxisSizes) -> Bool {
    rank > 2 && dimensions.last == (sizes.channels > 1 ? [.channels] : [])
  }

  /// The number of dimensions, including the batch.
  var rank: Int { dimensions.count + 1 }

  /// The axes in the order of the elements of an image.
  var order: [ONNXAxis] { dimensions.flatMap { $0 } }

  /// The sizes of the dimensions after the batch.
  func shape(_ sizes: ONNXAxisSizes) -> [Int] { dimensions.map { $0.reduce(1) { $0 * sizes[$1] } } }

  /// The same elements in the same order, in dimensions of other sizes; nil if an axis would be cut.
  func reshaped(_ shape: [Int], _ sizes: ONNXAxisSizes) -> ONNXView? {
    var rest = order[...]
    var result: [[ONNXAxis]] = []
    for size in shape {
      var dimension: [ONNXAxis] = []
      var count = 1
      while count < size, let axis = rest.first {
        count *= sizes[axis]
        dimension.append(axis)
        rest.removeFirst()
      }
      guard count == size else { return nil }
      result.append(dimension)
    }
    return rest.isEmpty ? ONNXView(result) : nil
  }

  /// For each element in this order, its place in the order channels, rows, columns; nil if both are the same.
  func placesInFileOrder(_ sizes: ONNXAxisSizes) -> [Int]? {
    guard order != sizes.order else { return nil }
    let strides: [ONNXAxis: Int] = [.columns: 1, .rows: sizes.columns, .channels: sizes.columns * sizes.rows]
    var places = [0]
    for axis in order {
      places = places.flatMap { place in (0..<sizes[axis]).map { place + $0 * (strides[axis] ?? 0) } }
    }
    return places
  }
}
