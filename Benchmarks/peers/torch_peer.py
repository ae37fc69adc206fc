"""PyTorch on the CPU: training (forward, backward, fused Adam) and inference."""

import contextlib
import itertools
from typing import Callable

import torch
from torch import nn

import images
import measurement
import torch_models
from measurement import Task, Variant


def autocast(precision: str) -> contextlib.AbstractContextManager:
    return torch.autocast("cpu", torch.bfloat16) if precision == "bfloat16" else contextlib.nullcontext()


def training(memory_format: torch.memory_format, precision: str) -> Callable[[Task], Callable[[float], list[float]]]:
    def prepare(task: Task) -> Callable[[float], list[float]]:
        torch.manual_seed(1)
        model = torch_models.build(task.model).to(memory_format=memory_format).train()
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
        pixels, labels = (torch.from_numpy(array) for array in images.normalized())
        pixels = pixels.unsqueeze(1).contiguous(memory_format=memory_format)
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


def inference(memory_format: torch.memory_format, precision: str) -> Callable[[Task], Callable[[float], list[float]]]:
    def prepare(task: Task) -> Callable[[float], list[float]]:
        torch.manual_seed(1)
        model = torch_models.build(task.model).to(memory_format=memory_format).eval()
        pixels = torch.from_numpy(images.normalized()[0]).unsqueeze(1).contiguous(memory_format=memory_format)
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
    return result


def set_threads(threads: int) -> None:
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)


if __name__ == "__main__":
    measurement.main("PyTorch", torch.__version__, variants(), set_threads)
