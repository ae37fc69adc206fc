package import Support

/// Trained networks whose answers a training imitates: knowledge distillation.
///
/// With the true class `y`, the logits `z` of the network that is trained, the logits `t` of a teacher and the temperature `T`, the loss of an image is
/// `(1 − w) · loss(z, y) + w · T² · KL(softmax(t / T) ‖ softmax(z / T))`. Several teachers count as one whose probabilities at this temperature are the mean of
/// theirs. The teachers see the inputs of the batch, changed at random like them, and answer as in inference.
///
/// Source: Hinton, Vinyals and Dean, "Distilling the knowledge in a neural network", 2015 (arXiv 1503.02531).
public struct Distillation: Sendable {
  /// The networks; at least one. Their model has the input shape and the number of classes of the network that is trained. If its preprocessing is another, inputs
  /// are converted.
  public var teachers: [Network]
  /// What logits are divided by: the higher, the more the classes that are not the teacher's answer count.
  public var temperature: Double
  /// The share of the teachers in the loss.
  public var weight: Double

  /// The temperatures that a distillation may have.
  package static let temperatures = NumberRange.above(0, upTo: 100)
  /// The shares that teachers may have.
  package static let weights = NumberRange.above(0, upTo: 1)

  /// A distillation of these networks.
  public init(_ teachers: [Network], temperature: Double = 4, weight: Double = 0.7) {
    self.teachers = teachers
    self.temperature = temperature
    self.weight = weight
  }

  /// Requires values that a training can use.
  func check(for model: Model) {
    require(!teachers.isEmpty, "Distillation: there is no teacher")
    require(
      Self.temperatures.contains(temperature),
      "Distillation: the temperature must be above 0 and at most 100, found \(temperature)")
    require(Self.weights.contains(weight), "Distillation: the weight must be above 0 and at most 1, found \(weight)")
    for teacher in teachers {
      require(
        teacher.model.preprocessing.scale != 0 && model.preprocessing.scale != 0,
        "Distillation: a preprocessing with the scale 0 cannot be converted")
      require(
        teacher.model.inputShape == model.inputShape && teacher.model.classNames.count == model.classNames.count,
        "Distillation: a teacher takes \(teacher.model.inputShape) and has \(teacher.model.classNames.count) classes; the model takes \(model.inputShape) and has \(model.classNames.count)"
      )
    }
  }
}
