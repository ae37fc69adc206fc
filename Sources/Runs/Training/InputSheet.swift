internal import Datasets
internal import Figures
internal import JacquardEngine

/// The first inputs of an epoch as the network saw them, augmented, in a grid.
struct InputSheet {
  /// The picture.
  let bitmap: Bitmap

  /// The size of the grid.
  private static let (columns, rows) = (8, 4)

  /// Draws the inputs again, without any effect on the training; nil if they are not pictures.
  init?(_ samples: SampleSource, model: Model, epoch: Int) {
    let shape = samples.shape
    guard shape.isImage, shape.channels == 1 || shape.channels == 3 else { return nil }
    var order = [Int32](repeating: 0, count: samples.count)
    var orderSpan = order.mutableSpan
    samples.order(epoch: epoch, into: &orderSpan)
    let shown = Array(order.prefix(Self.columns * Self.rows))
    var inputs = [Float](repeating: 0, count: shown.count * shape.count)
    var labels = [Int32](repeating: 0, count: shown.count)
    var inputSpan = inputs.mutableSpan
    var labelSpan = labels.mutableSpan
    samples.draw(shown.span, epoch: epoch, into: &inputSpan, labels: &labelSpan)

    let preprocessing = model.preprocessing
    let means = preprocessing.means(channels: shape.channels)
    let deviations = preprocessing.deviations(channels: shape.channels)
    let width = Self.columns * (shape.width + 1) - 1
    let height = (shown.count + Self.columns - 1) / Self.columns * (shape.height + 1) - 1
    var pixels = [UInt8](repeating: 128, count: width * height * shape.channels)
    for image in shown.indices {
      let (left, top) = (image % Self.columns * (shape.width + 1), image / Self.columns * (shape.height + 1))
      for row in 0..<shape.height {
        for column in 0..<shape.width {
          for channel in 0..<shape.channels {
            let place = ((image * shape.height + row) * shape.width + column) * shape.channels + channel
            // Back to the bytes before preprocessing.
            let value = (inputs[place] * deviations[channel] + means[channel]) / Float(preprocessing.scale)
            pixels[((top + row) * width + left + column) * shape.channels + channel] =
              UInt8(min(255, max(0, value.rounded())))
          }
        }
      }
    }
    bitmap = Bitmap(width: width, height: height, channels: shape.channels, pixels: pixels)
  }
}
