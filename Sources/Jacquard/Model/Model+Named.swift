internal import Suggestions

extension Model {
  /// The names that `named` knows, smallest model first.
  public static let names = ["lenet", "cnn", "vgg"]

  /// The model called `name`, for Fashion-MNIST.
  public static func named(_ name: String) throws(ModelError) -> Model {
    switch name {
    case "lenet": lenet
    case "cnn": cnn
    case "vgg": vgg
    default: throw .unknownName(name, suggestion: Suggestion.closest(to: name, among: names))
    }
  }

  /// Two convolutions and three dense layers with ReLU and max pooling, after LeCun et al. 1998: 61,706 parameters.
  public static var lenet: Model {
    Model(name: "lenet") {
      Conv2D(outputChannels: 6, kernelSize: 5, padding: .same(5))
      ReLU()
      MaxPool2D(2)
      Conv2D(outputChannels: 16, kernelSize: 5)
      ReLU()
      MaxPool2D(2)
      Flatten()
      Dense(120)
      ReLU()
      Dense(84)
      ReLU()
      Dense(10)
    }
  }

  /// Three convolutions and two dense layers, the usual first network of the tutorials: 93,322 parameters.
  public static var cnn: Model {
    Model(name: "cnn") {
      Conv2D(outputChannels: 32, kernelSize: 3)
      ReLU()
      MaxPool2D(2)
      Conv2D(outputChannels: 64, kernelSize: 3)
      ReLU()
      MaxPool2D(2)
      Conv2D(outputChannels: 64, kernelSize: 3)
      ReLU()
      Flatten()
      Dense(64)
      ReLU()
      Dense(10)
    }
  }

  /// Six convolutions with batch norms in three stages, after Simonyan and Zisserman 2014: 288,170 parameters.
  public static var vgg: Model {
    Model(name: "vgg") {
      for (stage, channels) in [32, 64, 128].enumerated() {
        if stage > 0 { MaxPool2D(2) }
        for _ in 0..<2 {
          Conv2D(outputChannels: channels, kernelSize: 3, padding: .same(3), usesBias: false)
          BatchNorm2D()
          ReLU()
        }
      }
      GlobalAveragePool()
      Dense(10)
    }
  }
}
