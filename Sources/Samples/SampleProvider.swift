/// The source of a trainer's or predictor's samples.
///
/// The engine knows neither files nor augmentation: it requests the samples of a shard, and the source writes them into
/// the engine's memory. Several threads call at once, and calls must allocate nothing.
public protocol SampleProvider: Sendable {
  /// The number of samples; they are numbered from 0 to `count` − 1.
  var count: Int { get }
  /// The shape of one sample.
  var shape: Shape { get }
  /// Writes the order of epoch `epoch`, as numbers of samples, into `order`, which has `count` elements.
  ///
  /// If `repeatsSamples` is true, a number may occur several times. If moreover `isSameInEveryEpoch` is false, `draw` may give numbers from `count` on a
  /// meaning: another use of a sample.
  func order(epoch: Int, into order: inout MutableSpan<Int32>)
  /// Writes the inputs `[samples.count][shape]` and the labels of `samples`, which are numbers of samples.
  func draw(
    _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>)

  /// Whether `draw` writes the same for a sample in every epoch; false unless a provider says otherwise.
  var isSameInEveryEpoch: Bool { get }
  /// Whether an epoch may use a sample several times and leave others out; false unless a provider says otherwise.
  var repeatsSamples: Bool { get }
  /// Whether `draw` mixes samples with others, so that each has two classes; false unless a provider says otherwise.
  var isMixed: Bool { get }
  /// Writes the second class of each of `samples`, as `draw` mixes them, and its weight in the loss, from 0 to ½. The class that `draw` writes
  /// has the rest. Called only if `isMixed` is true.
  func mixedLabels(
    of samples: Span<Int32>, epoch: Int, into labels: inout MutableSpan<Int32>, weights: inout MutableSpan<Float>)
}

extension SampleProvider {
  /// Samples may change.
  public var isSameInEveryEpoch: Bool { false }

  /// An epoch uses each sample once.
  public var repeatsSamples: Bool { false }

  /// Samples are not mixed.
  public var isMixed: Bool { false }

  /// Writes second classes without weight.
  public func mixedLabels(
    of samples: Span<Int32>, epoch: Int, into labels: inout MutableSpan<Int32>, weights: inout MutableSpan<Float>
  ) {
    for place in samples.indices {
      labels[place] = 0
      weights[place] = 0
    }
  }
}
