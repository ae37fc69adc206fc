package import Datasets
internal import Support

extension PictureDecoder {
  /// Whether a file in a folder counts as a picture, by its extension.
  package func decodes(_ name: String) -> Bool {
    let name = name.lowercased()
    return endings.contains(where: name.endsWith(bytesOf:))
  }
}
