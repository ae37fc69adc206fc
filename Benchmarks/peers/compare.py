#!/usr/bin/env python3
"""Measures our throughput beside that of PyTorch, Keras, ONNX Runtime, OpenVINO and ncnn, alternating, in one go.

Needs nothing but Python's standard library: the peers' environment is made on first use. Prints tables in Markdown; with --write
they also go to RESULTS.md and into the project's README.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

import environment
import tables
from networks import NETWORKS
from programs import PEERS, Failure, Ours, Peer, Variant, say
from tables import Place, Series

ROOT = environment.HERE.parent.parent
MODELS = list(NETWORKS)
MODES = ["train", "inference"]
# What a measurement costs besides its seconds: the warm-up's share, and starting, checking or settling.
OVERHEAD_SHARE, OVERHEAD_SECONDS = 1.25, 0.5
SHORTEST, LONGEST = 0.4, 10.0

Groups = dict[tuple[str, str], list[Series]]


def arguments() -> argparse.Namespace:
    def some(allowed: list[str]):
        def read(text: str) -> list[str]:
            words = text.split(",")
            if wrong := [word for word in words if word not in allowed]:
                raise argparse.ArgumentTypeError(f"'{wrong[0]}' is none of {', '.join(allowed)}")
            return words
        return read

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=some(MODELS), default=MODELS, metavar="LIST", help=",".join(MODELS))
    parser.add_argument("--modes", type=some(MODES), default=MODES, metavar="LIST", help="train,inference")
    parser.add_argument("--peers", type=some(list(PEERS)), default=list(PEERS), metavar="LIST", help=",".join(PEERS))
    parser.add_argument("--algorithms", type=lambda text: text.split(","), default=["auto"], metavar="LIST",
                        help="ours; the first is compared, the others are shown beside it (auto)")
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is measured (5)")
    parser.add_argument("--minutes", type=float, default=40, help="what all rounds together may take (40)")
    parser.add_argument("--seconds", type=float, help="of each measurement; by default what --minutes allows")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="all are pinned to as many cores")
    parser.add_argument("--jacquard", type=pathlib.Path, default=ROOT / ".build/release/jacquard", metavar="FILE")
    parser.add_argument("--environment", type=pathlib.Path, metavar="FOLDER",
                        help="of the peers' Python ($JACQUARD_PEERS, else .venv/peers)")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write every single figure there, too")
    parser.add_argument("--write", action="store_true", help="write RESULTS.md and the table in the README")
    options = parser.parse_args()
    if options.rounds < 1 or options.threads < 1 or options.minutes <= 0 or (options.seconds or 1) <= 0:
        parser.error("--rounds, --threads, --minutes and --seconds must be above zero")
    if options.write and (set(options.models), set(options.modes), set(options.peers)) != (set(MODELS), set(MODES), set(PEERS)):
        parser.error("--write is for a whole comparison: leave out --models, --modes and --peers")
    return options


def prepare(groups: Groups) -> None:
    """Compiles and warms up everything, and measures nothing; what fails here is left out."""
    for (model, mode), series in groups.items():
        for one in list(series):
            say(f"preparing {model} {mode}: {one.variant.title}")
            try:
                one.variant.measure(model, 0.05)
            except Failure as failure:
                say(f"{model} {mode}: {one.variant.title} fails and is left out: {failure}")
                series.remove(one)


def turns(series: list[Series]) -> list[Series]:
    """The order of a round: our first variant before each peer's variants, so that both meet the same machine; our others once."""
    names = list(dict.fromkeys(one.variant.program.name for one in series))
    ours = [one for one in series if one.variant.program.name == tables.OURS]
    peers = [[one for one in series if one.variant.program.name == name] for name in names if name != tables.OURS]
    if not ours or not peers:
        return series
    return [*ours, *peers[0], *(one for peer in peers[1:] for one in [ours[0], *peer])]


def measure(groups: Groups, rounds: int, seconds: float | None, minutes: float) -> float:
    """Measures everything in each round, ours before each peer. Returns the seconds of a measurement."""
    count = sum(len(turns(series)) for series in groups.values())
    if seconds is None:
        share = minutes * 60 / (rounds * count)
        seconds = min(LONGEST, max(SHORTEST, (share - OVERHEAD_SECONDS) / OVERHEAD_SHARE))
    say(f"{rounds} rounds of {count} measurements of {seconds:.1f} s")
    start = time.monotonic()
    for number in range(1, rounds + 1):
        for (model, mode), series in groups.items():
            latest: float | None = None
            for one in turns(series):
                try:
                    rate = one.variant.measure(model, seconds)
                except Failure as failure:
                    say(f"{model} {mode}: {one.variant.title} failed: {failure}")
                    rate = None
                one.rounds.append(rate)
                if one is series[0] and one.variant.program.name == tables.OURS:
                    latest = rate
                if rate is not None and latest is not None:
                    one.ratios.append(latest / rate)
            texts = (f"{one.variant.title} {tables.rate(one.rounds[-1] or 0)}" for one in series)
            say(f"round {number}: {model} {mode}: " + "; ".join(texts))
        passed = time.monotonic() - start
        if passed / number * (number + 1) > minutes * 60 and number < rounds:
            say(f"stopping after {number} rounds: another would go beyond {minutes:g} minutes")
            break
    return seconds


def processor(path: pathlib.Path = pathlib.Path("/proc/cpuinfo")) -> str:
    """The name, and family and model, because virtual machines may hide the rest of it."""
    pairs = [line.split(":", 1) for line in path.read_text().splitlines() if ":" in line]
    facts = {key.strip(): value.strip() for key, value in reversed(pairs)}
    if "model name" not in facts:
        return platform.processor() or platform.machine()
    numbers = f" (family {facts['cpu family']}, model {facts['model']})" if "cpu family" in facts and "model" in facts else ""
    return facts["model name"] + numbers


def revision() -> str:
    """The commit that was measured, as far as git knows."""
    git = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True)
    return git.stdout.strip() or "unknown"


def results(options: argparse.Namespace, groups: Groups, programs: list, ours: Ours, seconds: float) -> str:
    rounds = max(len(one.rounds) for series in groups.values() for one in series[1:] or series)
    model, mode = next(iter(groups))
    ours_arguments = ours.arguments(model, mode, options.algorithms[0], seconds)
    batches = {name: NETWORKS[name].batches for name, _ in groups}
    facts = [
        f"- Date: {datetime.date.today().isoformat()}; commit {revision()}",
        f"- Machine: {processor()}, {options.threads} cores, {platform.system()}; every program pinned to these cores, "
        f"{options.threads} threads",
        f"- Ours: {ours.version}; large products reach {statistics.median(ours.peaks):.0f} GFLOP/s in the same run",
        *(f"- {program.name} {program.version}" for program in programs if program is not ours),
        f"- Python {platform.python_version()}",
        f"- {rounds} rounds of {seconds:.1f} s for each measurement, ours again before each peer; medians of the rounds; a ratio is the "
        "median of those with the measurement of ours before it",
        f"- Batches for training and inference: " + ", ".join(
            f"`{name}` {sizes['train']} and {sizes['inference']}" for name, sizes in batches.items())
        + "; images in memory; Adam",
        f"- Command: `{' '.join(['Benchmarks/peers/compare.py', *sys.argv[1:]])}`",
        f"- Ours, for example: `jacquard {' '.join(ours_arguments)}`",
    ]
    return "\n".join([
        "# Throughput beside peers", "", "Written by `make bench-peers`; what is timed is described in "
        "[README.md](README.md).", "", *facts, "", *tables.summary(groups, place(options, ours)), "", "## Every variant", "",
        *tables.details(groups), ""])


def place(options: argparse.Namespace, ours: Ours) -> Place:
    return Place(processor(), ours.kernels, options.threads)


def readme_section(name: str, target: str) -> tuple[str, str, str]:
    """The README up to and with the comment that begins a table, the table, and the rest from the comment that ends it."""
    content = (ROOT / "README.md").read_text()
    begin, end = f"<!-- {name}: written by make {target} -->", f"<!-- {name}: end -->"
    if content.count(begin) != 1 or content.count(end) != 1:
        raise SystemExit(f"{name}: {ROOT / 'README.md'} must hold one line '{begin}' and one '{end}'")
    head, rest = content.split(begin)
    old, tail = rest.split(end)
    return head + begin, old, end + tail


def write(place: Place, groups: Groups, text: str) -> None:
    """Writes RESULTS.md, and the rows of this processor into the README's table; those of other processors stay."""
    (environment.HERE / "RESULTS.md").write_text(text)
    head, old, tail = readme_section("peers", "bench-peers")
    note = (f"{datetime.date.today().isoformat()}, {place.processor}, {place.threads} threads; "
            "the rest is in [RESULTS.md](Benchmarks/peers/RESULTS.md).")
    table = tables.merged(old.splitlines(), tables.summary(groups, place))
    (ROOT / "README.md").write_text("\n".join([head, *table, "", note, tail]))
    say("wrote RESULTS.md and the table in README.md")


def main() -> None:
    options = arguments()
    python = environment.python(options.environment)
    cores = sorted(os.sched_getaffinity(0))
    if options.threads > len(cores):
        raise SystemExit(f"peers: --threads {options.threads}, but there are only {len(cores)} cores")
    # Inherited by every program that is started.
    os.sched_setaffinity(0, cores[: options.threads])
    ours = Ours(options.jacquard, options.threads, options.algorithms)
    programs: list[Ours | Peer] = [ours]
    try:
        for name in options.peers:
            say(f"starting {name}")
            programs.append(Peer(PEERS[name], python, options.threads))
        groups: Groups = {
            (model, mode): [Series(variant, model) for program in programs for variant in program.variants(mode)]
            for model in options.models for mode in options.modes
        }
        prepare(groups)
        ours.gflops.clear()
        ours.peaks.clear()
        seconds = measure(groups, options.rounds, options.seconds, options.minutes)
    finally:
        for program in programs:
            program.close()
    text = results(options, groups, programs, ours, seconds)
    print(text, end="")
    if options.json:
        options.json.write_text(json.dumps([
            {"model": model, "mode": mode, "program": one.variant.program.name, "variant": one.variant.name,
             "precision": one.variant.precision, "images_per_second": one.rounds, "ratios_of_ours": one.ratios}
            for (model, mode), series in groups.items() for one in series
        ], indent=1) + "\n")
    if options.write:
        write(place(options, ours), groups, text)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
