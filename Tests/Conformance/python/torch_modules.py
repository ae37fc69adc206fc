"""PyTorch modules of our models, from their JSON, with the names that a person would give: conv1, bn1, fc1.

A ResNet-18 is written by hand, with the attributes of torchvision's: its names are not ours."""
import pathlib
import sys

import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "Benchmarks" / "peers"))

import torch_models  # noqa: E402

PREFIXES = {
    "conv2d": "conv", "batch_norm2d": "bn", "dense": "fc", "max_pool2d": "pool", "average_pool2d": "pool",
    "global_average_pool": "pool", "global_max_pool": "pool", "zero_pad2d": "pad", "channel_slice": "slice",
    "channel_shuffle": "shuffle", "group_norm": "gn", "layer_norm": "ln", "local_response_norm": "lrn",
}


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def sides(padding):
    """Left, right, top, bottom, as torch.nn.functional.pad has them."""
    top, left, bottom, right = [padding] * 4 if isinstance(padding, int) else padding
    return left, right, top, bottom


class Padded(nn.Module):
    """Something with weights behind explicit padding."""

    def __init__(self, padding, value, function):
        super().__init__()
        self.padding, self.value, self.function = padding, value, function

    def forward(self, x):
        return self.function(F.pad(x, self.padding, value=self.value))


class Convolution(nn.Conv2d):
    """A convolution whose four sides are padded each on its own."""

    def __init__(self, layer, channels):
        super().__init__(channels, layer["output_channels"], pair(layer["kernel_size"]), pair(layer["stride"]),
                         0, pair(layer["dilation"]), layer["groups"], layer["bias"])
        self.sides = sides(layer["padding"])

    def forward(self, x):
        return super().forward(F.pad(x, self.sides))


class Mean(nn.Module):
    """An average pool that leaves the padding out of the divisor."""

    def __init__(self, layer):
        super().__init__()
        self.size, self.stride, self.sides = pair(layer["size"]), pair(layer["stride"]), sides(layer["padding"])

    def forward(self, x):
        sums = F.avg_pool2d(F.pad(x, self.sides), self.size, self.stride, divisor_override=1)
        counts = F.avg_pool2d(F.pad(torch.ones_like(x), self.sides), self.size, self.stride, divisor_override=1)
        return sums / counts


class Reduction(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x, dim=(2, 3))


class Residual(nn.Module):
    def __init__(self, body, shortcut):
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


class Branches(nn.Module):
    def __init__(self, layer, x):
        super().__init__()
        self.merge, self.count = layer["merge"], len(layer["paths"])
        for index, layers in enumerate(layer["paths"]):
            self.add_module(f"path{index + 1}", sequence(layers, x)[0])

    def forward(self, x):
        ends = [getattr(self, f"path{index + 1}")(x) for index in range(self.count)]
        if self.merge == "concat":
            return torch.cat(ends, 1)
        if self.merge == "add":
            return sum(ends[1:], ends[0])
        rank = max(end.dim() for end in ends)
        first, second = [end if end.dim() == rank else end[:, :, None, None] for end in ends]
        return first * second


class LayerNorm(nn.LayerNorm):
    """Over the channels, wherever they are."""

    def forward(self, x):
        return super().forward(x) if x.dim() == 2 else super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ResponseNorm(nn.LocalResponseNorm):
    def forward(self, x):
        return super().forward(x) if x.dim() > 2 else super().forward(x[:, :, None])[:, :, 0]


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def activation(layer):
    infinity = float("inf")
    alpha, scale = layer.get("alpha", 1), layer.get("scale", 1)
    return Function({
        "relu6": F.relu6, "clip": lambda x: x.clamp(layer.get("minimum", -infinity), layer.get("maximum", infinity)),
        "tanh": torch.tanh, "sigmoid": torch.sigmoid,
        "hard_sigmoid": lambda x: (layer["slope"] * x + layer["offset"]).clamp(0, 1), "hard_swish": F.hardswish,
        "elu": lambda x: scale * F.elu(x, alpha), "selu": F.selu, "softplus": F.softplus, "mish": F.mish,
        "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"), "quick_gelu": lambda x: x * torch.sigmoid(1.702 * x),
        "swish": lambda x: x * torch.sigmoid(alpha * x), "softsign": F.softsign,
    }[layer["function"]])


def module(layer, x):
    kind = layer["type"]
    if kind == "conv2d":
        return Convolution(layer, x.shape[1])
    if kind == "batch_norm2d":
        return nn.BatchNorm2d(x.shape[1], layer["epsilon"], layer["momentum"])
    if kind == "dense":
        return nn.Linear(x.shape[1], layer["output_features"], layer["bias"])
    if kind == "max_pool2d":
        return Padded(sides(layer["padding"]), float("-inf"), nn.MaxPool2d(pair(layer["size"]), pair(layer["stride"])))
    if kind == "average_pool2d":
        if not layer["counts_padding"]:
            return Mean(layer)
        return Padded(sides(layer["padding"]), 0, nn.AvgPool2d(pair(layer["size"]), pair(layer["stride"])))
    if kind == "residual":
        return Residual(sequence(layer["body"], x)[0], sequence(layer["shortcut"], x)[0])
    if kind == "branches":
        return Branches(layer, x)
    if kind == "activation":
        return activation(layer)
    if kind == "channel_slice":
        return Function(lambda x: x[:, layer["start"]:layer["start"] + layer["count"]])
    if kind == "channel_shuffle":
        return Function(lambda x: x.unflatten(1, (layer["groups"], -1)).transpose(1, 2).flatten(1, 2))
    if kind == "zero_pad2d":
        return nn.ZeroPad2d(sides(layer["padding"]))
    if kind == "group_norm":
        return nn.GroupNorm(layer["groups"], x.shape[1], layer["epsilon"])
    if kind == "layer_norm":
        return LayerNorm(x.shape[1], layer["epsilon"])
    if kind == "local_response_norm":
        return ResponseNorm(layer["size"], layer["alpha"], layer["beta"], layer["bias"])
    if kind == "prelu":
        return nn.PReLU(1 if layer["shared"] else x.shape[1], layer["initial_slope"])
    simple = {
        "dropout": lambda: nn.Dropout(layer["rate"]), "flatten": nn.Flatten, "gelu": nn.GELU, "relu": nn.ReLU,
        "silu": nn.SiLU, "leaky_relu": lambda: nn.LeakyReLU(layer["negative_slope"]),
        "global_average_pool": lambda: Reduction(torch.mean), "global_max_pool": lambda: Reduction(torch.amax),
    }
    return simple[kind]()


def sequence(layers, x):
    """The layers one after the other, and what they make of x."""
    result, counts = nn.Sequential(), {}
    for layer in layers:
        prefix = PREFIXES.get(layer["type"], layer["type"].replace("_", ""))
        counts[prefix] = counts.get(prefix, 0) + 1
        step = module(layer, x).eval()
        result.add_module(f"{prefix}{counts[prefix]}", step)
        with torch.no_grad():
            x = step(x)
    return result, x


def network(model):
    """The module of a model, in evaluation mode."""
    shape = model["input_shape"]
    if model["name"] == "resnet18":
        return torch_models.build("resnet18", shape[2], len(model["class_names"]), min(shape[:2])).eval()
    x = torch.zeros(1, shape[2], shape[0], shape[1]) if len(shape) == 3 else torch.zeros(1, shape[0])
    return sequence(model["layers"], x)[0].eval()
