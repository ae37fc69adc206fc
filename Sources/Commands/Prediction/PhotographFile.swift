internal import Datasets
internal import Files
internal import JacquardEngine
internal import Photographs
internal import Runs
internal import Support
internal import Terminal

/// Files of pictures that people have, as a network sees them.
enum PhotographFile {
  /// How pictures are brought to a model's size.
  typealias Preparation = (fit: PictureFit, inversion: PictureInversion)

  /// The endings of the names of pictures, in lower case.
  static let endings = PictureDecoder.photographs.endings

  /// Whether a file of a folder is taken for a picture, by the ending of its name.
  static func hasPictureName(_ name: String) -> Bool { PictureDecoder.photographs.decodes(name) }

  /// Reads a picture and prepares it as the data set's own pictures were; nil for a file that is none, or not there.
  ///
  /// - Throws: a `Failure` or a `FileError` for one that cannot be read, and for one that is called a picture and is none.
  static func prepared(_ path: String, for model: Model, _ preparation: Preparation?) throws -> [UInt8]? {
    let isCalledPicture = hasPictureName(path)
    if Folder.kind(path) != .file {
      guard isCalledPicture else { return nil }
      throw Failure(.noInput, "\(path): there is no such file; check the path.")
    }
    // A pipe can be read only once, so its beginning cannot be looked at first.
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
        .usage, "\(name): pictures are gray or in color, but the model \"\(model.name)\" takes \(shape).")
    }
    do throws(PhotographError) {
      let picture = try Photograph(decoding: bytes)
      // A model of Fashion-MNIST's classes expects what that data set's authors did to photographs.
      if preparation == nil, model.isForFashionMNIST {
        let (pixels, isBusy) = try picture.preparedOnGround(width: shape.width, height: shape.height)
        if isBusy {
          Console().warn(
            "\(name): the background is not of one color, so what was cut out may not be the object; --show-input draws it"
          )
        }
        return pixels
      }
      // Any other has learned from pictures as they are.
      let size = PictureSize(height: shape.height, width: shape.width)
      return DecodedPicture(
        picture, size: size, fit: preparation?.fit ?? .stretch, inversion: preparation?.inversion ?? .no
      ).values(channels: shape.channels)
    } catch {
      throw Failure(.badData, "\(name): \(error).")
    }
  }
}
