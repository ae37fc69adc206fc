"""What is measured: networks with their images and batches, and their layers as plain values, without any framework.

A layer is a tuple: its kind, then its settings. `onnx_models` and `ncnn_models` turn the layers into graphs; PyTorch's and Keras's
modules are written as their users would write them.
"""

from dataclasses import dataclass

Layer = tuple


@dataclass(frozen=True)
class Network:
    """A model for images of one size."""

    model: str
    side: int
    channels: int
    classes: int
    parameters: int
    # Images of a batch, by mode.
    batches: dict[str, int]

    @property
    def reference(self) -> str:
        """The text that names it for our command line."""
        usual = (self.side, self.channels, self.classes) == (28, 1, 10)
        return self.model if usual else f"{self.model}:{self.side}x{self.side}x{self.channels}:{self.classes}"


def _small(model: str, parameters: int) -> Network:
    return Network(model, 28, 1, 10, parameters, {"train": 128, "inference": 100})


def _large(model: str, side: int, classes: int, parameters: int, batch: int) -> Network:
    return Network(model, side, 3, classes, parameters, {"train": batch, "inference": batch})


NETWORKS = {
    "lenet": _small("lenet", 61_706),
    "cnn": _small("cnn", 93_322),
    "vgg": _small("vgg", 288_170),
    "resnet18-32": _large("resnet18", 32, 10, 11_173_962, 32),
    "resnet18-224": _large("resnet18", 224, 1000, 11_689_512, 8),
    "mobilenet-96": _large("mobilenet", 96, 10, 811_850, 32),
    "mobilenet-224": _large("mobilenet", 224, 1000, 1_319_720, 8),
}
SMALL = ["lenet", "cnn", "vgg"]

# The inputs, outputs and stride of each depthwise and pointwise pair of `mobilenet`.
MOBILENET_PAIRS = [(32, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1), (256, 512, 2), (512, 512, 1),
                   (512, 512, 1)]


def convolution(outputs: int, kernel: int, stride: int = 1, padding: int = 0, groups: int = 1, bias: bool = False) -> Layer:
    return ("convolution", outputs, kernel, stride, padding, groups, bias)


def pool(kernel: int, stride: int, padding: int = 0) -> Layer:
    return ("pool", kernel, stride, padding)


def dense(outputs: int) -> Layer:
    return ("dense", outputs)


NORM, RELU, FLATTEN, GLOBAL_POOL = ("norm",), ("relu",), ("flatten",), ("global_pool",)


def _normed(outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> list[Layer]:
    return [convolution(outputs, kernel, stride, kernel // 2, groups), NORM]


def _lenet() -> list[Layer]:
    return [
        convolution(6, 5, padding=2, bias=True), RELU, pool(2, 2), convolution(16, 5, bias=True), RELU, pool(2, 2), FLATTEN,
        dense(120), RELU, dense(84), RELU, dense(10)]


def _cnn() -> list[Layer]:
    return [
        convolution(32, 3, bias=True), RELU, pool(2, 2), convolution(64, 3, bias=True), RELU, pool(2, 2),
        convolution(64, 3, bias=True), RELU, FLATTEN, dense(64), RELU, dense(10)]


def _vgg() -> list[Layer]:
    layers: list[Layer] = []
    for stage, channels in enumerate((32, 64, 128)):
        if stage > 0:
            layers.append(pool(2, 2))
        for _ in range(2):
            layers += [*_normed(channels, 3), RELU]
    return [*layers, GLOBAL_POOL, dense(10)]


def _resnet18(network: Network) -> list[Layer]:
    small = network.side <= 64
    layers = [*_normed(64, 3 if small else 7, 1 if small else 2), RELU] + ([] if small else [pool(3, 2, 1)])
    for stage, channels in enumerate((64, 128, 256, 512)):
        for block in range(2):
            stride = 2 if stage > 0 and block == 0 else 1
            body = [*_normed(channels, 3, stride), RELU, *_normed(channels, 3)]
            layers += [("residual", body, _normed(channels, 1, stride) if stride > 1 else []), RELU]
    return [*layers, GLOBAL_POOL, dense(network.classes)]


def _mobilenet(network: Network) -> list[Layer]:
    layers = [*_normed(32, 3, 2), RELU]
    for inputs, outputs, stride in MOBILENET_PAIRS:
        layers += [*_normed(inputs, 3, stride, inputs), RELU, *_normed(outputs, 1), RELU]
    return [*layers, GLOBAL_POOL, dense(network.classes)]


def layers(network: Network) -> list[Layer]:
    """The layers of a network, first to last."""
    match network.model:
        case "lenet": return _lenet()
        case "cnn": return _cnn()
        case "vgg": return _vgg()
        case "resnet18": return _resnet18(network)
        case "mobilenet": return _mobilenet(network)
    raise ValueError(f"there is no network '{network.model}'")


def parameter_count(network: Network) -> int:
    """The trained numbers of the layers, counted without a framework."""
    return _count(layers(network), network.side, network.channels)[0]


def _count(chain: list[Layer], side: int, channels: int) -> tuple[int, int, int]:
    """Parameters, and the side and the channels of the output; a side of 0 is a vector."""
    total = 0
    for kind, *settings in chain:
        match kind:
            case "convolution":
                outputs, kernel, stride, padding, groups, bias = settings
                total += outputs * channels // groups * kernel * kernel + (outputs if bias else 0)
                side, channels = (side + 2 * padding - kernel) // stride + 1, outputs
            case "norm":
                total += 2 * channels
            case "pool":
                kernel, stride, padding = settings
                side = (side + 2 * padding - kernel) // stride + 1
            case "flatten":
                side, channels = 0, side * side * channels
            case "global_pool":
                side = 0
            case "dense":
                total += settings[0] * (channels + 1)
                channels = settings[0]
            case "residual":
                body, (shortcut, *_) = _count(settings[0], side, channels), _count(settings[1], side, channels)
                total += body[0] + shortcut
                side, channels = body[1:]
    return total, side, channels
