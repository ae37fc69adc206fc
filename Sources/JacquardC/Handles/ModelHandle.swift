internal import JacquardEngine
internal import Samples

/// What `jacquard_model` is: a network that many may read and one may change, and the predictors that wait for the next call.
final class ModelHandle: Sendable {
  let network: Network
  /// Held for writing by who changes the network's numbers.
  let lock = ReadWriteLock()
  let predictors: PredictorPool
  let classNames: [CString]
  let tensorNames: [CString]
  /// What bytes become; nil where the model's preprocessing does not say, because its scale is not positive.
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
