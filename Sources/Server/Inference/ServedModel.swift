internal import Datasets
internal import JacquardEngine
internal import Runs
internal import Samples
internal import Support
internal import Synchronization

/// A version of a model that answers requests. Never changes; new weights are another one.
final class ServedModel: Sendable {
  /// Its checkpoint.
  let loaded: LoadedCheckpoint
  /// How bytes become numbers.
  private let table: NormalizationTable
  private let scaling: [(mean: Double, deviation: Double)]
  /// The images that it has answered.
  let answered: ImageCount

  /// The name by which clients ask for it.
  var name: String { loaded.named.name }
  /// The version of its weights.
  var version: String { loaded.version }
  /// Its network's model.
  var model: Model { loaded.network.model }
  /// The shape of an image.
  let shape: Shape
  /// The names of its classes.
  let classNames: [String]

  init(_ loaded: LoadedCheckpoint) {
    let shape = loaded.network.model.inputShape
    self.loaded = loaded
    self.shape = shape
    classNames = loaded.network.model.classNames
    table = NormalizationTable(loaded.normalization, channels: shape.channels)
    scaling = Self.scaling(loaded.normalization, channels: shape.channels)
    answered = ImageCount()
  }

  /// Mean and deviation of each channel for pixels divided by 255. Computed as the table's, so that a whole number gives the bits of its byte.
  private static func scaling(_ normalization: Normalization, channels: Int) -> [(
    mean: Double, deviation: Double
  )] {
    let factor = normalization.scale * 255
    var scaling: [(mean: Double, deviation: Double)] = []
    for channel in 0..<channels {
      let mean = normalization.mean[normalization.mean.count == 1 ? 0 : channel]
      let deviation = normalization.deviation[normalization.deviation.count == 1 ? 0 : channel]
      scaling.append((mean / factor, deviation / factor))
    }
    return scaling
  }

  /// Writes an image as the network's input.
  func write(_ image: Int, of content: ImageContent, into output: inout MutableSpan<Float>) {
    let size = shape.count
    switch content {
    case .bytes(let bytes):
      table.apply(to: bytes.span.extracting(image * size..<(image + 1) * size), into: &output)
    case .numbers(let numbers):
      let channels = shape.channels
      for place in 0..<size {
        let (mean, deviation) = scaling[place % channels]
        output[place] = Float((Double(numbers[image * size + place]) / 255 - mean) / deviation)
      }
    }
  }
}

/// A count of images that several threads add to.
final class ImageCount: Sendable {
  private let count = Atomic<Int>(0)

  /// The count.
  var value: Int { count.load(ordering: .relaxed) }

  /// Adds images.
  func add(_ images: Int) { count.wrappingAdd(images, ordering: .relaxed) }
}

/// The pixels of images, `[N, H, W, C]`, from 0 to 255.
enum ImageContent: Sendable {
  /// As bytes.
  case bytes([UInt8])
  /// As numbers, which need not be whole.
  case numbers([Float])

  /// The count of values.
  var count: Int {
    switch self {
    case .bytes(let values): values.count
    case .numbers(let values): values.count
    }
  }
}
