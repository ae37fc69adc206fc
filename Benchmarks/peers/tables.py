"""What was measured, as Markdown."""

import dataclasses
import statistics

from programs import Variant

OURS = "Jacquard"
TITLES = {"train": "training", "inference": "inference"}


@dataclasses.dataclass(frozen=True)
class Place:
    """What a table was measured on."""

    processor: str
    # Of our BLAS.
    kernels: str
    threads: int


@dataclasses.dataclass
class Series:
    """The images per second of one variant and model, round by round; None where a round failed.

    `ratios` are those of our measurements to this one's, each with the one of ours that came just before it.
    """

    variant: Variant
    model: str
    rounds: list[float | None] = dataclasses.field(default_factory=list)
    ratios: list[float] = dataclasses.field(default_factory=list)

    @property
    def rates(self) -> list[float]:
        return [rate for rate in self.rounds if rate is not None]

    @property
    def median(self) -> float:
        return statistics.median(self.rates)


def _table(heads: list[str], rows: list[list[str]], texts: int) -> list[str]:
    """A table whose first `texts` columns are texts; the others are numbers."""
    line = lambda cells: "| " + " | ".join(cells) + " |"
    return [line(heads), line(["---"] * texts + ["---:"] * (len(heads) - texts)), *map(line, rows)]


def rate(images_per_second: float) -> str:
    """Three digits at least."""
    return f"{images_per_second:,.0f}" if images_per_second >= 100 else f"{images_per_second:.3g}"


def fastest(series: list[Series], precision: str) -> Series | None:
    """The peers' fastest variant."""
    peers = [one for one in series if one.variant.program.name != OURS and one.variant.precision == precision]
    return max((one for one in peers if one.rates), key=lambda one: one.median, default=None)


def _ours(series: list[Series]) -> Series | None:
    """Our first variant: `auto`, unless others were asked for."""
    return next((one for one in series if one.variant.program.name == OURS and one.rates), None)


def _ratio(peer: Series | None) -> list[str]:
    if peer is None or not peer.ratios:
        return ["–", "–"]
    return [f"{rate(peer.median)} ({peer.variant.title})", f"**{statistics.median(peer.ratios):.2f}**"]


def _gflops(ours: Series) -> str:
    values = ours.variant.program.gflops.get((ours.model, ours.variant.mode, ours.variant.name))
    return f"{statistics.median(values):.0f}" if values else "–"


def summary(groups: dict[tuple[str, str], list[Series]], place: Place) -> list[str]:
    """Ours beside the fastest peer, one row per model and mode."""
    rows = []
    for (model, mode), series in groups.items():
        ours = _ours(series)
        if ours is None:
            continue
        rows.append([place.processor, place.kernels, str(place.threads), f"`{model}`", TITLES[mode], rate(ours.median),
                     _gflops(ours), *_ratio(fastest(series, "float32")), *_ratio(fastest(series, "bfloat16"))])
    return _table(["processor", "kernels", "threads", "model", "mode", "Jacquard, images/s", "GFLOP/s", "fastest float32 peer",
                   "ratio", "fastest bfloat16 peer", "ratio"], rows, texts=5)


def merged(old: list[str], new: list[str]) -> list[str]:
    """A new table with the rows of an old one that are for other processors, kernels or numbers of threads."""
    def place(row: str) -> list[str]:
        return [cell.strip() for cell in row.split("|")[1:4]]

    head, rows = new[:2], new[2:]
    before = [line for line in old if line.startswith("|")]
    if before[:1] != head[:1]:
        return new
    measured = [place(row) for row in rows]
    return [*head, *(row for row in before[2:] if place(row) not in measured), *rows]


def details(groups: dict[tuple[str, str], list[Series]]) -> list[str]:
    """Every variant."""
    rows = []
    for (model, mode), series in groups.items():
        best = fastest(series, "float32")
        for one in series:
            cells = [f"`{model}` {TITLES[mode]}", one.variant.title, one.variant.precision]
            if not one.rates:
                rows.append([*cells, "failed", "", "", ""])
                continue
            share = f"{one.median / best.median:.2f}" if best else "–"
            ratio = f"{statistics.median(one.ratios):.2f}" if one.ratios else "–"
            rows.append([*cells, rate(one.median), f"{rate(min(one.rates))}…{rate(max(one.rates))}", share, ratio])
    return _table(["model", "program", "precision", "images/s", "range", "of the fastest float32 peer",
                   "Jacquard beside it"], rows, texts=3)
