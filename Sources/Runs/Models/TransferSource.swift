package import Datasets
internal import Interchange
package import JacquardEngine
package import Support

/// The checkpoint of `--from`, whose network a training continues with a new head.
package struct TransferSource {
  /// The checkpoint as the user named it.
  package let path: String
  private let checkpoint: Checkpoint

  /// ImageNet's mean and deviation, which nearly all networks for color pictures were trained with.
  private static let imageNet = Normalization(mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])

  /// Reads a checkpoint.
  ///
  /// - Parameters:
  ///   - path: A run folder, a weights file or an ONNX file.
  ///   - model: The model that the settings name; needed for weights that do not say theirs, and refused for others.
  /// - Throws: a `Failure` that names the file and the problem.
  package init(_ path: String, model: String?) throws(Failure) {
    self.path = path
    if let model {
      let file = try CheckpointPath.weights(of: path)
      guard try Checkpoint.read(file).metadata[Checkpoint.MetadataKey.model] == nil else {
        throw Failure(
          .usage,
          "\(.from) \(path): the file says its model, so \(.model) \(model) cannot be given; remove one of the two.")
      }
    }
    checkpoint = try Checkpoint(path, model: model)
  }

  /// The checkpoint's model.
  package var model: Model { checkpoint.model }

  /// The model with a head for the classes of some images.
  ///
  /// The preprocessing is the checkpoint's, because its weights expect it. If no file says it, color images get ImageNet's, and others that of the data.
  ///
  /// - Parameters:
  ///   - indices: The training images.
  ///   - data: The data's path, for messages.
  ///   - isResizable: Whether the images are pictures, which are resized on request.
  /// - Throws: a `Failure` of the kind `badData` if the network cannot take the images.
  func model(for set: ImageSet, indices: [Int32], data: String, isResizable: Bool) throws(Failure) -> Model {
    let (size, wanted) = (set.shape, model.inputShape)
    guard size.channels == wanted.channels else {
      let advice: MessageText =
        isResizable
        ? "read the pictures with \(.imageColors) \(wanted.channels == 1 ? "gray" : "color")" : "use other images"
      throw Failure(
        .badData,
        "\(data): images have \(size.channels) channel\(size.channels == 1 ? "" : "s"), but the network of \(path) takes \(wanted.channels); \(advice)."
      )
    }
    var model = try adapted(to: set, data: data, isResizable: isResizable)
    if checkpoint.preprocessingOrigin == .assumed {
      model.preprocessing = wanted.channels == 3 ? Self.imageNet : Normalization(suiting: set, indices: indices)
    }
    return model
  }

  /// The model with a head for the images' classes, for their size.
  private func adapted(to set: ImageSet, data: String, isResizable: Bool) throws(Failure) -> Model {
    let wanted = model.inputShape
    do throws(ModelError) {
      let model = try model.withHead(classNames: set.classNames)
      try model.validate()
      if set.shape == wanted { return model }
    } catch {
      throw Failure(.badData, "\(path): \(error).")
    }
    do throws(ModelError) {
      let model = try model.withHead(classNames: set.classNames, inputShape: set.shape)
      try model.validate()
      return model
    } catch {
      let advice: MessageText =
        isResizable
        ? "resize the pictures with \(.imageSize) \(wanted.height)x\(wanted.width)" : "use images of that size"
      throw Failure(
        .badData, "\(data): images are \(set.shape), but the network of \(path) takes \(wanted): \(error); \(advice).")
    }
  }

  /// A network of `model`, which this source made, with the checkpoint's weights.
  func fill(_ network: Network) throws(Failure) {
    do {
      try network.takeBody(of: try checkpoint.network())
    } catch {
      throw Failure(error)
    }
  }

  /// Fills in what the settings leave open about pictures: by default they become what the network was made for.
  package func complete(_ settings: inout TrainSettings, _ source: inout DataSource) {
    guard source.contentBesidesPictures == nil, model.inputShape.isImage else { return }
    if settings.imageSize == nil {
      settings.imageSize = PictureSize(height: model.inputShape.height, width: model.inputShape.width)
      source.pictures.size = settings.imageSize
    }
    if settings.imageColors == .automatic {
      settings.imageColors = PictureColors(of: model)
      source.pictures.colors = settings.imageColors
    }
  }

  /// What a training takes from the checkpoint and what is new, and what was assumed.
  package func notes(for trained: Model) -> [MessageText] {
    let known = trained.classNames.count { model.classNames.contains($0) }
    let classes = known == 0 ? "" : ", \(known) of which it knows"
    var notes: [MessageText] = [
      "starting from \(path), with a new last layer for \(trained.classNames.count) classes\(classes)"
    ]
    if checkpoint.preprocessingOrigin == .assumed {
      notes.append(
        "\(path): the file does not say how pixels become inputs; assuming \(trained.preprocessing.text); if that is wrong, "
          + "convert it with 'jacquard import', which takes \(.mean) and \(.deviation)")
    }
    return notes
  }
}
