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
  typealias Preparation = (fit: PictureFit, inversion: PictureInversion)

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
    let shape = model.inputShape
    guard shape.isImage, shape.channels == 1 || shape.channels == 3 else {
      throw Failure(
        .usage, "\(name): pictures are gray or color, but the model \"\(model.name)\" takes \(shape).")
    }
    do throws(PhotographError) {
      let picture = try Photograph(decoding: bytes)
      // A model with Fashion-MNIST's classes expects pictures prepared as that data set's authors prepared them.
      if preparation == nil, model.isForFashionMNIST {
        let (pixels, isBusy) = try picture.preparedOnGround(width: shape.width, height: shape.height)
        if isBusy {
          Console().warn(
            "\(name): the background is not a single color, so the cutout may miss the object; check it with --show-input"
          )
        }
        return pixels
      }
      // Any other model has learned from unchanged pictures.
      let size = PictureSize(height: shape.height, width: shape.width)
      return DecodedPicture(
        picture, size: size, fit: preparation?.fit ?? .stretch, inversion: preparation?.inversion ?? .no
      ).values(channels: shape.channels)
    } catch {
      throw Failure(.badData, "\(name): \(error).")
    }
  }
}
