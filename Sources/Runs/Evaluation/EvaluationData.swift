package import Datasets
internal import JacquardEngine
internal import Support

/// The images that a checkpoint is evaluated on.
package struct EvaluationData {
  /// The images, and how pixels become inputs.
  package let source: SampleSource
  /// Their source, read as the checkpoint's run read it.
  package let origin: DataSource
  /// The part of the data that contains them.
  package let part: DataSource.Part

  /// Reads the images of a split for the evaluation of a checkpoint.
  ///
  /// - Throws: a `Failure` for the validation split of weights without one, and any error of reading the data.
  package init(_ origin: DataSource, checkpoint: Checkpoint, split: EvaluationSplit) throws {
    let set = try origin.load(
      split.part(in: origin, for: checkpoint), classNames: checkpoint.model.classNames)
    try self.init(set, of: origin, checkpoint: checkpoint, split: split)
  }

  /// Takes the images of a split from a part that was already read, with the classes of the checkpoint's model.
  package init(_ set: ImageSet, of origin: DataSource, checkpoint: Checkpoint, split: EvaluationSplit) throws {
    let model = checkpoint.model
    self.origin = origin
    try model.check(set.shape, of: origin.path)
    part = split.part(in: origin, for: checkpoint)
    let indices = part != .training ? nil : try Self.indices(of: set, in: origin, checkpoint: checkpoint, split: split)
    source = try SampleSource(set, indices: indices, normalization: try model.normalization(), seed: 0)
  }

  /// The pictures of the part, in the order of its images; nil for other kinds of data.
  package func paths() throws(DatasetError) -> [String]? {
    guard origin.contentBesidesPictures == nil else { return nil }
    // Without the list of class names.
    let paths = try origin.files(of: part).filter(PictureDecoder.photographs.decodes)
    // Pictures may have been added or removed since.
    return paths.count == source.set.count ? paths : nil
  }

  /// The part of the training set that makes up a split, by the settings of the run that made the weights.
  private static func indices(
    of set: ImageSet, in origin: DataSource, checkpoint: Checkpoint, split: EvaluationSplit
  ) throws -> [Int32]? {
    let settings = checkpoint.provenance.flatMap(WeightsProvenance.settings)
    let parts = try settings.map { settings in
      try TrainingData.split(
        set, settings: settings, selection: try TrainingSelection(of: set, in: origin, settings: settings))
    }
    if split == .train { return parts?.training }
    guard let indices = parts?.validation else {
      throw Failure(
        .usage,
        "\(.split) validation: the data has no validation part, and \(checkpoint.path) was trained without a validation set, or does not say; "
          + "choose \(.split) test or train.")
    }
    return indices
  }
}
