package import Datasets
package import Figures
package import Support

extension Bitmap {
  /// The picture of an image of a data set.
  ///
  /// - Precondition: The shape has one or three channels, as `requirePicture` makes sure.
  package init(_ shape: Shape, pixels: some Sequence<UInt8>) {
    self.init(width: shape.width, height: shape.height, channels: shape.channels, pixels: pixels)
  }
}

extension Shape {
  /// Refuses images that are neither gray nor in color.
  package func requirePicture(of source: String) throws(Failure) {
    guard channels == 1 || channels == 3 else {
      throw Failure(
        .badData, "\(source): images of \(channels) channels cannot be shown; only gray ones and those in color can.")
    }
  }
}
