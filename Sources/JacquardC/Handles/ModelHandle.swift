internal import JacquardEngine
internal import Samples

/// The object behind `jacquard_model`: a network with a lock for many readers or one writer, and idle predictors.
final class ModelHandle: Sendable {
  let network: Network
  /// Held for writing while the network's numbers change.
  let lock = ReadWriteLock()
  let predictors: PredictorPool
  let classNames: [CString]
  let tensorNames: [CString]
  /// The conversion of bytes; nil if the model's preprocessing has none because its scale is not positive.
  let table: NormalizationTable?

  var model: Model { network.model }

  init(_ network: Network) {
    self.network = network
    predictors = PredictorPool(network)
    let model = network.model
    classNames = model.classNames.map(CString.init)
    tensorNames = network.tensors.map { CString($0.name) }
    table =
      model.preprocessing.scale > 0
      ? NormalizationTable(model.preprocessing, channels: model.inputShape.channels) : nil
  }
}
