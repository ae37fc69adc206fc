"""PyTorch on the CPU: training (forward, backward, fused Adam) and inference, eager and, where a C++ compiler is there, compiled."""

import contextlib
import itertools
import os
import shutil
from typing import Callable

import torch
from torch import nn

import images
import measurement
import torch_models
from measurement import Task, Variant
from networks import NETWORKS


def autocast(precision: str) -> contextlib.AbstractContextManager:
    return torch.autocast("cpu", torch.bfloat16) if precision == "bfloat16" else contextlib.nullcontext()


def network(name: str) -> nn.Module:
    chosen = NETWORKS[name]
    model = torch_models.build(chosen.model, chosen.channels, chosen.classes, chosen.side)
    count = sum(parameter.numel() for parameter in model.parameters())
    if count != chosen.parameters:
        raise AssertionError(f"{name} has {count} parameters, expected {chosen.parameters}")
    return model


def has_compiler() -> bool:
    return any(shutil.which(name) for name in (os.environ.get("CXX") or "g++", "clang++"))


def training(memory_format: torch.memory_format, precision: str, compiles: bool = False) -> Callable[[Task], Callable[[float], list[float]]]:
    def prepare(task: Task) -> Callable[[float], list[float]]:
        torch.manual_seed(1)
        model = network(task.model).to(memory_format=memory_format).train()
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
        model = torch.compile(model) if compiles else model
        pixels, labels = (torch.from_numpy(array) for array in images.normalized(task.model))
        pixels = pixels.permute(0, 3, 1, 2).contiguous(memory_format=memory_format)
        order = torch.randperm(len(labels))
        starts = itertools.cycle(range(0, len(labels) - task.batch + 1, task.batch))

        def step() -> None:
            start = next(starts)
            batch = order[start : start + task.batch]
            optimizer.zero_grad(set_to_none=True)
            with autocast(precision):
                loss = nn.functional.cross_entropy(model(pixels[batch]), labels[batch])
            loss.backward()
            optimizer.step()

        return measurement.sampled(measurement.repeated(step), task.batch)

    return prepare


def inference(memory_format: torch.memory_format, precision: str, compiles: bool = False) -> Callable[[Task], Callable[[float], list[float]]]:
    def prepare(task: Task) -> Callable[[float], list[float]]:
        torch.manual_seed(1)
        model = network(task.model).to(memory_format=memory_format).eval()
        model = torch.compile(model) if compiles else model
        pixels = torch.from_numpy(images.normalized(task.model)[0]).permute(0, 3, 1, 2)
        pixels = pixels.contiguous(memory_format=memory_format)
        starts = itertools.cycle(range(0, len(pixels) - task.batch + 1, task.batch))

        @torch.inference_mode()
        def step() -> None:
            start = next(starts)
            with autocast(precision):
                model(pixels[start : start + task.batch])

        return measurement.sampled(measurement.repeated(step), task.batch)

    return prepare


def variants() -> dict[str, Variant]:
    result = {}
    for mode, prepare in (("train", training), ("inference", inference)):
        result[f"{mode} default"] = Variant(mode, "float32", prepare(torch.contiguous_format, "float32"))
        result[f"{mode} channels_last"] = Variant(mode, "float32", prepare(torch.channels_last, "float32"))
        result[f"{mode} channels_last, autocast"] = Variant(
            mode, "bfloat16", prepare(torch.channels_last, "bfloat16"))
        if has_compiler():
            result[f"{mode} channels_last, compiled"] = Variant(
                mode, "float32", prepare(torch.channels_last, "float32", compiles=True))
    return result


def set_threads(threads: int) -> None:
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)


if __name__ == "__main__":
    measurement.main("PyTorch", torch.__version__, variants(), set_threads)
