internal import Datasets
internal import Files
internal import JacquardEngine
internal import Photographs
internal import Runs
internal import Support
internal import Terminal

/// Picture files from people, prepared for a network.
enum PhotographFile {
  /// How to bring pictures to a model's size.
  typealias Preparation = PreparedPicture.Preparation

  /// The extensions of picture files, in lower case.
  static let endings = PictureDecoder.photographs.endings

  /// Whether a file in a folder counts as a picture, by its extension.
  static func hasPictureName(_ name: String) -> Bool { PictureDecoder.photographs.decodes(name) }

  /// Reads a picture and prepares it like the data set's own pictures; nil if the file is missing or not a picture.
  ///
  /// - Throws: a `Failure` or a `FileError` if it cannot be read, or has a picture's extension but is not one.
  static func prepared(_ path: String, for model: Model, _ preparation: Preparation?) throws -> [UInt8]? {
    let isCalledPicture = hasPictureName(path)
    if Folder.kind(path) != .file {
      guard isCalledPicture else { return nil }
      throw Failure(.noInput, "\(path): there is no such file; check the path.")
    }
    // A pipe can be read only once, so its beginning cannot be examined first.
    if Folder.isRegularFile(path), !isCalledPicture {
      guard Photograph.isPicture(try FileReader.beginning(ofFileAt: path, byteCount: Photograph.beginningByteCount))
      else { return nil }
    }
    let bytes = try FileReader.bytes(ofFileAt: path, maximumByteCount: Photograph.largestFile)
    return try prepared(bytes, name: path, for: model, preparation)
  }

  /// Decodes a picture and prepares it.
  static func prepared(
    _ bytes: [UInt8], name: String, for model: Model, _ preparation: Preparation?
  ) throws(Failure) -> [UInt8] {
    let (pixels, isBusy) = try PreparedPicture.pixels(of: bytes, name: name, for: model, preparation)
    if isBusy {
      Console().warn(
        "\(name): the background is not a single color, so the cutout may miss the object; check it with --show-input"
      )
    }
    return pixels
  }
}
