/// Where a trainer or predictor gets its samples from.
///
/// The engine knows neither files nor augmentation: it asks for the samples of a shard and gets them, ready, in its
/// own memory. Calls come from several threads at once and must allocate nothing.
public protocol SampleProvider: Sendable {
  /// How many samples there are; they are numbered from 0 to `count` − 1.
  var count: Int { get }
  /// The shape of one sample.
  var shape: Shape { get }
  /// Writes the order of epoch `epoch` into `order`, which has `count` elements: each a sample's number.
  func order(epoch: Int, into order: inout MutableSpan<Int32>)
  /// Writes the inputs `[samples.count][shape]` and the labels of `samples`, which are numbers of samples.
  func draw(
    _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>)
}
