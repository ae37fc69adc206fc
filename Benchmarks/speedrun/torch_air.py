#!/usr/bin/env python3
"""Trains the network `air` in PyTorch by the recipe of the preset `fast`, and prints the result as JSON.

The same layers, first values, augmentation, choice of samples and optimizers as `jacquard train --preset fast`; only the random numbers differ. The
time is that of the whole process, from reading the files to the evaluation of the test set, which is read once, at the end.
"""

import argparse
import gzip
import json
import math
import pathlib
import time

START = time.monotonic()

import numpy
import torch
import torch.nn.functional as F
from torch import nn

MEAN, DEVIATION = 0.28604, 0.35302
WIDTHS = (32, 96, 160)


def read(folder: pathlib.Path, part: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Normalized images [N, 1, 28, 28] and labels [N]."""
    def content(name: str, header: int) -> numpy.ndarray:
        path = folder / name
        data = gzip.open(f"{path}.gz").read() if not path.exists() else path.read_bytes()
        return numpy.frombuffer(data, numpy.uint8, offset=header)

    images = content(f"{part}-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28)
    labels = content(f"{part}-labels-idx1-ubyte", 8)
    return (torch.from_numpy(images / numpy.float32(255)) - MEAN) / DEVIATION, torch.from_numpy(labels.astype(numpy.int64))


def network() -> nn.Sequential:
    layers: list[nn.Module] = [nn.Conv2d(1, 18, 3, bias=False), nn.GELU(approximate="tanh")]
    inputs = 18
    for outputs in WIDTHS:
        layers += [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.MaxPool2d(2), nn.BatchNorm2d(outputs, momentum=0.4),
                   nn.GELU(approximate="tanh"), nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
                   nn.BatchNorm2d(outputs, momentum=0.4), nn.GELU(approximate="tanh")]
        inputs = outputs
    model = nn.Sequential(*layers, nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(inputs, 10, bias=False))
    for layer in layers[2:]:
        if isinstance(layer, nn.Conv2d):
            nn.init.dirac_(layer.weight[:layer.in_channels])
    return model


def whiten(layer: nn.Conv2d, images: torch.Tensor) -> None:
    """Fixes the filters: the eigenvectors of the covariance of 3×3 patches, scaled, and their negatives."""
    patches = F.unfold(images, 3).transpose(1, 2).reshape(-1, 9)
    values, vectors = torch.linalg.eigh(patches.T @ patches / len(patches))
    filters = (vectors / torch.sqrt(values + 5e-4)).T.reshape(9, 1, 3, 3)
    layer.weight.data = torch.cat((filters, -filters)).contiguous()
    layer.weight.requires_grad_(False)


def orthogonal(gradient: torch.Tensor) -> torch.Tensor:
    """Three steps of the iteration that Muon uses."""
    matrix = gradient.reshape(len(gradient), -1)
    matrix = matrix / matrix.norm()
    tall = matrix.shape[0] > matrix.shape[1]
    matrix = matrix.T if tall else matrix
    for _ in range(3):
        square = matrix @ matrix.T
        matrix = 3.4445 * matrix + (-4.7750 * square + 2.0315 * square @ square) @ matrix
    return (matrix.T if tall else matrix).reshape(gradient.shape)


class Muon(torch.optim.Optimizer):
    """Orthonormal steps for filters."""

    def __init__(self, parameters: list[nn.Parameter], lr: float) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": 0.6})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            for parameter in group["params"]:
                velocity = self.state[parameter].setdefault("velocity", torch.zeros_like(parameter))
                velocity.mul_(group["momentum"]).add_(parameter.grad)
                parameter.sub_(orthogonal(parameter.grad + group["momentum"] * velocity), alpha=group["lr"])


def augmented(images: torch.Tensor, shift: int, flips: bool) -> torch.Tensor:
    """Mirrors half of the images and moves each by up to `shift` pixels; what comes from outside is black."""
    count = len(images)
    if flips:
        mirrored = (torch.rand(count) < 0.5).view(-1, 1, 1, 1)
        images = torch.where(mirrored, images.flip(3), images)
    padded = F.pad(images, (shift,) * 4, value=-MEAN / DEVIATION)
    rows, columns = (torch.randint(0, 2 * shift + 1, (count, 1)) + torch.arange(28) for _ in range(2))
    return padded[torch.arange(count).view(-1, 1, 1), 0, rows.unsqueeze(2), columns.unsqueeze(1)].unsqueeze(1)


def train(options: argparse.Namespace) -> dict[str, float]:
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(options.seed)
    images, labels = read(options.data, "train")
    model = network()
    whiten(model[0], images[:5000])
    model = model.to(memory_format=torch.channels_last)
    forward = torch.compile(model) if options.compile else model
    filters = [layer.weight for layer in model[2:] if isinstance(layer, nn.Conv2d)]
    biases = [layer.bias for layer in model if isinstance(layer, nn.BatchNorm2d)]
    for layer in model:
        if isinstance(layer, nn.BatchNorm2d):
            layer.weight.requires_grad_(False)
    optimizers = [
        Muon(filters, options.lr),
        torch.optim.SGD([{"params": biases, "lr": options.lr * options.bias_rate},
                         {"params": [model[-1].weight], "lr": options.lr * options.head_rate}], momentum=0.85, nesterov=True)]
    peaks = [[group["lr"] for group in optimizer.param_groups] for optimizer in optimizers]
    later = math.ceil(options.hardest * len(images))
    total = math.ceil(len(images) / options.batch_size) + (options.epochs - 1) * math.ceil(later / options.batch_size)
    errors = torch.full((len(images),), math.inf)
    step = 0
    for epoch in range(options.epochs):
        order = torch.randperm(len(images))
        if epoch > 0 and later < len(images):
            chosen = torch.zeros(len(images), dtype=torch.bool)
            chosen[errors.topk(later).indices] = True
            order = order[chosen[order]]
        model.train()
        for batch in order.split(options.batch_size):
            for optimizer, rates in zip(optimizers, peaks):
                for group, rate in zip(optimizer.param_groups, rates):
                    group["lr"] = rate * (1 - step / total)
            inputs = augmented(images[batch], options.shift, options.flips).to(memory_format=torch.channels_last)
            with torch.autocast("cpu", torch.bfloat16, enabled=options.bfloat16):
                logits = forward(inputs)
            logits = logits.float()
            F.cross_entropy(logits, labels[batch], label_smoothing=0.2).backward()
            with torch.no_grad():
                target = F.one_hot(labels[batch], 10) * 0.8 + 0.02
                errors[batch] = (logits.softmax(1) - target).norm(dim=1)
            for optimizer in optimizers:
                optimizer.step()
                optimizer.zero_grad()
            step += 1
    model.eval()
    images, labels = read(options.data, "t10k")
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=options.bfloat16):
        answers = torch.cat([model(part.to(memory_format=torch.channels_last)).argmax(1) for part in images.split(500)])
    return {"test_accuracy": (answers == labels).float().mean().item(), "steps": step, "seconds": time.monotonic() - START}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path("/usr/share/datasets/fashion-mnist"))
    parser.add_argument("--epochs", type=int, default=9)
    parser.add_argument("--batch-size", type=int, default=512)
    parser.add_argument("--lr", type=float, default=0.24, help="the highest rate of the filters")
    parser.add_argument("--bias-rate", type=float, default=400, help="the rate of the norms' biases, as a factor")
    parser.add_argument("--head-rate", type=float, default=0.077, help="the rate of the last layer, as a factor")
    parser.add_argument("--shift", type=int, default=1)
    parser.add_argument("--flips", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--hardest", type=float, default=0.5, help="the share of the images in every epoch but the first")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--bfloat16", action="store_true")
    parser.add_argument("--compile", action="store_true", help="use torch.compile, which needs a C++ compiler")
    print(json.dumps(train(parser.parse_args())))


if __name__ == "__main__":
    main()
