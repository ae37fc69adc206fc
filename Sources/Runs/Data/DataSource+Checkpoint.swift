package import Datasets
package import JacquardEngine

extension DataSource {
  /// The data as a checkpoint's run read it: what is not said about pictures follows from its settings and its model.
  package func fitted(to checkpoint: Checkpoint) -> DataSource {
    var source = self
    let settings = checkpoint.provenance.flatMap(WeightsProvenance.settings)
    if pictures.size == nil { source.pictures.size = settings?.imageSize }
    // Which of the images were set aside depends on which there were.
    if settings?.skipsBroken == true, !pictures.skipsBroken {
      source.pictures.skipsBroken = true
      source.pictures.log = PictureLog()
    }
    if pictures.colors == .automatic { source.pictures.colors = PictureColors(of: checkpoint.model) }
    return source
  }
}

extension PictureColors {
  /// What a model takes.
  package init(of model: Model) {
    switch model.inputShape.channels {
    case 1: self = .gray
    case 3: self = .color
    default: self = .automatic
    }
  }
}
