#!/usr/bin/env python3
"""Training speed of a built-in model in PyTorch on the CPU: forward, backward and Adam's step."""

import itertools

import torch
from torch import nn

import fashion_mnist
import measurement
import torch_models

FORMATS = {"default": torch.contiguous_format, "channels_last": torch.channels_last}


def measure(options, images: torch.Tensor, labels: torch.Tensor, memory_format: torch.memory_format) -> dict:
    torch.manual_seed(1)
    model = torch_models.build(options.model).to(memory_format=memory_format).train()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    images = images.contiguous(memory_format=memory_format)
    order = torch.randperm(len(labels))
    starts = itertools.cycle(range(0, len(labels) - options.batch_size + 1, options.batch_size))

    def step() -> None:
        start = next(starts)
        batch = order[start : start + options.batch_size]
        optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(model(images[batch]), labels[batch]).backward()
        optimizer.step()

    return measurement.time_steps(step, options.batch_size, options.seconds)


def main() -> None:
    options = measurement.arguments(__doc__)
    measurement.pin(options.threads)
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    images, labels = (torch.from_numpy(array) for array in fashion_mnist.training_set(options.data))
    variants = {
        name: measure(options, images.unsqueeze(1), labels, memory_format) for name, memory_format in FORMATS.items()
    }
    measurement.report("PyTorch", torch.__version__, options, variants)


if __name__ == "__main__":
    main()
