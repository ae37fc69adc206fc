internal import Datasets
internal import Figures

/// The first inputs of an epoch as the network saw them, augmented, in a grid.
struct InputSheet {
  /// The picture.
  let bitmap: Bitmap

  /// The size of the grid.
  private static let (columns, rows) = (8, 4)

  /// Draws the inputs again, without any effect on the training; nil if they are not pictures.
  init?(_ samples: SampleSource, epoch: Int) {
    let shape = samples.shape
    guard shape.isImage, shape.channels == 1 || shape.channels == 3 else { return nil }
    var order = [Int32](repeating: 0, count: samples.count)
    var orderSpan = order.mutableSpan
    samples.order(epoch: epoch, into: &orderSpan)
    let shown = Array(order.prefix(Self.columns * Self.rows))
    let images = samples.pixels(of: shown, epoch: epoch)
    let width = Self.columns * (shape.width + 1) - 1
    let height = (shown.count + Self.columns - 1) / Self.columns * (shape.height + 1) - 1
    var pixels = [UInt8](repeating: 128, count: width * height * shape.channels)
    for image in shown.indices {
      let (left, top) = (image % Self.columns * (shape.width + 1), image / Self.columns * (shape.height + 1))
      for row in 0..<shape.height {
        for element in 0..<shape.width * shape.channels {
          pixels[((top + row) * width + left) * shape.channels + element] =
            images[(image * shape.height + row) * shape.width * shape.channels + element]
        }
      }
    }
    bitmap = Bitmap(width: width, height: height, channels: shape.channels, pixels: pixels)
  }
}
