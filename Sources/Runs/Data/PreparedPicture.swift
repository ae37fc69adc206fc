internal import Datasets
package import JacquardEngine
package import Photographs
package import Support

/// The content of a picture file, as a model's input.
package enum PreparedPicture {
  /// How to bring pictures to a model's size.
  package struct Preparation: Hashable, Sendable {
    /// How pictures of other proportions fit.
    package let fit: PictureFit
    /// Whether they are inverted.
    package let inversion: PictureInversion
  }

  /// How to bring pictures to a checkpoint's size if a flag, a variable or its run says; nil for the model's own way.
  ///
  /// - Parameter flags: The flags for pictures, with the keys of settings.
  package static func preparation(
    for checkpoint: Checkpoint, flags: [TrainSettings.FlagValue]
  ) throws(Failure) -> Preparation? {
    let keys = ["image_size", "image_colors", "fit", "invert", "skip_broken"]
    let settings = try TrainSettings.resolve(
      TrainSettings.pictures(of: checkpoint), file: nil,
      environment: SettingVariables.values.filter { keys.contains($0.key) }, flags: flags)
    let isSaid = flags.contains { ["fit", "invert"].contains($0.key) }
    guard isSaid || settings.fit != .stretch || settings.inversion != .no else { return nil }
    return Preparation(fit: settings.fit, inversion: settings.inversion)
  }

  /// Decodes a picture and prepares it.
  ///
  /// - Parameter preparation: How to bring it to the model's size; nil for the model's own way.
  /// - Returns: The pixels, `[H, W, C]`, and whether the background is not a single color, in which case the cutout may miss the object.
  /// - Throws: a `Failure` of the kind `badData` that begins with the name.
  package static func pixels(
    of bytes: [UInt8], name: String, for model: Model, _ preparation: Preparation?
  ) throws(Failure) -> (pixels: [UInt8], isBusy: Bool) {
    let shape = model.inputShape
    guard shape.isImage, shape.channels == 1 || shape.channels == 3 else {
      throw Failure(
        .usage,
        "\(name): pictures are gray or color, but the model \"\(model.name)\" takes \(shape).")
    }
    do throws(PhotographError) {
      let picture = try Photograph(decoding: bytes)
      // A model with Fashion-MNIST's classes expects pictures prepared as that data set's authors prepared them.
      if preparation == nil, model.isForFashionMNIST {
        return try picture.preparedOnGround(width: shape.width, height: shape.height)
      }
      // Any other model has learned from unchanged pictures.
      let size = PictureSize(height: shape.height, width: shape.width)
      let decoded = DecodedPicture(
        picture, size: size, fit: preparation?.fit ?? .stretch,
        inversion: preparation?.inversion ?? .no)
      return (decoded.values(channels: shape.channels), false)
    } catch {
      throw Failure(.badData, "\(name): \(error).")
    }
  }
}
