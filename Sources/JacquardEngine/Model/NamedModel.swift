internal import Support
public import Samples

/// What a text such as `resnet18` or `resnet18:224x224x3:1000` stands for: a model by name, for certain images and classes.
///
/// Without a shape the model is for Fashion-MNIST, unless data or weights say otherwise. With one its classes are numbers from 0 on,
/// ten unless the text says how many.
public struct NamedModel: Hashable, Sendable {
  /// One of `Model.names`.
  public let name: String
  /// The shape of an image, where the text has one.
  public let inputShape: Shape?
  /// The number of classes, where the text has one.
  public let classCount: Int?

  private static let largestSide = 1 << 16
  private static let largestClassCount = 1 << 16

  /// Reads `NAME`, `NAME:HEIGHTxWIDTHxCHANNELS` or `NAME:HEIGHTxWIDTHxCHANNELS:CLASSES`.
  ///
  /// - Throws: `.unknownName`, or `.invalid` for what follows the name.
  public init(_ text: String) throws(ModelError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    name = parts[0]
    guard Model.names.contains(name) else {
      throw .unknownName(name, suggestion: Suggestion.closest(to: name, among: Model.names))
    }
    let extents = parts.dropFirst().first?.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) } ?? []
    let classes = parts.count > 2 ? Int(parts[2]) : 10
    var shape: Shape?
    if extents.count == 3, let height = extents[0], let width = extents[1], let channels = extents[2],
      [height, width, channels].allSatisfy({ 1...Self.largestSide ~= $0 })
    {
      shape = .image(height: height, width: width, channels: channels)
    }
    guard parts.count <= 3, parts.count == 1 || shape?.isWithinLimit == true, let classes,
      1...Self.largestClassCount ~= classes
    else {
      throw .invalid(
        "\"\(text)\": after the model's name come height, width and channels, and the number of classes, as in \"\(name):224x224x3:1000\""
      )
    }
    inputShape = shape
    classCount = parts.count > 2 ? classes : nil
  }

  /// The model, for the images and classes of the text, or else for Fashion-MNIST.
  public func model() throws(ModelError) -> Model {
    guard let inputShape else { return try Model.named(name) }
    return try model(inputShape, classes: classCount ?? 10)
  }

  /// The model that a file's tensors fit, by name and shape; the same as `model` where the text says its shape, or no shape fits.
  ///
  /// The first and the last tensor say how many channels and classes there are. A side that no tensor depends on is one that
  /// networks are usually trained at: 28 pixels for gray images, 32 for others, and 224 where a stem is for larger ones.
  package func model(fitting tensors: [String: [Int]]) throws(ModelError) -> Model {
    let usual = try model()
    let parameters = try usual.tensors().filter { $0.specification.role != nil }
    guard inputShape == nil, !Self.fit(usual, tensors), let first = parameters.first, let last = parameters.last,
      let input = tensors[first.name], input.count == 4, 1...Self.largestSide ~= input[1],
      let classes = tensors[last.name]?.first, 1...Self.largestClassCount ~= classes
    else { return usual }
    for side in input[1] == 1 ? [28, 32, 224, 64, 96, 128] : [32, 224, 28, 64, 96, 128] {
      let shape = Shape.image(height: side, width: side, channels: input[1])
      if let found = try? model(shape, classes: classes), Self.fit(found, tensors) { return found }
    }
    return usual
  }

  private func model(_ shape: Shape, classes: Int) throws(ModelError) -> Model {
    try Model.named(name, inputShape: shape, classNames: (0..<classes).map(String.init))
  }

  private static func fit(_ model: Model, _ tensors: [String: [Int]]) -> Bool {
    guard let own = try? model.tensors() else { return false }
    return own.allSatisfy { tensors[$0.name] == $0.specification.order.fileShape }
  }
}
