"""The three built-in models as PyTorch modules.

Layers are named by kind and a counter in model order (conv1, bn1, fc1, …), so that a state dictionary has
the same keys as Jacquard's safetensors files. Inputs are [N, 1, 28, 28], outputs are 10 logits.
"""

from collections import Counter, OrderedDict

from torch import nn

PARAMETER_COUNTS = {"lenet": 61_706, "cnn": 93_322, "vgg": 288_170}


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


_BUILDERS = {"lenet": _lenet, "cnn": _cnn, "vgg": _vgg}


def build(name: str) -> nn.Sequential:
    """The model called `name`; its parameter count is checked against the published one."""
    model = _BUILDERS[name]()
    count = sum(parameter.numel() for parameter in model.parameters())
    if count != PARAMETER_COUNTS[name]:
        raise AssertionError(f"{name} has {count} parameters, expected {PARAMETER_COUNTS[name]}")
    return model
