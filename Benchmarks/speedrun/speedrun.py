#!/usr/bin/env python3
"""Measures the seconds from the start of a command to a test accuracy, and writes the ladder.

A rung is an accuracy and the flags of a training that is expected to reach it; the table says whether the mean over the seeds does. Every run is a new
process and reads the test set once, at its end; its time is that of the whole process.
"""

import argparse
import dataclasses
import datetime
import hashlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "peers"))

import compare
import environment

RUNGS: dict[str, list[str]] = {
    "0.90": ["--preset", "fast", "--epochs", "1"],
    "0.92": ["--preset", "fast", "--epochs", "3"],
    "0.93": ["--preset", "fast", "--epochs", "5"],
    "0.94": ["--preset", "fast"],
}
# The peer trains the network of this rung.
PEER_RUNG = "0.94"
PEER_VARIANTS: dict[str, list[str]] = {
    "float32": [], "bfloat16": ["--bfloat16"], "float32, compiled": ["--compile"], "bfloat16, compiled": ["--bfloat16", "--compile"],
}


@dataclasses.dataclass
class Runs:
    """The runs of one command."""

    program: str
    command: str
    target: float
    accuracies: list[float] = dataclasses.field(default_factory=list)
    seconds: list[float] = dataclasses.field(default_factory=list)

    @property
    def mean(self) -> float:
        return statistics.mean(self.accuracies)

    @property
    def deviation(self) -> float:
        return statistics.stdev(self.accuracies) if len(self.accuracies) > 1 else 0.0

    @property
    def median_seconds(self) -> float:
        return statistics.median(self.seconds)

    def cells(self) -> list[str]:
        reached = "yes" if self.mean >= self.target else "no"
        return [f"{self.target:.2f}", self.program, f"`{self.command}`", f"{self.mean:.4f} ± {self.deviation:.4f}", reached,
                str(len(self.seconds)), f"{self.median_seconds:.1f}", f"{min(self.seconds):.1f} to {max(self.seconds):.1f}"]


HEADS = ["test accuracy", "program", "command", "mean ± sd", "reached", "runs", "median seconds", "range"]


def table(ladder: list[Runs]) -> list[str]:
    lines = [HEADS, ["---:", "---", "---", "---", "---", "---:", "---:", "---"], *(runs.cells() for runs in ladder)]
    return ["| " + " | ".join(line) + " |" for line in lines]


def timed(command: list[str]) -> tuple[dict, float]:
    """What the command printed as JSON, and the seconds that it took."""
    start = time.monotonic()
    process = subprocess.run(command, capture_output=True, text=True)
    seconds = time.monotonic() - start
    if process.returncode != 0:
        raise SystemExit(f"speedrun: {' '.join(command)} failed:\n{process.stderr}")
    return json.loads(process.stdout.splitlines()[-1]), seconds


def ours(options: argparse.Namespace, flags: list[str], seed: int) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        result, seconds = timed([str(options.jacquard), "train", *flags, "--data", str(options.data), "--seed", str(seed), "--threads",
                                 str(options.threads), "--out", f"{folder}/run", "--json", "--quiet"])
    return result["test"]["accuracy"], seconds


def peers(options: argparse.Namespace, flags: list[str], seed: int) -> tuple[float, float]:
    result, seconds = timed([str(options.python), str(HERE / "torch_air.py"), *flags, "--data", str(options.data), "--seed", str(seed),
                             "--threads", str(options.threads)])
    return result["test_accuracy"], seconds


def measure(options: argparse.Namespace) -> list[Runs]:
    """Every seed of every command in turn, so that a change of the machine's speed meets all of them."""
    jobs = []
    for rung in options.rungs:
        jobs.append((Runs("Jacquard", " ".join(["jacquard train", *RUNGS[rung]]), float(rung)), ours, RUNGS[rung]))
    for name in options.peers:
        flags = PEER_VARIANTS[name]
        command = " ".join(["torch_air.py", *flags])
        jobs.append((Runs(f"PyTorch, {name}", command, float(PEER_RUNG)), peers, flags))
    for seed in range(1, options.seeds + 1):
        for runs, run, flags in jobs:
            accuracy, seconds = run(options, flags, seed)
            runs.accuracies.append(accuracy)
            runs.seconds.append(seconds)
            print(f"speedrun: {runs.program} {runs.command} seed {seed}: {accuracy:.4f} in {seconds:.1f} s", file=sys.stderr)
    return [job[0] for job in jobs]


def ratio(ladder: list[Runs]) -> str | None:
    """How much longer the fastest peer that reaches the same rung takes."""
    own = next((runs for runs in ladder if runs.program == "Jacquard" and runs.target == float(PEER_RUNG)), None)
    others = [runs for runs in ladder if runs.program != "Jacquard"]
    if own is None or not others:
        return None
    fastest = min(others, key=lambda runs: runs.median_seconds)
    return (f"{fastest.program}, the fastest of its variants, takes {fastest.median_seconds / own.median_seconds:.2f} times as long as "
            f"Jacquard for the same network and recipe.")


def checksum(folder: pathlib.Path) -> str:
    """Of the names and bytes of the data files, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if "ubyte" in path.name):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def report(options: argparse.Namespace, ladder: list[Runs]) -> str:
    version = subprocess.run([options.jacquard, "--version"], capture_output=True, text=True).stdout.strip()
    note = ratio(ladder)
    return "\n".join([
        "# Seconds to an accuracy", "", "Written by `make speedrun`; [README.md](README.md) says what is timed.", "",
        f"- Date: {datetime.date.today().isoformat()}; commit {compare.revision()}",
        f"- Machine: {compare.processor()}, {options.threads} threads; {version}",
        f"- Data: Fashion-MNIST, 60,000 training images; SHA-256 of the files {checksum(options.data)}",
        "- The last weights of each run; the test set is read once, at its end.", "", *table(ladder), "",
        *([note, ""] if note else [])])


def write(text: str, ladder: list[Runs]) -> None:
    """Writes RESULTS.md, and the table into the README."""
    (HERE / "RESULTS.md").write_text(text)
    head, _, tail = compare.readme_section("speedrun", "speedrun")
    note = ratio(ladder)
    facts = (f"{datetime.date.today().isoformat()}, {compare.processor()}; the rest is in "
             "[RESULTS.md](Benchmarks/speedrun/RESULTS.md).")
    (ROOT / "README.md").write_text("\n".join([head, *table(ladder), "", *([note, ""] if note else []), facts, tail]))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rungs", type=lambda text: text.split(","), default=list(RUNGS), help="accuracies, of " + ", ".join(RUNGS))
    parser.add_argument("--peers", type=lambda text: [name for name in text.split(";") if name], default=list(PEER_VARIANTS),
                        help="variants of PyTorch, separated by semicolons, of " + "; ".join(PEER_VARIANTS))
    parser.add_argument("--seeds", type=int, default=5, help="runs of each command")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--jacquard", type=pathlib.Path, default=ROOT / ".build/release/jacquard", help="the command line to measure")
    parser.add_argument("--environment", type=pathlib.Path, help="folder of the Python environment of Benchmarks/peers")
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path("/usr/share/datasets/fashion-mnist"))
    parser.add_argument("--json", type=pathlib.Path, help="write every measured value to this file")
    parser.add_argument("--write", action="store_true", help="write RESULTS.md and the table in the README")
    options = parser.parse_args()
    for name, given, known in (("--rungs", options.rungs, RUNGS), ("--peers", options.peers, PEER_VARIANTS)):
        for value in given:
            if value not in known:
                parser.error(f"{name}: '{value}' is none of {', '.join(known)}")
    if options.seeds < 1:
        parser.error(f"--seeds must be at least 1, not {options.seeds}")
    options.python = environment.python(options.environment) if options.peers else None
    return options


def main() -> None:
    options = arguments()
    if options.write:
        # Before an hour of measuring: the README has a place for the table.
        compare.readme_section("speedrun", "speedrun")
    ladder = measure(options)
    text = report(options, ladder)
    print(text, end="")
    if options.json:
        options.json.write_text(json.dumps([dataclasses.asdict(runs) for runs in ladder], indent=1) + "\n")
    if options.write:
        write(text, ladder)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
