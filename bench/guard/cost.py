"""`python -m bench guard-cost`: which part of an import profiling and guarding are, inside one process."""

from __future__ import annotations

import argparse
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import ringback
from bench.tools import OUT
from ringback.steps.gauge import Gauge
from ringback.steps.invent import CONTRACT_YAML, as_delivered, invent, next_night

PARTS = (  # in none of them is another one
    ("profile", "ringback.workflows.reading.profile"),
    ("measures, limits, findings", "ringback.workflows.import_file.guarded"),
    ("texts of examples", "ringback.workflows.import_file.with_raw_texts"),
)


def main(arguments: Sequence[str]) -> int:
    """Import a delivery and the next night's into SQLite; print seconds and shares."""
    parser = argparse.ArgumentParser(prog="bench guard-cost", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args(arguments)
    project = OUT / "guard-cost"
    files = _deliveries(project, asked.rows)
    print("| delivery | import, seconds | of it profile and guard | share of the rest |\n|---|---|---|---|")
    for _ in range(asked.rounds):
        _found(project)
        for path in files:
            spent: Counter[str] = Counter()
            with _timed(spent):
                whole = _seconds(lambda path=path: ringback.import_file("clients", path, by="bench", project=project))
            guard = spent.total()
            print(f"| {path.name} | {whole:.2f} | {guard:.2f} | {guard / (whole - guard):.1%} |")
    return 0


def _deliveries(project: Path, rows: int) -> list[Path]:
    shutil.rmtree(project, ignore_errors=True)
    project.mkdir(parents=True)
    first = invent(rows, seed=1)
    paths = [project / "first.csv", project / "again.csv"]
    for path, clients in zip(paths, (first, next_night(first, seed=2)), strict=True):
        as_delivered(clients).write_csv(path, separator=";")
    return paths


def _found(project: Path) -> None:
    """A new project beside the deliveries."""
    for name in ("archive", "feeds"):
        shutil.rmtree(project / name, ignore_errors=True)
    for path in project.glob("clients.db*"):
        path.unlink()
    (project / "feeds").mkdir()
    (project / "ringback.yaml").write_text("target: sqlite:///clients.db\n", encoding="utf-8")
    (project / "feeds" / "clients.yaml").write_text(CONTRACT_YAML, encoding="utf-8")
    ringback.approve("clients", by="bench", reason="to measure", project=project)


@contextmanager
def _timed(spent: Counter[str]) -> Iterator[None]:
    """Time each part while the block lasts."""
    with ExitStack() as stack:
        for name, place in PARTS:
            module, _, function = place.rpartition(".")
            told = getattr(__import__(module, fromlist=[function]), function)
            stack.enter_context(mock.patch(place, _counting(told, name, spent)))
        stack.enter_context(mock.patch.object(Gauge, "take", _counting(Gauge.take, "gauge", spent)))
        yield


def _counting(function: Callable[..., Any], name: str, spent: Counter[str]) -> Callable[..., Any]:
    def counted(*given: Any, **named: Any) -> Any:
        since = time.perf_counter()
        try:
            return function(*given, **named)
        finally:
            spent[name] += time.perf_counter() - since

    return counted


def _seconds(act: Callable[[], object]) -> float:
    since = time.perf_counter()
    act()
    return time.perf_counter() - since
