/// The description of samples that a model needs.
public protocol SampleDescription {
  /// The shape of one sample.
  var shape: Shape { get }
  /// The classes, in the order of their labels.
  var classNames: [String] { get }
  /// How bytes become numbers.
  var normalization: Normalization { get }
}

extension SampleDescription {
  /// The number of classes.
  public var classCount: Int { classNames.count }
}
