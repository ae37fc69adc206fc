"""ncnn on the CPU: inference, in single precision. It takes one image at a time, so a batch is a loop.

`default` gives all threads to each image; `split` gives each thread a network and a part of every batch.
"""

import itertools
import pathlib
import tempfile
from typing import Callable, Iterator

import ncnn
import numpy as np

import images
import measurement
import ncnn_models
from measurement import Task, Variant


def network(name: str, threads: int) -> tuple[ncnn.Net, str]:
    """A network on the given number of threads, and the name of its output."""
    text, weights, output = ncnn_models.build(name)
    net = ncnn.Net()
    net.opt.num_threads = threads
    net.opt.use_vulkan_compute = False
    net.opt.use_bf16_storage = net.opt.use_bf16_packed = False
    net.opt.use_fp16_storage = net.opt.use_fp16_packed = net.opt.use_fp16_arithmetic = False
    with tempfile.TemporaryDirectory() as folder:
        parameters, binary = pathlib.Path(folder, "net.param"), pathlib.Path(folder, "net.bin")
        parameters.write_text(text)
        binary.write_bytes(weights)
        if net.load_param(str(parameters)) != 0 or net.load_model(str(binary)) != 0:
            raise ValueError("ncnn refuses the network")
    return net, output


def answer(net: ncnn.Net, output: str, count: int, source: Iterator[np.ndarray]) -> None:
    for _ in range(count):
        extractor = net.create_extractor()
        extractor.input("input", ncnn.Mat(next(source)))
        status, result = extractor.extract(output)
        if status != 0:
            raise ValueError(f"ncnn gives {status}")
        np.asarray(result)


def default(task: Task) -> Callable[[float], list[float]]:
    net, output = network(task.model, task.threads)
    source = itertools.cycle(images.channels_first(task.model))
    return measurement.sampled(lambda repetitions: answer(net, output, repetitions * task.batch, source), task.batch)


def split(task: Task) -> Callable[[float], list[float]]:
    pixels = images.channels_first(task.model)

    def worker(size: int) -> measurement.Work:
        net, output = network(task.model, 1)
        source = itertools.cycle(pixels)
        return lambda repetitions: answer(net, output, repetitions * size, source)

    sizes = [len(part) for part in np.array_split(np.arange(task.batch), task.threads)]
    return measurement.sampled(measurement.together([worker(size) for size in sizes if size]), task.batch)


VARIANTS = {
    "inference default": Variant("inference", "float32", default),
    "inference split": Variant("inference", "float32", split),
}

if __name__ == "__main__":
    measurement.main("ncnn", ncnn.__version__, VARIANTS, lambda threads: None)
