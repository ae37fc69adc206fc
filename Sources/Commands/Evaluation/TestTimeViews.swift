/// Which views of an image are evaluated and averaged.
enum TestTimeViews: String, CaseIterable, Sendable {
  /// The image as it is.
  case none
  /// The image and its mirror image; the mean of both logits counts.
  case flip
}
