package import Datasets

/// The images to evaluate.
package enum EvaluationSplit: String, CaseIterable, Sendable {
  /// The test set.
  case test
  /// The images that the checkpoint was trained on; the whole training set if it does not say.
  case train
  /// The images that its run set aside, or the data's own validation part.
  case validation

  /// The part of the data that contains the images.
  ///
  /// - Parameter settings: The settings of the run that made the weights; nil if unknown.
  package func part(in source: DataSource, settings: TrainSettings?) -> DataSource.Part {
    switch self {
    case .test: .test
    case .train: .training
    case .validation:
      settings?.validation == nil && settings?.fold == nil && (try? source.holds(.validation)) == true
        ? .validation : .training
    }
  }

  /// The part of the data that contains the images for a checkpoint.
  package func part(in source: DataSource, for checkpoint: Checkpoint) -> DataSource.Part {
    part(in: source, settings: checkpoint.provenance.flatMap(WeightsProvenance.settings))
  }
}
