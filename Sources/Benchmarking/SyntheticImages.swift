internal import Datasets
internal import JacquardEngine
internal import Randomness
internal import Runs
internal import Support

/// Random images and labels in memory, drawn and normalized like those of a data set, so that a benchmark needs no data.
struct SyntheticImages {
  private let images: SampleSource

  /// The numbers of different images and of their bytes; beyond that they repeat.
  private static let (differentImages, differentBytes) = (4096, 1 << 24)

  /// Makes images for a model, at most `count` different ones.
  ///
  /// - Throws: a `Failure` for a model whose input is not an image.
  init(model: Model, count: Int) throws {
    let shape = model.inputShape
    guard shape.isImage else {
      throw Failure(
        .badConfiguration,
        "model \"\(model.name)\": the input is a vector of \(shape), but only models of images can be measured.")
    }
    let distinct = max(1, min(count, Self.differentImages, Self.differentBytes / shape.count))
    let classes = min(65_536, model.classNames.count)
    var generator = RandomStream(seed: 1, name: "benchmark").generator(epoch: 0, index: 0)
    let set = ImageSet(
      shape: shape, classNames: model.classNames,
      images: (0..<distinct * shape.count).map { _ in UInt8(truncatingIfNeeded: generator.next()) },
      labels: (0..<distinct).map { _ in UInt16(generator.integer(below: classes)) })
    images = try SampleSource(set, normalization: try model.normalization(), seed: 1)
  }

  /// The requested number of samples, repeating the same images.
  func samples(_ count: Int) -> SampleSource {
    images.taking((0..<count).map { Int32($0 % images.set.count) })
  }
}
