package import Datasets
internal import Support

extension PictureDecoder {
  /// Whether a file of a folder is taken for a picture, by the ending of its name.
  package func decodes(_ name: String) -> Bool {
    let name = name.lowercased()
    return endings.contains(where: name.endsWith(bytesOf:))
  }
}
