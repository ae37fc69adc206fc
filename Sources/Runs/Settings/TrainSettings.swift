package import LinearAlgebra
package import Datasets
package import JacquardEngine
package import Photographs
package import Support

/// The settings of a training run: everything that the flags of `train` and a configuration file can set, with the defaults.
///
/// The places of data and results are not part of it, so that one configuration serves on every machine.
@dynamicMemberLookup
package struct TrainSettings: Equatable, Sendable {
  /// The engine's settings, without the weight decay. They are read and changed as if they were members of this type.
  package var training = TrainingConfiguration()
  /// A model's name, or the path of a JSON file, if one was given; settings with a source need none.
  package var statedModel: String?
  /// A checkpoint whose network is trained further with a new head; nil for a network of `model`.
  package var source: String?
  /// The parts of the network that keep their values; empty for none.
  package var frozen: [Freezing.Part] = []
  /// The epochs after which frozen parts begin to train; empty for never.
  package var unfreezeAfter: [Int] = []
  /// The checkpoints whose answers the training imitates; empty for none.
  package var teachers: [String] = []
  /// What the logits of network and teachers are divided by.
  package var teacherTemperature = 4.0
  /// The share of the teachers in the loss.
  package var teacherWeight = 0.7
  /// Seconds after which the run ends; nil for no limit.
  package var maximumSeconds: Double?
  /// The weight decay; nil stands for the optimizer's default, and is replaced when the settings are resolved.
  package var weightDecay: Double?
  /// How much the images of each class count in the loss.
  package var classWeights = ClassWeights.none
  /// Which images an epoch consists of.
  package var sampling = Sampling.once
  /// How the initial weights are drawn.
  package var initialization = Initialization.he
  /// Whether the first convolution is fixed to whiten the training images' patches.
  package var whitens = false
  /// Tensors with their own learning rates and decays.
  package var groups: [ParameterGroup] = []
  /// Random changes of the training images.
  package var augmentation = Augmentation.none
  /// How much of the training set is set aside for validation; nil for none.
  package var validation: ValidationSize?
  /// The part of the training set that is the validation set instead; nil for none.
  package var fold: FoldChoice?
  /// A table of the groups that folds keep together; nil for none.
  package var foldGroups: String?
  /// A table of training images to leave out; nil for none.
  package var exclude: String?
  /// Worker threads; nil for all cores.
  package var threads: Int?
  /// How convolutions are computed.
  package var algorithm = ConvolutionAlgorithm.auto
  /// How matrix products are computed.
  package var product = MatrixProduct.blas
  /// A weights file to start from; nil for random weights.
  package var initialWeights: String?
  /// How often the run is saved within epochs; nil for only at their ends.
  package var saveEvery: SaveInterval?
  /// Keeps the state after every n-th epoch; nil for only the last state.
  package var keepStates: Int?
  /// Epochs without a better validation score after which the run ends; nil for no limit.
  package var earlyStopping: Int?
  /// What to do if a loss or gradient is not finite.
  package var faultPolicy = FaultPolicy.stop
  /// The number of training images to use, from the first; nil for all.
  package var maximumTrainingImages: Int?
  /// The size to which pictures are resized; nil for their own. Other data keeps its size.
  package var imageSize: PictureSize?
  /// Whether pictures are read as gray or in color.
  package var imageColors = PictureColors.automatic
  /// How pictures fit into a size of other proportions.
  package var fit = PictureFit.stretch
  /// Whether pictures are inverted.
  package var inversion = PictureInversion.no
  /// Whether unreadable pictures are skipped.
  package var skipsBroken = false
  /// Whether event files for TensorBoard are written.
  package var tensorBoard = false
  /// Whether each epoch has a different order of images.
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

  /// The weight decay, with the optimizer's default filled in.
  package var resolvedWeightDecay: Double {
    weightDecay ?? training.optimizer.defaultWeightDecay
  }

  /// A model's name, or the path of a JSON file.
  package var model: String {
    get { statedModel ?? "cnn" }
    set { statedModel = newValue }
  }

  /// What is frozen; nil for nothing.
  package var freezing: Freezing? {
    frozen.isEmpty ? nil : Freezing(frozen, unfreezeAfter: unfreezeAfter)
  }

  /// The settings as in a configuration file: every key with its value.
  package var json: JSONValue {
    let schema = JSONValue.Member(name: "schema", value: 1)
    return .object([schema] + SettingField.all.map { .init(name: $0.key, value: $0.read(self)) })
  }

  /// The settings without those that affect only where, when and how long, not what is computed.
  package var withoutCircumstances: TrainSettings {
    var settings = self
    settings.threads = nil
    settings.maximumSeconds = nil
    settings.saveEvery = nil
    settings.keepStates = nil
    settings.tensorBoard = false
    return settings
  }

  /// The settings for the engine's trainer.
  package var trainingConfiguration: TrainingConfiguration {
    var configuration = training
    configuration.weightDecay = resolvedWeightDecay
    return configuration
  }

  /// How the network computes.
  package var computeOptions: ComputeOptions { ComputeOptions(algorithm: algorithm, product: product) }
}
