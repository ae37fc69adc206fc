package import Datasets
internal import JacquardEngine
internal import Support

/// The images that a checkpoint is evaluated on.
package struct EvaluationData {
  /// The images, and how pixels become inputs.
  package let source: SampleSource
  /// Where they are from, as the checkpoint's run read it.
  package let origin: DataSource
  /// The part of the data that they are in.
  private let part: DataSource.Part

  /// Reads the images of a split of data that a checkpoint is judged by.
  ///
  /// - Throws: a `Failure` for a validation split of weights that know of none, and what reading the data throws.
  package init(_ origin: DataSource, checkpoint: Checkpoint, split: EvaluationSplit) throws {
    let set = try origin.load(
      split.part(in: origin, for: checkpoint), classNames: checkpoint.model.classNames)
    try self.init(set, of: origin, checkpoint: checkpoint, split: split)
  }

  /// Takes the images of a split from a part of the data that was read before, with the classes of the checkpoint's model.
  package init(_ set: ImageSet, of origin: DataSource, checkpoint: Checkpoint, split: EvaluationSplit) throws {
    let model = checkpoint.model
    self.origin = origin
    try model.check(set.shape, of: origin.path)
    part = split.part(in: origin, for: checkpoint)
    let indices = part != .training ? nil : try Self.indices(of: set, checkpoint: checkpoint, split: split)
    source = try SampleSource(set, indices: indices, normalization: try model.normalization(), seed: 0)
  }

  /// The pictures of the part, in the order of its images; nil for data of another kind.
  package func paths() throws(DatasetError) -> [String]? {
    switch origin.layout {
    case .pictures, .picturesInParts:
      // Without the list of the classes' names.
      let paths = try origin.files(of: part).filter(PictureDecoder.photographs.decodes)
      // A picture may have come or gone since they were read.
      return paths.count == source.set.count ? paths : nil
    case .idx, .arrays, .archive: return nil
    }
  }

  /// The part of the training set that a split is, by the settings of the run that made the weights.
  private static func indices(
    of set: ImageSet, checkpoint: Checkpoint, split: EvaluationSplit
  ) throws -> [Int32]? {
    let settings = checkpoint.provenance.flatMap(WeightsProvenance.settings)
    if split == .train {
      return try settings.map { try TrainingData.split(set, settings: $0).training }
    }
    guard let settings, let indices = try TrainingData.split(set, settings: settings).validation else {
      throw Failure(
        .usage,
        "\(.split) validation: the data has no validation part, and \(checkpoint.path) was trained without a validation set, or does not say; "
          + "choose \(.split) test or train.")
    }
    return indices
  }
}
