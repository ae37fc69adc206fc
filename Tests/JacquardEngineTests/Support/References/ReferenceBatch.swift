import JacquardEngine

/// A batch of activations in double precision, `[images][height][width][channels]`; a vector is one pixel.
///
/// Besides its values it carries two facts about the computation, for tests to use.
struct ReferenceBatch: Sendable {
  let shape: Shape
  let images: Int
  let height: Int
  let width: Int
  let channels: Int
  var values: [Double]
  /// The distance of intermediate numbers from kinks: |x| before a rectifier, winner minus runner-up in a max pool.
  var margin = Double.infinity
  /// Whether an exact zero was produced by a rectifier or dropout, and is therefore not a kink later on.
  var zerosAreHeld = false
  /// The number of roundings of the same computation in Float, forward or backward.
  var roundings = 0

  init(_ shape: Shape, images: Int, values: [Double]) {
    precondition(values.count == images * shape.count, "\(images) images of \(shape): found \(values.count) values")
    self.shape = shape
    self.images = images
    (height, width, channels) = (shape.height, shape.width, shape.channels)
    self.values = values
  }

  /// Zeros of another shape, computed from `source`: the same number of images and margin, and `roundings` more.
  init(_ shape: Shape, from source: ReferenceBatch, roundings: Int) {
    self.init(shape, images: source.images, values: Array(repeating: 0, count: source.images * shape.count))
    margin = source.margin
    zerosAreHeld = source.zerosAreHeld
    self.roundings = source.roundings + roundings
  }

  var pixels: Int { height * width }

  /// The index of an element in `values`.
  func index(_ image: Int, _ row: Int, _ column: Int, _ channel: Int) -> Int {
    ((image * height + row) * width + column) * channels + channel
  }

  /// Whether a pixel is inside the image, not in the padding.
  func contains(row: Int, column: Int) -> Bool {
    row >= 0 && row < height && column >= 0 && column < width
  }

  /// The same batch with every value replaced, with additional roundings.
  func mapped(roundings: Int, _ transform: (Double) -> Double) -> ReferenceBatch {
    var result = self
    result.values = values.map(transform)
    result.roundings += roundings
    return result
  }
}
