/// How `explain` finds what an answer depends on.
package enum ExplanationMethod: String, CaseIterable, Sendable {
  /// Class activation maps of one layer, weighted by gradients.
  case gradcam
  /// The fall of the logit when a part of the image is covered.
  case occlusion
  /// The gradient of the logit by the pixels.
  case gradient
}
