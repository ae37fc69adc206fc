public import Files
internal import NumPy
public import Samples

/// Images without labels, from an IDX or an `.npy` file; its first bytes decide which.
public struct ImageFile: Sendable {
  /// The shape of one image.
  public let shape: Shape
  /// The number of images, N.
  public let count: Int
  /// `[N, H, W, C]`
  public let pixels: StoredBytes

  /// Reads and checks a file.
  ///
  /// - Throws: `DatasetError` for a file that is missing or damaged, or contains something other than images.
  public init(contentsOf path: String) throws(DatasetError) {
    if NumPyArray.isFile(try InputFile(path: path).bytes(at: 0, count: 6)) {
      let file = try ArrayFile(contentsOf: path)
      shape = try file.imageShape()
      count = file.shape[0]
      pixels = file.bytes
    } else {
      let array = try IDXArray(contentsOf: path)
      shape = try array.imageShape()
      count = array.dimensions[0]
      pixels = array.bytes
    }
  }
}
