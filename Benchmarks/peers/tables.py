"""What was measured, as Markdown."""

import dataclasses
import statistics

from programs import Variant

TITLES = {"train": "training", "inference": "inference"}


@dataclasses.dataclass
class Series:
    """The images per second of one variant and model, round by round; None where a round failed."""

    variant: Variant
    model: str
    rounds: list[float | None] = dataclasses.field(default_factory=list)

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


def fastest(series: list[Series], precision: str) -> Series | None:
    """The peers' fastest variant."""
    peers = [one for one in series if one.variant.program.name != "Jacquard" and one.variant.precision == precision]
    return max((one for one in peers if one.rates), key=lambda one: one.median, default=None)


def _ours(series: list[Series]) -> Series | None:
    """Our first variant: `auto`, unless others were asked for."""
    return next((one for one in series if one.variant.program.name == "Jacquard" and one.rates), None)


def _ratio(ours: Series, peer: Series | None) -> list[str]:
    if peer is None:
        return ["–", "–"]
    return [f"{peer.median:,.0f} ({peer.variant.title})", f"**{ours.median / peer.median:.2f}**"]


def _gflops(ours: Series) -> str:
    values = ours.variant.program.gflops.get((ours.model, ours.variant.mode, ours.variant.name))
    return f"{statistics.median(values):.0f}" if values else "–"


def summary(groups: dict[tuple[str, str], list[Series]]) -> list[str]:
    """Ours beside the fastest peer, one row per model and mode."""
    rows = []
    for (model, mode), series in groups.items():
        ours = _ours(series)
        if ours is None:
            continue
        rows.append([f"`{model}`", TITLES[mode], f"{ours.median:,.0f}", _gflops(ours),
                     *_ratio(ours, fastest(series, "float32")), *_ratio(ours, fastest(series, "bfloat16"))])
    return _table(["model", "mode", "Jacquard, images/s", "GFLOP/s", "fastest float32 peer", "ratio",
                   "fastest bfloat16 peer", "ratio"], rows, texts=2)


def details(groups: dict[tuple[str, str], list[Series]]) -> list[str]:
    """Every variant."""
    rows = []
    for (model, mode), series in groups.items():
        best = fastest(series, "float32")
        for one in series:
            cells = [f"`{model}` {TITLES[mode]}", one.variant.title, one.variant.precision]
            if not one.rates:
                rows.append([*cells, "failed", "", ""])
                continue
            share = f"{one.median / best.median:.2f}" if best else "–"
            rows.append([*cells, f"{one.median:,.0f}", f"{min(one.rates):,.0f}…{max(one.rates):,.0f}", share])
    return _table(["model", "program", "precision", "images/s", "range", "of the fastest float32 peer"], rows,
                  texts=3)
