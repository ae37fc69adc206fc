package import BLAS
package import Datasets
package import JacquardEngine
package import Photographs
package import Support

/// What a training run does: all that the flags of `train` and a configuration file can say, with the defaults.
///
/// Where data is and where results go is not part of it, so that one configuration serves on every machine.
@dynamicMemberLookup
package struct TrainSettings: Equatable, Sendable {
  /// What the engine's trainer is told, but for the weight decay. Its settings are read and changed as if they were here.
  package var training = TrainingConfiguration()
  /// A model's name, or the path of a JSON file.
  package var model = "cnn"
  /// Seconds after which the run ends; nil for no such end.
  package var maximumSeconds: Double?
  /// The weight decay; nil stands for the optimizer's own, and is replaced when the settings are resolved.
  package var weightDecay: Double?
  /// How the first weights are drawn.
  package var initialization = Initialization.he
  /// Random changes of the training images.
  package var augmentation = Augmentation.none
  /// How much of the training set is set aside for validation; nil for nothing.
  package var validation: ValidationSize?
  /// Worker threads; nil for all cores.
  package var threads: Int?
  /// How convolutions are computed.
  package var algorithm = ConvolutionAlgorithm.auto
  /// How matrix products are computed.
  package var product = MatrixProduct.blas
  /// A weights file to start from; nil for fresh weights.
  package var initialWeights: String?
  /// How often the run is saved; nil for the ends of epochs only.
  package var saveEvery: SaveInterval?
  /// The state after every n-th epoch is kept; nil for the last state only.
  package var keepStates: Int?
  /// Epochs without a better validation score after which the run ends; nil for no such end.
  package var earlyStopping: Int?
  /// What happens when a loss or gradient is not finite.
  package var faultPolicy = FaultPolicy.stop
  /// How many training images are used, from the first; nil for all.
  package var maximumTrainingImages: Int?
  /// The size that pictures are brought to; nil for their own. Other data has the size that it has.
  package var imageSize: PictureSize?
  /// Whether pictures are read as gray or in color.
  package var imageColors = PictureColors.automatic
  /// How pictures fill a size of other proportions.
  package var fit = PictureFit.stretch
  /// Whether light and dark of pictures change places.
  package var inversion = PictureInversion.no
  /// Whether pictures that cannot be read are left out.
  package var skipsBroken = false
  /// Whether event files for TensorBoard are written.
  package var tensorBoard = false
  /// Whether each epoch sees the images in an order of its own.
  package var shuffle = true
  /// Whether the test set is evaluated at the end.
  package var test = true

  /// The defaults.
  package init() { training.schedule = .cosine }

  /// A setting of the engine's trainer.
  package subscript<Value>(dynamicMember setting: WritableKeyPath<TrainingConfiguration, Value>) -> Value {
    get { training[keyPath: setting] }
    set { training[keyPath: setting] = newValue }
  }

  /// The weight decay, the optimizer's own where none was given.
  package var resolvedWeightDecay: Double {
    weightDecay ?? training.optimizer.defaultWeightDecay
  }

  /// The settings as a configuration file holds them: every key with its value.
  package var json: JSONValue {
    let schema = JSONValue.Member(name: "schema", value: 1)
    return .object([schema] + SettingField.all.map { .init(name: $0.key, value: $0.read(self)) })
  }

  /// The settings without those that decide only where, when and how long, and not what is computed.
  package var withoutCircumstances: TrainSettings {
    var settings = self
    settings.threads = nil
    settings.maximumSeconds = nil
    settings.saveEvery = nil
    settings.keepStates = nil
    settings.tensorBoard = false
    return settings
  }

  /// What the engine's trainer is told.
  package var trainingConfiguration: TrainingConfiguration {
    var configuration = training
    configuration.weightDecay = resolvedWeightDecay
    return configuration
  }

  /// How the network computes.
  package var computeOptions: ComputeOptions { ComputeOptions(algorithm: algorithm, product: product) }
}
