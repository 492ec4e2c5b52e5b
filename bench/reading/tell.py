"""`python -m bench reading`: readers side by side, on files that others polluted, on real ones and on invented ones.

The files of others are in ../shared/benchmarks/loading with their scorer (`--benchmark DIR`; no licence to copy them).
Invented ones are made by bench/reading/invented.py from seeds that nothing was tuned on, and judged by the same scorer,
by position: right; right, but told to be doubtful; wrong, but told; refused; silently wrong. `--held-back` takes only a
third of the benchmark's files (by a hash of their names), to be compared with the others.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bench.measure import ROOT
from bench.reading.invented import invented_files
from bench.reading.speed import speed_table
from bench.tools import OUT, PYTHON

FOLDER = OUT / "reading"
PEERS = ("duckdb>=1.4", "polars>=2.1", "pandas>=3", "clevercsv>=0.8.5")
SIDES = ("ringback", "duckdb", "polars", "pandas", "clevercsv", "csv")
BENCHMARK = ROOT.parent / "shared" / "benchmarks" / "loading"
SEEDS = range(1000, 1040)
MEASURES = 10  # that a Pollock score is the sum of


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one reader made of one set of files."""

    side: str
    files: str
    outcomes: Counter[str]
    clean_count: int  # files about which nothing has to be said
    false_doubts: int  # of them: said to be doubtful all the same
    pollock: float  # 0 to 10
    weighted: float | None  # 0 to 10, by how often a pollution is found in the wild


def main(words: Sequence[str]) -> int:
    """Judge every reader on every set; print a table in Markdown."""
    asked = _arguments(words)
    sets = {"invented": _written(asked.seeds)}
    if (asked.benchmark / "manifest.csv").exists():
        sets |= _benchmark(asked.benchmark, held_back=asked.held_back)
    else:
        print(f"{asked.benchmark} is not there: invented files only", file=sys.stderr)
    if set(asked.sides) - {"ringback"}:
        _prepare_peers()
    judged = [_judged(side, name, folder, asked.benchmark) for side in asked.sides for name, folder in sets.items()]
    print("\n".join(_table(judged)))
    if asked.speed:
        print("\n" + speed_table())
    return 0


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench reading", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--benchmark", type=Path, default=BENCHMARK)
    parser.add_argument("--held-back", action="store_true", help="only a third of the benchmark, by a hash")
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=list(SIDES))
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="invented tables; each is written in every way")
    parser.add_argument("--speed", action="store_true", help="reading clean text beside Polars, too")
    return parser.parse_args(words)


def _prepare_peers() -> None:
    """The peers get an environment of their own: ringback's must not change by being measured."""
    if not _peer_python().exists():
        subprocess.run([PYTHON, "-m", "venv", str(_peer_python().parents[1])], check=True)
        subprocess.run([str(_peer_python()), "-m", "pip", "install", "-q", *PEERS], check=True)


def _peer_python() -> Path:
    return OUT / "reading-venv" / "bin" / "python"


def _written(seeds: int) -> Path:
    """The invented files and what they mean, as the scorer takes them."""
    folder = FOLDER / "invented"
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for number, file in enumerate(invented_files(SEEDS[:seeds])):
        (folder / f"{number}.csv").write_bytes(file.content)
        named = file.clean if file.has_header else [[], *file.clean]
        with (folder / f"{number}.clean.csv").open("w", newline="", encoding="utf-8") as out:
            csv.writer(out, quoting=csv.QUOTE_ALL).writerows(named)
        row = {"file": f"{number}.csv", "clean": f"{number}.clean.csv", "kind": file.kind, "origin": "invented"}
        rows.append(row | {"weight": "0", "note_due": str(int(file.note_due))})
    _write_manifest(folder, rows)
    return folder


def _benchmark(benchmark: Path, *, held_back: bool) -> dict[str, Path]:
    """The benchmark's files by where they come from, each set a folder with a manifest of absolute paths."""
    with (benchmark / "manifest.csv").open(newline="", encoding="utf-8") as content:
        rows = [row for row in csv.DictReader(content) if not held_back or _is_held_back(row["file"])]
    for row in rows:
        row["file"], row["clean"] = str(benchmark / row["file"]), str(benchmark / row["clean"])
        row["weight"] = row["weight"] or "0"
    sets = {}
    for origin in sorted({row["origin"] for row in rows}):
        sets[origin] = FOLDER / origin
        sets[origin].mkdir(parents=True, exist_ok=True)
        _write_manifest(sets[origin], [row for row in rows if row["origin"] == origin])
    return sets


def _is_held_back(file: str) -> bool:
    return int(sha256(file.encode()).hexdigest(), 16) % 3 == 0


def _write_manifest(folder: Path, rows: Sequence[dict[str, str]]) -> None:
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _judged(side: str, name: str, folder: Path, benchmark: Path) -> Judged:
    print(f"{side} on {name}", file=sys.stderr)
    out = folder / f"{side}.csv"
    python = PYTHON if side == "ringback" else str(_peer_python())
    sides = Path(__file__).parent / "sides"
    command = [python, str(benchmark / "score.py"), "--data", str(folder), "--load", f"{side}_side:load"]
    subprocess.run(
        [*command, "--per-file", str(out)], check=True, cwd=sides, stdout=subprocess.DEVNULL, env=_environment(side)
    )
    with out.open(newline="", encoding="utf-8") as content:
        return _summed(side, name, list(csv.DictReader(content)))


def _environment(side: str) -> dict[str, str]:
    path = {"PYTHONPATH": f"{ROOT / 'src'}"} if side == "ringback" else {}
    return {"PATH": "/usr/bin:/bin", **path}


def _summed(side: str, name: str, rows: Sequence[dict[str, str]]) -> Judged:
    measures = list(rows[0])[-2 - MEASURES : -2]
    scores = [sum(float(row[measure]) for measure in measures) for row in rows]
    weights = [float(row["weight"]) for row in rows]
    clean = [row for row in rows if row["due"] == "0"]
    weighted = (
        sum(score * weight for score, weight in zip(scores, weights, strict=True)) / sum(weights)
        if any(weights)
        else None
    )
    return Judged(
        side=side,
        files=name,
        outcomes=Counter(row["outcome"] for row in rows),
        clean_count=len(clean),
        false_doubts=sum(row["outcome"] in ("right+flag", "wrong+flag", "refused") for row in clean),
        pollock=sum(scores) / len(scores),
        weighted=weighted,
    )


def _table(judged: Sequence[Judged]) -> Iterator[str]:
    head = (
        "files",
        "reader",
        "read right",
        "wrong, but said",
        "refused",
        "silently wrong",
        "doubts about clean files (or refused)",
    )
    yield f"| {' | '.join(head)} | Pollock (weighted) |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in sorted(judged, key=lambda one: one.files):
        count, outcomes = one.outcomes.total(), one.outcomes
        weighted = "" if one.weighted is None else f" ({one.weighted:.3f})"
        right = outcomes["right"] + outcomes["right+flag"]
        shares = [f"{100 * share / count:.1f} %" for share in (right, outcomes["wrong+flag"], outcomes["refused"])]
        silent = f"{outcomes['SILENT']} ({100 * outcomes['SILENT'] / count:.1f} %)"
        doubts = f"{one.false_doubts} of {one.clean_count}"
        told = (f"{one.files}, {count:,}", one.side, *shares, silent, doubts, f"{one.pollock:.3f}{weighted}")
        yield f"| {' | '.join(told)} |"
