import JacquardEngine

/// Small models that several suites train.
enum TestModels {
  /// The named models that tests train and compute in many ways. The others have the same layers but take minutes where these take
  /// seconds; `NamedModelTests` trains them once.
  static let quickNames = ["lenet", "cnn", "vgg"]

  /// Convolutions with so many weights that all shards multiply together, with and without a norm.
  static let deep = Model(name: "deep", inputShape: .fashionMNIST, classNames: (0..<10).map { "\($0)" }) {
    Conv2D(outputChannels: 176, kernelSize: 4, stride: 4)
    ReLU()
    Residual {
      Conv2D(outputChannels: 176, kernelSize: 3, padding: .same(3), usesBias: false)
      BatchNorm2D()
      ReLU()
      Conv2D(outputChannels: 176, kernelSize: 3, padding: .same(3))
      BatchNorm2D()
    }
    Conv2D(outputChannels: 192, kernelSize: 3)
    ReLU()
    GlobalAveragePool()
    Dense(10)
  }

  /// One of every kind of operator in which a step can fail, on images of 8×8×2 and three classes.
  static let tiny = Model(
    name: "tiny", inputShape: .image(height: 8, width: 8, channels: 2), classNames: ["a", "b", "c"]
  ) {
    Conv2D(outputChannels: 6, kernelSize: 3, padding: .same(3))
    BatchNorm2D()
    ReLU()
    Residual {
      Conv2D(outputChannels: 6, kernelSize: 3, padding: .same(3), usesBias: false)
      BatchNorm2D()
      ReLU()
    }
    MaxPool2D(2)
    Flatten()
    Dropout(0.25)
    Dense(3)
  }

  /// Rectifiers whose slopes are trained, on images and vectors.
  static let slopes = Model(
    name: "slopes", inputShape: .image(height: 8, width: 8, channels: 2), classNames: ["a", "b", "c"]
  ) {
    PReLU()
    Conv2D(outputChannels: 6, kernelSize: 3)
    PReLU(isShared: true)
    Flatten()
    Dense(5)
    PReLU()
    Dense(3)
  }

  /// Branches of every kind, and layers on channels and within an image.
  static let branches = Model(
    name: "branches", inputShape: .image(height: 8, width: 8, channels: 2), classNames: ["a", "b", "c"]
  ) {
    Conv2D(outputChannels: 4, kernelSize: 3)
    Branches(
      .concat, [GroupNorm(groups: 2), Activation(.hardSwish)], [ChannelSlice(start: 1, count: 2), LayerNorm()], [])
    ChannelShuffle(groups: 2)
    Branches(.multiply, [], [GlobalAveragePool(), Dense(10), Activation(.sigmoid)])
    Branches(.add, [Activation(.mish)], [], [LocalResponseNorm(size: 3)])
    ZeroPad2D(Padding(1))
    AveragePool2D(2)
    Flatten()
    Dense(3)
  }

  /// A dense layer on vectors of three features: the smallest model with a weight and a bias.
  static func linear(features: Int = 3, classes: Int = 2) -> Model {
    Model(
      name: "linear", inputShape: .vector(features), classNames: (0..<classes).map { "\($0)" },
      preprocessing: Normalization(mean: [0], deviation: [1])
    ) { Dense(classes) }
  }
}

extension Network {
  /// Every number of the network in the order of files, by tensor.
  var allValues: [[Float]] { tensors.map(exportTensor) }

  /// Every bit of the network.
  var bits: [[UInt32]] { allValues.map { $0.map(\.bitPattern) } }

  /// The tensor called `name`.
  func tensor(_ name: String) -> NetworkTensor? { tensors.first { $0.name == name } }
}
