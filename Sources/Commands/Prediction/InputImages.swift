internal import Datasets
internal import Figures
internal import JacquardEngine
internal import Runs

/// Images to classify, with their names for results.
struct InputImages {
  /// The names, one per image.
  private(set) var names: [String]
  /// The shape of each.
  let shape: Shape
  /// The pixels, `[N, H, W, C]`.
  private(set) var pixels: [UInt8]

  /// Collects images.
  init(names: [String] = [], shape: Shape, pixels: [UInt8] = []) {
    self.names = names
    self.shape = shape
    self.pixels = pixels
  }

  /// The number of images.
  var count: Int { names.count }

  /// Adds an image of the same shape.
  mutating func append(_ name: String, _ image: [UInt8]) {
    names.append(name)
    pixels += image
  }

  /// These images, followed by others of the same shape.
  func joined(with others: InputImages) -> InputImages {
    InputImages(names: names + others.names, shape: others.shape, pixels: pixels + others.pixels)
  }

  /// Some of the images.
  func part(_ range: Range<Int>) -> InputImages {
    InputImages(
      names: Array(names[range]), shape: shape,
      pixels: Array(pixels[range.lowerBound * shape.count..<range.upperBound * shape.count]))
  }

  /// One of the images as a picture; the shape must have one or three channels.
  func bitmap(_ index: Int) -> Bitmap {
    Bitmap(shape, pixels: pixels[index * shape.count..<(index + 1) * shape.count])
  }

  /// The images as a model's samples.
  func source(for model: Model) throws -> SampleSource {
    // The classes are unknown: a sample needs a label, but nothing reads it.
    let set = ImageSet(
      shape: shape, classNames: model.classNames, images: pixels, labels: Array(repeating: 0, count: count))
    return try SampleSource(set, normalization: try model.normalization(), seed: 0)
  }
}
