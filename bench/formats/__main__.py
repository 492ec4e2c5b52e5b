"""python -m bench.formats [ROWS [ROUNDS]]: reading alone, each format in a process of its own, in turn."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.formats.write import SOURCES, kinds, write
from ringback.model.contract import Source
from ringback.steps.read import read


def main(rows: int, rounds: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {kind: Path(folder) / f"clients.{kind}" for kind in kinds()}
        for kind, path in paths.items():
            write(kind, path, rows)
        told = {kind: [_measured(kind, path) for _ in range(rounds)] for kind, path in paths.items()}
        csv = median(each["seconds"] for each in told["csv"])
        print(f"| format | MB | seconds | x CSV | peak MiB |\n|---|---|---|---|---|  {rows:,} rows, {rounds} rounds")
        for kind, path in paths.items():
            seconds = median(each["seconds"] for each in told[kind])
            peak = max(each["peak_mib"] for each in told[kind])
            assert all(each["rows"] == rows for each in told[kind])
            print(f"| {kind} | {path.stat().st_size / 1e6:,.0f} | {seconds:.2f} | {seconds / csv:.1f} | {peak:,.0f} |")


def _measured(kind: str, path: Path) -> dict[str, float]:
    ended = subprocess.run(
        [sys.executable, "-m", "bench.formats", "--one", kind, str(path)], capture_output=True, text=True, check=True
    )
    told: dict[str, float] = json.loads(ended.stdout)
    return told


def one(kind: str, path: Path) -> None:
    """Read one file to its end, and tell its seconds and the process's peak."""
    source = Source.model_validate(SOURCES[kind])
    began, rows = time.process_time(), 0
    with path.open("rb") as content:
        for chunk in read(content, source, file_name="clients").chunks():
            rows += chunk.rows.height
    seconds = time.process_time() - began  # of the processor: the machine has other work
    print(
        json.dumps(
            {"rows": rows, "seconds": seconds, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
        )
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], Path(sys.argv[3]))
    else:
        given = [int(each) for each in sys.argv[1:]]
        main(*[*given, *[1_000_000, 3][len(given) :]])
