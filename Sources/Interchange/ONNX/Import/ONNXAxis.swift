/// What a dimension of an image runs over; the features of a vector count as channels.
enum ONNXAxis: Hashable {
  case channels, rows, columns
}

/// How many channels, rows and columns an activation has, or had before it was flattened.
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

/// How a tensor of a graph lies over an activation of ours: for each dimension behind the batch, the axes that it runs over, outermost
/// first. Axes of one element are left out, so that they can come and go.
struct ONNXView: Equatable {
  var dimensions: [[ONNXAxis]]

  init(_ dimensions: [[ONNXAxis]]) { self.dimensions = dimensions }

  /// One dimension for each of `axes`.
  init(_ axes: [ONNXAxis], _ sizes: ONNXAxisSizes) {
    dimensions = axes.map { sizes[$0] > 1 ? [$0] : [] }
  }

  /// Channels, rows, columns: what convolutions and pools of the format work on.
  static func channelsFirst(_ sizes: ONNXAxisSizes) -> ONNXView { ONNXView([.channels, .rows, .columns], sizes) }

  /// The number of dimensions with that of the batch.
  var rank: Int { dimensions.count + 1 }

  /// The axes in the order in which the elements of an image follow each other.
  var order: [ONNXAxis] { dimensions.flatMap { $0 } }

  /// The sizes of the dimensions behind the batch.
  func shape(_ sizes: ONNXAxisSizes) -> [Int] { dimensions.map { $0.reduce(1) { $0 * sizes[$1] } } }

  /// The same elements in the same order, in dimensions of other sizes; nil where an axis would be cut.
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

  /// For each element in this order, its place in the order channels, rows, columns; nil where both are the same.
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
