"""The named models as PyTorch modules.

Layers are named by kind and a counter in model order (conv1, bn1, fc1, …), so that a state dictionary has the same keys as Jacquard's
safetensors files; those of `resnet18` have torchvision's names. Inputs are [N, channels, height, width], outputs are logits.
"""

from collections import Counter, OrderedDict

import torch
from torch import nn

from networks import MOBILENET_PAIRS

# For 28×28×1 pixels and ten classes.
PARAMETER_COUNTS = {"lenet": 61_706, "cnn": 93_322, "vgg": 288_170, "mobilenet": 811_274, "resnet18": 11_172_810}


def _named(*layers: tuple[str, nn.Module]) -> nn.Sequential:
    """A sequence whose layers are called kind1, kind2, … in order of appearance."""
    counters: Counter[str] = Counter()
    modules = OrderedDict()
    for kind, module in layers:
        counters[kind] += 1
        modules[f"{kind}{counters[kind]}"] = module
    return nn.Sequential(modules)


def _relu() -> tuple[str, nn.Module]:
    return "relu", nn.ReLU()


def _pool() -> tuple[str, nn.Module]:
    return "pool", nn.MaxPool2d(2)


def _lenet() -> nn.Sequential:
    return _named(
        ("conv", nn.Conv2d(1, 6, 5, padding=2)), _relu(), _pool(),
        ("conv", nn.Conv2d(6, 16, 5)), _relu(), _pool(),
        ("flatten", nn.Flatten()),
        ("fc", nn.Linear(16 * 5 * 5, 120)), _relu(),
        ("fc", nn.Linear(120, 84)), _relu(),
        ("fc", nn.Linear(84, 10)),
    )


def _cnn() -> nn.Sequential:
    return _named(
        ("conv", nn.Conv2d(1, 32, 3)), _relu(), _pool(),
        ("conv", nn.Conv2d(32, 64, 3)), _relu(), _pool(),
        ("conv", nn.Conv2d(64, 64, 3)), _relu(),
        ("flatten", nn.Flatten()),
        ("fc", nn.Linear(64 * 3 * 3, 64)), _relu(),
        ("fc", nn.Linear(64, 10)),
    )


def _vgg() -> nn.Sequential:
    def block(inputs: int, outputs: int) -> list[tuple[str, nn.Module]]:
        return [
            ("conv", nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)),
            ("bn", nn.BatchNorm2d(outputs)),
            _relu(),
        ]

    return _named(
        *block(1, 32), *block(32, 32), _pool(),
        *block(32, 64), *block(64, 64), _pool(),
        *block(64, 128), *block(128, 128),
        ("globalpool", nn.AdaptiveAvgPool2d(1)),
        ("flatten", nn.Flatten()),
        ("fc", nn.Linear(128, 10)),
    )


def _mobilenet(channels: int, classes: int) -> nn.Sequential:
    def block(inputs: int, outputs: int, kernel: int, stride: int, groups: int) -> list[tuple[str, nn.Module]]:
        return [
            ("conv", nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)),
            ("bn", nn.BatchNorm2d(outputs)),
            _relu(),
        ]

    layers = block(channels, 32, 3, 2, 1)
    for inputs, outputs, stride in MOBILENET_PAIRS:
        layers += block(inputs, inputs, 3, stride, inputs) + block(inputs, outputs, 1, 1, 1)
    return _named(
        *layers, ("globalpool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()), ("fc", nn.Linear(512, classes)))


class BasicBlock(nn.Module):
    """Two convolutions beside a shortcut, with the attributes of torchvision's block."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)) if stride > 1 else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shortcut = x if self.downsample is None else self.downsample(x)
        x = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(x)) + shortcut)


def _resnet18(channels: int, classes: int, side: int) -> nn.Sequential:
    if side <= 64:
        stem = [("conv1", nn.Conv2d(channels, 64, 3, 1, 1, bias=False))]
    else:
        stem = [("conv1", nn.Conv2d(channels, 64, 7, 2, 3, bias=False))]
    stem += [("bn1", nn.BatchNorm2d(64)), ("relu", nn.ReLU(inplace=True))]
    stem += [("maxpool", nn.MaxPool2d(3, 2, 1))] if side > 64 else []
    stages = [
        (f"layer{stage + 1}", nn.Sequential(
            BasicBlock(max(64, outputs // 2), outputs, 1 if stage == 0 else 2), BasicBlock(outputs, outputs, 1)))
        for stage, outputs in enumerate((64, 128, 256, 512))
    ]
    head = [("avgpool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()), ("fc", nn.Linear(512, classes))]
    return nn.Sequential(OrderedDict(stem + stages + head))


def build(name: str, channels: int = 1, classes: int = 10, side: int = 28) -> nn.Sequential:
    """The model called `name`; for Fashion-MNIST its parameter count is checked against the published one."""
    match name:
        case "lenet": model = _lenet()
        case "cnn": model = _cnn()
        case "vgg": model = _vgg()
        case "mobilenet": model = _mobilenet(channels, classes)
        case "resnet18": model = _resnet18(channels, classes, side)
        case _: raise ValueError(f"there is no model '{name}'")
    if (channels, classes, side) != (1, 10, 28):
        return model
    count = sum(parameter.numel() for parameter in model.parameters())
    if count != PARAMETER_COUNTS[name]:
        raise AssertionError(f"{name} has {count} parameters, expected {PARAMETER_COUNTS[name]}")
    return model
