internal import Samples

extension Model {
  /// Images with a side of this many pixels or fewer go into a 3×3 convolution that keeps their size.
  private static let largestSmallSide = 64

  /// ResNet-18 of He et al. 2015 with torchvision's names, so that the weights of both are the same files.
  ///
  /// Larger images go into torchvision's 7×7 convolution with stride 2 and a pool. For smaller ones a 3×3 convolution takes the
  /// place of both, as is usual for CIFAR-10.
  static func resnet18(smallerSide: Int, classes: Int) -> Model {
    let isSmall = smallerSide <= largestSmallSide
    let kernel: Size2D = isSmall ? 3 : 7
    return Model(name: "resnet18") {
      Conv2D(
        outputChannels: 64, kernelSize: kernel, stride: isSmall ? 1 : 2, padding: .same(kernel), usesBias: false,
        name: "conv1")
      BatchNorm2D(name: "bn1")
      ReLU()
      if !isSmall { MaxPool2D(3, stride: 2, padding: Padding(1)) }
      for (stage, channels) in [64, 128, 256, 512].enumerated() {
        basicBlock("layer\(stage + 1).0", channels: channels, stride: stage == 0 ? 1 : 2)
        basicBlock("layer\(stage + 1).1", channels: channels, stride: 1)
      }
      GlobalAveragePool()
      Dense(classes, name: "fc")
    }
  }

  /// Two 3×3 convolutions beside a shortcut, which is a 1×1 convolution where a stride changes the shape; then a ReLU.
  private static func basicBlock(_ name: String, channels: Int, stride: Int) -> [any Layer] {
    let block = Residual(name: name) {
      Conv2D(
        outputChannels: channels, kernelSize: 3, stride: Size2D(stride), padding: .same(3), usesBias: false,
        name: "\(name).conv1")
      BatchNorm2D(name: "\(name).bn1")
      ReLU()
      Conv2D(outputChannels: channels, kernelSize: 3, padding: .same(3), usesBias: false, name: "\(name).conv2")
      BatchNorm2D(name: "\(name).bn2")
    } shortcut: {
      if stride > 1 {
        Conv2D(
          outputChannels: channels, kernelSize: 1, stride: Size2D(stride), usesBias: false,
          name: "\(name).downsample.0")
        BatchNorm2D(name: "\(name).downsample.1")
      }
    }
    return [block, ReLU()]
  }
}
