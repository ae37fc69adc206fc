internal import Support
public import Samples

extension Model {
  /// The names that `named` knows, smallest model first.
  public static let names = ["lenet", "air-tiny", "cnn", "vgg", "air", "mobilenet", "resnet18"]

  /// The model called `name`, for Fashion-MNIST or for other images.
  ///
  /// - Parameters:
  ///   - name: `lenet`, `air-tiny`, `cnn`, `vgg`, `air`, `mobilenet` or `resnet18`.
  ///   - inputShape: the shape of one image.
  ///   - classNames: the classes; the last layer has one output for each.
  ///   - preprocessing: how bytes become inputs.
  /// - Throws: `.unknownName`, or `.invalid` for images too small for the model. Whether the layers accept the shape is checked when
  ///   the model is validated.
  public static func named(
    _ name: String, inputShape: Shape = .fashionMNIST, classNames: [String] = FashionMNIST.classNames,
    preprocessing: Normalization = .fashionMNIST
  ) throws(ModelError) -> Model {
    let classes = classNames.count
    var model =
      switch name {
      case "lenet": lenet(classes: classes)
      case "cnn": cnn(classes: classes)
      case "vgg": vgg(classes: classes)
      case "air": air(name, [32, 96, 160], inputChannels: inputShape.channels, classes: classes)
      case "air-tiny": air(name, [16, 32, 64], inputChannels: inputShape.channels, classes: classes)
      case "mobilenet": mobilenet(classes: classes)
      case "resnet18": resnet18(smallerSide: min(inputShape.height, inputShape.width), classes: classes)
      default: throw .unknownName(name, suggestion: Suggestion.closest(to: name, among: names))
      }
    if let smallest = smallestSides[name], inputShape.isImage, min(inputShape.height, inputShape.width) < smallest {
      throw .invalid(
        "the model \"\(name)\" divides the sides of its images by \(smallest), so \(inputShape) is too small for it")
    }
    model.inputShape = inputShape
    model.classNames = classNames
    model.preprocessing = preprocessing
    return model
  }

  /// How far the strides of models with padded layers shrink an image. Smaller ones pass too, but layers would see little else than padding.
  private static let smallestSides = ["mobilenet": 16, "resnet18": 8]

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

  /// Filters for whitened patches, then three stages of two convolutions, after Jordan 2024 (arXiv 2404.00498). Norms see a short past, because the weights
  /// change fast.
  private static func air(_ name: String, _ widths: [Int], inputChannels: Int, classes: Int) -> Model {
    Model(name: name) {
      Conv2D(outputChannels: 2 * 9 * inputChannels, kernelSize: 3, usesBias: false)
      GELU()
      for channels in widths {
        Conv2D(outputChannels: channels, kernelSize: 3, padding: .same(3), usesBias: false)
        MaxPool2D(2)
        BatchNorm2D(momentum: 0.4)
        GELU()
        Conv2D(outputChannels: channels, kernelSize: 3, padding: .same(3), usesBias: false)
        BatchNorm2D(momentum: 0.4)
        GELU()
      }
      GlobalMaxPool()
      Dense(classes, usesBias: false)
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

  /// A 3×3 convolution and eight pairs of a depthwise 3×3 and a 1×1 convolution, after Howard et al. 2017.
  private static func mobilenet(classes: Int) -> Model {
    Model(name: "mobilenet") {
      convolution(32, kernel: 3, stride: 2)
      for (inputs, outputs, stride) in [
        (32, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1), (256, 512, 2), (512, 512, 1),
        (512, 512, 1),
      ] {
        convolution(inputs, kernel: 3, stride: stride, groups: inputs)
        convolution(outputs, kernel: 1, stride: 1)
      }
      GlobalAveragePool()
      Dense(classes)
    }
  }

  private static func convolution(_ channels: Int, kernel: Int, stride: Int, groups: Int = 1) -> [any Layer] {
    [
      Conv2D(
        outputChannels: channels, kernelSize: Size2D(kernel), stride: Size2D(stride), padding: .same(Size2D(kernel)),
        groups: groups, usesBias: false),
      BatchNorm2D(), ReLU(),
    ]
  }
}
