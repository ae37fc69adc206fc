package import Datasets
package import Figures
package import Support

extension Bitmap {
  /// A picture of a data set's image.
  ///
  /// - Precondition: The shape has one or three channels, as `requirePicture` checks.
  package init(_ shape: Shape, pixels: some Sequence<UInt8>) {
    self.init(width: shape.width, height: shape.height, channels: shape.channels, pixels: pixels)
  }
}

extension Shape {
  /// Rejects images that are neither gray nor color.
  package func requirePicture(of source: String) throws(Failure) {
    guard channels == 1 || channels == 3 else {
      throw Failure(
        .badData, "\(source): images with \(channels) channels cannot be shown; use gray or color images.")
    }
  }
}
