import JacquardEngine

/// A batch of activations in double precision, `[images][height][width][channels]`; a vector is one pixel.
///
/// Besides its values it carries two facts about the way they were computed, for tests to rely on.
struct ReferenceBatch: Sendable {
  let shape: Shape
  let images: Int
  let height: Int
  let width: Int
  let channels: Int
  var values: [Double]
  /// How far the numbers on the way kept from kinks: |x| before a rectifier, winner minus runner-up in a max pool.
  var margin = Double.infinity
  /// Whether a value of exactly zero is one that a rectifier or dropout holds there, and so no kink further on.
  var zerosAreHeld = false
  /// How many roundings a number of the same computation in Float may gather, forward or backward.
  var roundings = 0

  init(_ shape: Shape, images: Int, values: [Double]) {
    precondition(values.count == images * shape.count, "\(images) images of \(shape): found \(values.count) values")
    self.shape = shape
    self.images = images
    (height, width, channels) = (shape.height, shape.width, shape.channels)
    self.values = values
  }

  /// Zeros of another shape, computed from `source`: as many images, its margin, and `roundings` more than there.
  init(_ shape: Shape, from source: ReferenceBatch, roundings: Int) {
    self.init(shape, images: source.images, values: Array(repeating: 0, count: source.images * shape.count))
    margin = source.margin
    zerosAreHeld = source.zerosAreHeld
    self.roundings = source.roundings + roundings
  }

  var pixels: Int { height * width }

  /// Where an element lies in `values`.
  func index(_ image: Int, _ row: Int, _ column: Int, _ channel: Int) -> Int {
    ((image * height + row) * width + column) * channels + channel
  }

  /// Whether a pixel is inside the image, and not in the padding.
  func contains(row: Int, column: Int) -> Bool {
    row >= 0 && row < height && column >= 0 && column < width
  }

  /// The same batch with every value replaced, at the price of some roundings.
  func mapped(roundings: Int, _ transform: (Double) -> Double) -> ReferenceBatch {
    var result = self
    result.values = values.map(transform)
    result.roundings += roundings
    return result
  }
}
