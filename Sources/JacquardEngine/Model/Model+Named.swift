internal import Support
public import Samples

extension Model {
  /// The names that `named` knows, smallest model first.
  public static let names = ["lenet", "cnn", "vgg"]

  /// The model called `name`, for Fashion-MNIST or for other images.
  ///
  /// - Parameters:
  ///   - name: `lenet`, `cnn` or `vgg`.
  ///   - inputShape: the shape of one image.
  ///   - classNames: the classes; the last layer has one output for each.
  ///   - preprocessing: how bytes become inputs.
  /// - Throws: `.unknownName`. Whether the layers accept the shape is checked when the model is validated.
  public static func named(
    _ name: String, inputShape: Shape = .fashionMNIST, classNames: [String] = FashionMNIST.classNames,
    preprocessing: Normalization = .fashionMNIST
  ) throws(ModelError) -> Model {
    var model =
      switch name {
      case "lenet": lenet(classes: classNames.count)
      case "cnn": cnn(classes: classNames.count)
      case "vgg": vgg(classes: classNames.count)
      default: throw .unknownName(name, suggestion: Suggestion.closest(to: name, among: names))
      }
    model.inputShape = inputShape
    model.classNames = classNames
    model.preprocessing = preprocessing
    return model
  }

  /// Two convolutions and three dense layers with ReLU and max pooling, after LeCun et al. 1998: 61,706 parameters.
  public static var lenet: Model { lenet(classes: 10) }

  /// Three convolutions and two dense layers, the usual first network of the tutorials: 93,322 parameters.
  public static var cnn: Model { cnn(classes: 10) }

  /// Six convolutions with batch norms in three stages, after Simonyan and Zisserman 2014: 288,170 parameters.
  public static var vgg: Model { vgg(classes: 10) }

  private static func lenet(classes: Int) -> Model {
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
      Dense(classes)
    }
  }

  private static func cnn(classes: Int) -> Model {
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
      Dense(classes)
    }
  }

  private static func vgg(classes: Int) -> Model {
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
      Dense(classes)
    }
  }
}
