"""OpenVINO on the CPU: inference of the same graphs as ONNX Runtime's.

`default` gives all threads to each batch; `split` gives each thread a request and a part of every batch. Float32 is asked for by
name, because OpenVINO computes in bfloat16 by itself where the processor can.
"""

import itertools
from typing import Callable

import numpy as np
import openvino

import images
import measurement
import onnx_models
from measurement import Task, Variant


def compiled(name: str, batch: int, threads: int, streams: int, precision: str) -> openvino.CompiledModel:
    core = openvino.Core()
    model = core.read_model(onnx_models.build(name))
    shape = model.input(0).partial_shape
    shape[0] = batch
    model.reshape(shape)
    return core.compile_model(model, "CPU", {
        "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": streams, "INFERENCE_PRECISION_HINT": precision,
        "ENABLE_CPU_PINNING": False, "CPU_DENORMALS_OPTIMIZATION": True})


def default(precision: str) -> Callable[[Task], Callable[[float], list[float]]]:
    def prepare(task: Task) -> Callable[[float], list[float]]:
        request = compiled(task.model, task.batch, task.threads, 1, precision).create_infer_request()
        source = itertools.cycle(images.batches(task.model, task.batch))
        return measurement.sampled(
            measurement.repeated(lambda: request.infer([next(source)], share_inputs=True)), task.batch)

    return prepare


def split(task: Task) -> Callable[[float], list[float]]:
    if task.batch % task.threads:
        raise ValueError(f"{task.threads} threads do not divide a batch of {task.batch}")
    size = task.batch // task.threads
    queue = openvino.AsyncInferQueue(compiled(task.model, size, task.threads, task.threads, "f32"), task.threads)
    source = itertools.cycle(images.batches(task.model, size))

    def work(repetitions: int) -> None:
        for _ in range(repetitions * task.threads):
            queue.start_async([next(source)], share_inputs=True)
        queue.wait_all()

    return measurement.sampled(work, task.batch)


VARIANTS = {
    "inference default": Variant("inference", "float32", default("f32")),
    "inference split": Variant("inference", "float32", split),
    "inference default, bfloat16": Variant("inference", "bfloat16", default("bf16")),
}

if __name__ == "__main__":
    measurement.main("OpenVINO", openvino.__version__.split("-")[0], VARIANTS, lambda threads: None)
