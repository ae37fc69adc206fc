package import Datasets

/// Which images are evaluated.
package enum EvaluationSplit: String, CaseIterable, Sendable {
  /// The test set.
  case test
  /// The images that the checkpoint was trained on; the whole training set where it does not say.
  case train
  /// The images that its run had set aside, or the data's own validation part.
  case validation

  /// The part of the data that the images are in.
  ///
  /// - Parameter settings: Those of the run that made the weights; nil where they do not say.
  package func part(in source: DataSource, settings: TrainSettings?) -> DataSource.Part {
    switch self {
    case .test: .test
    case .train: .training
    case .validation: settings?.validation == nil && (try? source.holds(.validation)) == true ? .validation : .training
    }
  }

  /// The part of the data that the images of a checkpoint are in.
  package func part(in source: DataSource, for checkpoint: Checkpoint) -> DataSource.Part {
    part(in: source, settings: checkpoint.provenance.flatMap(WeightsProvenance.settings))
  }
}
