package import Datasets

/// Which views of an image are evaluated; the mean of their logits counts.
package enum TestTimeViews: String, CaseIterable, Sendable {
  /// The image as it is.
  case none
  /// The image and its mirror image.
  case flip
  /// The image, and the image moved by one pixel up, down, left and right.
  case shift

  /// What is done to an image for each view; the first is the image itself.
  package var changes: [ImageChange] {
    switch self {
    case .none: [ImageChange()]
    case .flip: [ImageChange(), ImageChange(isMirrored: true)]
    case .shift:
      [
        ImageChange(), ImageChange(down: -1), ImageChange(down: 1), ImageChange(right: -1), ImageChange(right: 1),
      ]
    }
  }
}
