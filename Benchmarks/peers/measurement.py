"""What both peers share: flags, pinning to cores, timing in samples, and the line of JSON."""

import argparse
import json
import os
import pathlib
import time
from typing import Callable

import fashion_mnist

STEPS_PER_SAMPLE = 8


def arguments(description: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--model", choices=["lenet", "cnn", "vgg"], default="cnn")
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--seconds", type=float, default=20, help="measured time of each variant")
    parser.add_argument("--data", type=pathlib.Path, default=fashion_mnist.DEBIAN_DIRECTORY)
    return parser.parse_args()


def pin(threads: int) -> None:
    """Keeps the process, with every thread it will start, on as many cores as it may use threads."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


class Sampler:
    """Collects images/s over samples of a few steps, until the time is up. `done` is true from then on."""

    def __init__(self, batch_size: int, seconds: float) -> None:
        self._batch_size, self._seconds = batch_size, seconds
        self._rates: list[float] = []
        self._start = self._last = time.perf_counter()
        self.done = False

    def finished_steps(self, count: int) -> None:
        now = time.perf_counter()
        self._rates.append(count * self._batch_size / (now - self._last))
        self._last = now
        self.done = now - self._start >= self._seconds

    def summary(self) -> dict[str, float]:
        ordered = sorted(self._rates)
        at = lambda fraction: round(ordered[round(fraction * (len(ordered) - 1))], 1)
        return {"median": at(0.5), "p10": at(0.1), "p90": at(0.9)}


def time_steps(step: Callable[[], None], batch_size: int, seconds: float) -> dict[str, float]:
    """Warms up for a fifth of the time (at least two samples), then measures."""
    for measured in (False, True):
        sampler = Sampler(batch_size, seconds if measured else seconds / 5)
        samples = 0
        while not sampler.done or samples < 2:
            for _ in range(STEPS_PER_SAMPLE):
                step()
            sampler.finished_steps(STEPS_PER_SAMPLE)
            samples += 1
    return sampler.summary()


def report(framework: str, version: str, options: argparse.Namespace, variants: dict[str, dict[str, float]]) -> None:
    """One line: every variant, and the fastest one's figures on top."""
    best = max(variants, key=lambda name: variants[name]["median"])
    print(json.dumps({
        "schema": 1,
        "framework": framework,
        "version": version,
        "model": options.model,
        "batch": options.batch_size,
        "threads": options.threads,
        "best": best,
        "images_per_second": variants[best],
        "variants": variants,
    }))
