internal import Interchange
internal import Jacquard
internal import Photographs

/// Files of pictures that people have, as a network sees them.
enum PhotographFile {
  /// Whether a file of a folder is taken for a picture, by the ending of its name.
  static func hasPictureName(_ name: String) -> Bool {
    let name = name.lowercased()
    return [".png", ".jpg", ".jpeg"].contains(where: name.hasSuffix)
  }

  /// Reads a picture and prepares it as the data set's own pictures were; nil for a file that is none, or not there.
  ///
  /// - Throws: a `CommandFailure` or a `FileError` for one that cannot be read, and for one that is called a picture and is none.
  static func prepared(_ path: String, for model: Model) throws -> [UInt8]? {
    let isCalledPicture = hasPictureName(path)
    if Folder.kind(path) != .file {
      guard isCalledPicture else { return nil }
      throw CommandFailure(.noInput, "\(path): there is no such file; check the path.")
    }
    // A pipe can be read only once, so its beginning cannot be looked at first.
    if Folder.isRegularFile(path), !isCalledPicture {
      guard Photograph.isPicture(try FileReader.beginning(ofFileAt: path, byteCount: 8)) else { return nil }
    }
    let bytes = try FileReader.bytes(ofFileAt: path, maximumByteCount: Photograph.largestFile)
    return try prepared(bytes, name: path, for: model)
  }

  /// Decodes a picture and prepares it.
  static func prepared(_ bytes: [UInt8], name: String, for model: Model) throws(CommandFailure) -> [UInt8] {
    let shape = model.inputShape
    guard shape.isImage, shape.channels == 1 else {
      throw CommandFailure(
        .usage, "\(name): pictures are prepared gray, but the model \"\(model.name)\" takes \(shape).")
    }
    do throws(PhotographError) {
      return try Photograph(decoding: bytes).prepared(width: shape.width, height: shape.height)
    } catch {
      throw CommandFailure(.badData, "\(name): \(error).")
    }
  }
}
