internal import Support
internal import Datasets
internal import Jacquard
internal import Randomness

/// Random images and labels in memory, drawn and normalized as those of a data set are: a benchmark needs no data.
struct SyntheticImages: SampleProvider {
  private let source: SampleSource
  let count: Int
  let shape: Shape

  /// Different images, and bytes of them; beyond that they repeat.
  private static let (differentImages, differentBytes) = (4096, 1 << 24)

  /// Makes `count` samples for a model.
  ///
  /// - Throws: a `CommandFailure` for a model that does not take images.
  init(model: Model, count: Int) throws {
    guard model.inputShape.isImage else {
      throw CommandFailure(
        .badConfiguration,
        "model \"\(model.name)\": takes a vector of \(model.inputShape); only models that take images can be measured.")
    }
    shape = model.inputShape
    self.count = count
    let distinct = max(1, min(count, Self.differentImages, Self.differentBytes / shape.count))
    let classes = min(65_536, model.classNames.count)
    var generator = RandomStream(seed: 1, name: "benchmark").generator(epoch: 0, index: 0)
    let set = ImageSet(
      shape: shape,
      classNames: model.classNames,
      images: (0..<distinct * shape.count).map { _ in UInt8(truncatingIfNeeded: generator.next()) },
      labels: (0..<distinct).map { _ in UInt16(generator.integer(below: classes)) })
    source = try SampleSource(set, normalization: try model.normalization(), seed: 1)
  }

  private init(_ source: SampleSource, shape: Shape, count: Int) {
    self.source = source
    self.shape = shape
    self.count = count
  }

  /// The same images, as many of them as are asked for.
  func repeated(count: Int) -> SyntheticImages { SyntheticImages(source, shape: shape, count: count) }

  func order(epoch: Int, into order: inout MutableSpan<Int32>) {
    for place in order.indices { order[place] = Int32(place) }
  }

  func draw(
    _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    let size = shape.count
    for place in samples.indices {
      let image: [1 of Int32] = [samples[place] % Int32(source.count)]
      var pixels = inputs.part(place * size..<(place + 1) * size)
      var label = labels.part(place..<place + 1)
      source.draw(image.span, epoch: epoch, into: &pixels, labels: &label)
    }
  }
}
