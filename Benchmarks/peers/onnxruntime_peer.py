"""ONNX Runtime on the CPU: inference.

Two ways to use the threads: `default` gives them all to each operator of one session; `split` gives each thread a session and a
part of every batch of its own.
"""

import itertools
from typing import Callable

import numpy as np
import onnxruntime

import images
import measurement
import onnx_models
from measurement import Task, Variant


def session(model: bytes, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def default(task: Task) -> Callable[[float], list[float]]:
    run = session(onnx_models.build(task.model), task.threads).run
    source = itertools.cycle(images.batches(task.model, task.batch))
    return measurement.sampled(measurement.repeated(lambda: run(None, {"input": next(source)})), task.batch)


def split(task: Task) -> Callable[[float], list[float]]:
    model = onnx_models.build(task.model)

    def worker(size: int) -> measurement.Work:
        run = session(model, 1).run
        source = itertools.cycle(images.batches(task.model, size))
        return measurement.repeated(lambda: run(None, {"input": next(source)}))

    sizes = [len(part) for part in np.array_split(np.arange(task.batch), task.threads)]
    return measurement.sampled(measurement.together([worker(size) for size in sizes if size]), task.batch)


VARIANTS = {
    "inference default": Variant("inference", "float32", default),
    "inference split": Variant("inference", "float32", split),
}

if __name__ == "__main__":
    measurement.main("ONNX Runtime", onnxruntime.__version__, VARIANTS, lambda threads: None)
