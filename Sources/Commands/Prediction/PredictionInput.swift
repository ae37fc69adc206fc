internal import Datasets
internal import Jacquard

/// The images that an INPUT of `predict` stands for.
struct PredictionInput {
  /// The numbers of the images in their file.
  let items: ClosedRange<Int>
  /// The images.
  let source: SampleSource

  /// Reads the images.
  ///
  /// A file that is not there by its path, and whose path is only a name, is looked for in the data's folder.
  ///
  /// - Throws: a `CommandFailure` or a `DatasetError`, which concerns this input only.
  init(_ reference: InputReference, model: Model, data: DataOptions) throws {
    var path = reference.path
    if Folder.kind(path) == .nothing, !path.contains("/"), let folder = try? data.folder() {
      path = folder.path + "/" + path
    }
    let array = try IDXArray(contentsOf: Folder.kind(path) == .nothing ? reference.path : path)
    let shape = try array.imageShape()
    try model.check(shape, of: reference.path)
    let count = array.dimensions[0]
    items = reference.items ?? 0...count - 1
    guard items.upperBound < count else {
      throw CommandFailure(
        .noInput,
        "\(reference.path): there is no item \(items.upperBound); the last of its \(count) images is \(count - 1).")
    }
    let size = shape.elementCount
    // Whose classes are unknown: a label must be there, and nothing looks at it.
    let set = ImageSet(
      shape: shape, classNames: model.classNames,
      images: Array(array.bytes[items.lowerBound * size..<(items.upperBound + 1) * size]),
      labels: Array(repeating: 0, count: items.count))
    source = try SampleSource(set, normalization: try model.normalization(), seed: 0)
  }
}
