import JacquardEngine

/// A pool's window over a batch.
struct PoolingCase: CustomStringConvertible, Sendable {
  let shape: Shape
  let images: Int
  let size: Size2D
  let stride: Size2D
  let padding: Padding

  init(
    _ height: Int, _ width: Int, _ channels: Int, images: Int = 2, size: Size2D, stride: Size2D? = nil,
    padding: Padding = .valid
  ) {
    shape = .image(height: height, width: width, channels: channels)
    self.images = images
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
  }

  var maxPool: MaxPool2D { MaxPool2D(size, stride: stride, padding: padding) }

  var description: String { "\(size), stride \(stride), padding \(padding) on \(images) of \(shape)" }

  /// One pixel; windows that fit and that leave a remainder; overlapping ones; strides with gaps; padding on all sides and on one; windows that are
  /// not square; a window that is mostly padding.
  static let table = [
    PoolingCase(1, 1, 1, images: 1, size: 1),
    PoolingCase(4, 6, 1, size: 2),
    PoolingCase(5, 7, 3, images: 1, size: 2),
    PoolingCase(5, 4, 10, images: 5, size: 2, stride: 1),
    PoolingCase(7, 6, 2, images: 3, size: 3, stride: 2, padding: Padding(1)),
    PoolingCase(6, 5, 1, size: 3, stride: 1, padding: .same(3)),
    PoolingCase(5, 6, 2, size: 2, stride: 3),
    PoolingCase(6, 7, 2, size: Size2D(height: 2, width: 3), stride: Size2D(height: 1, width: 2)),
    PoolingCase(4, 5, 3, size: 3, stride: 2, padding: Padding(top: 0, left: 1, bottom: 2, right: 0)),
    PoolingCase(4, 4, 1, size: 2, stride: 2, padding: Padding(top: 1, left: 0, bottom: 1, right: 1)),
    PoolingCase(1, 1, 10, images: 3, size: 3, stride: 2, padding: Padding(2)),
    PoolingCase(3, 5, 2, size: Size2D(height: 3, width: 5)),
    // Half a vector of channels, a whole one, and remainders after them.
    PoolingCase(4, 4, 8, size: 2), PoolingCase(3, 4, 12, size: 2), PoolingCase(4, 5, 16, images: 1, size: 2),
    PoolingCase(4, 2, 20, size: 2), PoolingCase(2, 4, 24, images: 3, size: 2), PoolingCase(5, 4, 40, size: 2),
  ]
}
