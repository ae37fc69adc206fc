"""What all peers share: timing in samples, and a process that measures what it is asked to.

A peer runs as a process of its own that keeps its compiled models, so that measurements of several programs can alternate
without compiling again. It reads one JSON object per line from standard input and answers each with one.
"""

import argparse
import json
import os
import statistics
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from typing import Callable

from networks import NETWORKS

# Repeats its step as often as it is told; nothing may be left running when it returns.
Work = Callable[[int], None]


@dataclass(frozen=True)
class Task:
    """What is measured: a network, a mode, and the threads that it may use."""

    model: str
    mode: str
    threads: int

    @property
    def batch(self) -> int:
        return NETWORKS[self.model].batches[self.mode]


@dataclass(frozen=True)
class Variant:
    """One way in which a peer can be used. `prepare` gives the rates (images/s) of the samples of so many seconds."""

    mode: str
    precision: str
    prepare: Callable[[Task], Callable[[float], list[float]]]


def sampled(work: Work, batch: int) -> Callable[[float], list[float]]:
    """Measures `work`: a warm-up of a fifth of the time, then samples that last a twentieth of it each."""

    def measure(seconds: float) -> list[float]:
        repetitions, start = 1, time.perf_counter()
        while True:
            before = time.perf_counter()
            work(repetitions)
            now = time.perf_counter()
            wanted = repetitions * seconds / 20 / (now - before)
            if now - start >= seconds / 5:
                break
            repetitions = max(1, min(10 * repetitions, round(wanted)))
        repetitions = max(1, round(wanted))
        rates, start = [], time.perf_counter()
        last = start
        while last - start < seconds or len(rates) < 3:
            work(repetitions)
            now = time.perf_counter()
            rates.append(repetitions * batch / (now - last))
            last = now
        return rates

    return measure


def repeated(step: Callable[[], object]) -> Work:
    def work(repetitions: int) -> None:
        for _ in range(repetitions):
            step()

    return work


def together(workers: list[Work]) -> Work:
    """Work that each worker does the given number of times, on its own thread."""

    def work(repetitions: int) -> None:
        threads = [threading.Thread(target=worker, args=(repetitions,)) for worker in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return work


def main(name: str, version: str, variants: dict[str, Variant], set_threads: Callable[[int], None]) -> None:
    """Runs a peer: `--threads N`, then requests on standard input until it ends."""
    parser = argparse.ArgumentParser(description=f"Measures {name}; asked by compare.py.")
    parser.add_argument("--threads", type=int, required=True)
    threads = parser.parse_args().threads
    # Frameworks print what they like; only answers may reach whoever asks.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    set_threads(threads)
    print(json.dumps({
        "name": name,
        "version": version,
        "variants": {key: {"mode": variant.mode, "precision": variant.precision} for key, variant in variants.items()},
    }), file=answers)
    prepared: dict[tuple[str, str], Callable[[float], list[float]]] = {}
    for line in sys.stdin:
        request = json.loads(line)
        variant = variants[request["variant"]]
        key = (request["model"], request["variant"])
        try:
            if key not in prepared:
                prepared[key] = variant.prepare(Task(request["model"], variant.mode, threads))
            rates = prepared[key](request["seconds"])
            print(json.dumps({"images_per_second": statistics.median(rates), "samples": len(rates)}), file=answers)
        except Exception as error:  # one variant that fails must not end the others
            traceback.print_exc()
            print(json.dumps({"error": f"{type(error).__name__}: {error}".splitlines()[0]}), file=answers)
