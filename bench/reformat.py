"""`python -m bench reformat`: recipes from examples on public tasks, and the speed of one.

The tasks and their scorer are `../shared/benchmarks/reformat/` (no licence file: measured there, never copied). A third
of the tasks, by a hash of their names, is told apart: its rows were not used for tuning.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from ringback import learn
from ringback.model.recipe import Rules
from ringback.steps.reformat.reference import agreed
from ringback.workflows.recipe import Recipe

HERE = Path(__file__).parent
TASKS = HERE.parents[1] / "shared" / "benchmarks" / "reformat"
OUT = HERE / "out"
Scored = list[dict[str, Any]]


def main(words: Sequence[str]) -> int:
    """Measure as asked and print the tables."""
    parser = argparse.ArgumentParser(prog="bench reformat", description=__doc__)
    parser.add_argument("--k", default="1,2,3", help="how many rows are examples")
    parser.add_argument("--skip", nargs="*", default=[], choices=("tasks", "interactive", "speed"))
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the speed")
    asked = parser.parse_args(words)
    OUT.mkdir(exist_ok=True)
    if "tasks" not in asked.skip:
        scored = score("--k", asked.k, "--out", str(OUT / "reformat.jsonl"), out=OUT / "reformat.jsonl")
        print("\n".join(_table(scored, [int(k) for k in asked.k.split(",")])))
    if "interactive" not in asked.skip:
        out = OUT / "reformat-interactive.jsonl"
        print("\n".join(_interactive(score("--mode", "interactive", "--out", str(out), out=out))))
    if "speed" not in asked.skip:
        print("\n".join(speed(asked.rows)))
    return 0


def score(*words: str, out: Path) -> Scored:
    """The scorer's answer for each task; it runs where its tasks are, and writes only `out`."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(HERE.parent / "src")}
    subprocess.run([sys.executable, "score.py", *words], cwd=TASKS, env=environment, check=True)
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def is_aside(name: str) -> bool:
    """Whether a task is of the third whose rows were not used for tuning."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 3 == 0


def _table(scored: Scored, ks: Sequence[int]) -> Iterator[str]:
    yield "| examples | tasks | solved | silently wrong | no answer | learning, median / longest |"
    yield "|---|---|---|---|---|---|"
    sources = sorted({task["source"] for task in scored})
    for k in ks:
        for name, chosen in (
            ("all", scored),
            ("tuned on", [task for task in scored if not is_aside(task["id"])]),
            ("aside", [task for task in scored if is_aside(task["id"])]),
            *((source, [task for task in scored if task["source"] == source]) for source in sources),
        ):
            yield _line(f"{k}, {name}", [task[f"k{k}"] for task in chosen if f"k{k}" in task])


def _line(name: str, verdicts: Scored) -> str:
    if not verdicts:
        return f"| {name} | 0 | | | | |"
    count = len(verdicts)
    shares = [f"{sum(each['v'] == v for each in verdicts) / count:.1%}" for v in ("solved", "wrong", "abstain")]
    seconds = sorted(each["s"] for each in verdicts)
    return f"| {name} | {count} | {' | '.join(shares)} | {seconds[count // 2]:.2f} / {seconds[-1]:.1f} s |"


def _interactive(scored: Scored) -> Iterator[str]:
    for name, chosen in (
        ("all", scored),
        ("tuned on", [task for task in scored if not is_aside(task["id"])]),
        ("aside", [task for task in scored if is_aside(task["id"])]),
    ):
        needs = [task["need"] for task in chosen]
        shares = [f"{sum(n is not None and n <= most for n in needs) / len(needs):.1%}" for most in (1, 2, 3)]
        yield f"told the first wrong row, {name}: solved within 1, 2, 3 examples: {', '.join(shares)}"


def speed(row_count: int) -> Iterator[str]:
    """A learned recipe of five steps over whole columns, beside the same recipe and hand-written Python, row by row."""
    shown = [
        (["Lovelace, Ada", "0207-946-0001"], "A. LOVELACE (0207)"),
        (["Turing, Alan", "01632-960-123"], "A. TURING (01632)"),
    ]
    recipe = learn(shown, [["Hopper, Grace", "0117-496-0456"]])
    assert isinstance(recipe, Recipe)
    rules = Rules(formula=recipe.rules.formula)
    numbers = pl.int_range(row_count, eager=True)
    frame = pl.DataFrame(
        {
            "name": pl.select(pl.format("Turing{}, Alan", numbers % 9973)).to_series(),
            "phone": pl.select(pl.format("0{}-{}-{}", numbers % 4001 + 100, numbers % 901 + 100, numbers)).to_series(),
        }
    )
    rows = frame.head(row_count // 10).rows()
    began = time.perf_counter()
    made = Recipe(rules).run_frame(frame)
    columns = time.perf_counter() - began
    began = time.perf_counter()
    one_by_one = [agreed(rules, row) for row in rows]
    meaning = 10 * (time.perf_counter() - began)
    began = time.perf_counter()
    by_hand = [_by_hand(*row) for row in rows]
    hand = 10 * (time.perf_counter() - began)
    assert made.head(len(rows)).to_list() == one_by_one == by_hand
    yield f"{row_count:,} rows through: {recipe.explain()}"
    yield f"whole columns {columns:.2f} s; the recipe row by row {meaning:.1f} s; written by hand {hand:.2f} s"


def _by_hand(name: str, phone: str) -> str | None:
    comma, hyphen = name.find(","), phone.find("-")
    if comma < 0 or hyphen < 0:
        return None
    return f"{name[comma + 2 : comma + 3]}. {name[:comma].upper()} ({phone[:hyphen]})"
