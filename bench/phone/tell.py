"""`python -m bench phone`: 200 questions a second over 1,000,000 clients; then while an import renames all of them, and
while that is undone. Each program is a process of its own: the server, the import, the callers.

Goals (issue 7): p99 <= 10 ms; <= 25 ms during an import and an undo; no failed and no wrong answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

import polars as pl

from bench.measure import ROOT
from bench.phone.calls import Caller, Heard, Names
from bench.server import running
from bench.tools import OUT

_PROGRAM = [sys.executable, "-c", "from ringback.cli import main; main()"]
_CONTRACT = """feed: clients
key: client_no
target: {table: clients}
fields:
  client_no: {from: No, type: string}
  first_name: {from: First, type: string}
  last_name: {from: Last, type: string}
  tier: {from: Tier, type: string}
  phone: {from: Phone, type: phone, region: DE}
"""
_PHONE = "phone: {feed: clients, region: DE, numbers: phone, name: [first_name, last_name], tier: tier}\n"
_HELD = 3  # exit code: every name is another one, so a person decides


def main(arguments: Sequence[str]) -> int:
    """Measure on both databases and print a table."""
    parser = argparse.ArgumentParser(prog="bench phone", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--per-second", type=float, default=200)
    parser.add_argument("--quiet-seconds", type=float, default=30)
    parser.add_argument("--databases", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    parser.add_argument(
        "--real-time",
        action="store_true",
        help="all but the import before other programs of a machine that others load",
    )
    asked = parser.parse_args(arguments)
    if asked.real_time:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    print("| database | phase | seconds | answers | p50 ms | p99 ms | p99.9 ms | most ms | failed | missed | wrong |")
    print("|---|---|---|---|---|---|---|---|---|---|---|", flush=True)
    for database in asked.databases:
        with running(OUT / "pg") if database == "postgresql" else nullcontext() as server:
            target = server.fresh("bench_phone") if server else "sqlite:///clients.db"
            _measure(database, target, asked)
    return 0


def _measure(database: str, target: str, asked: argparse.Namespace) -> None:
    folder = _project(OUT / "phone", target, asked.rows)
    _ringback("import", "clients", "old.csv", folder=folder)
    _ringback("serve", "--prepare", folder=folder)
    with _serving(folder) as port:
        caller = Caller(port, asked.rows, asked.per_second, seed=1)

        async def phases() -> None:
            await _tell(database, "warming up", caller, _Lasting(3), _names())
            await _tell(database, "quiet", caller, _Lasting(asked.quiet_seconds), _names())
            await _tell(database, "import of all", caller, _Working(folder, _import_all), _names())
            await _tell(database, "undo of all", caller, _Working(folder, _undo), _names(turned=True))
            await _tell(database, "quiet again", caller, _Lasting(5), _names())

        asyncio.run(phases())


async def _tell(database: str, phase: str, caller: Caller, over: Callable[[], bool], names: Names) -> None:
    begun = time.perf_counter()
    heard = await caller.ask_until(over, names)
    _print(database, phase, time.perf_counter() - begun, heard)


def _print(database: str, phase: str, seconds: float, heard: Heard) -> None:
    figures = [heard.at(share) for share in (0.5, 0.99, 0.999, 1)]
    told = [f"{seconds:.0f}", f"{len(heard.milliseconds):,}", *(f"{figure:.1f}" for figure in figures)]
    print(
        f"| {database} | {phase} | {' | '.join(told)} | {heard.failed} | {heard.missed} | {heard.wrong} |", flush=True
    )


class _Lasting:
    """Over after so many seconds from the first question on."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._end = seconds, 0.0

    def __call__(self) -> bool:
        self._end = self._end or time.perf_counter() + self._seconds
        return time.perf_counter() > self._end


class _Working:
    """Over when the work is done, and a second later: what comes after a commit is measured too."""

    def __init__(self, folder: Path, work: Callable[[Path], None]) -> None:
        self._working = threading.Thread(target=work, args=(folder,))
        self._rest: _Lasting | None = None
        self._working.start()

    def __call__(self) -> bool:
        if self._rest is None and not self._working.is_alive():
            self._rest = _Lasting(1)
        return self._rest is not None and self._rest()


def _import_all(folder: Path) -> None:
    _ringback("import", "clients", "new.csv", folder=folder, codes=(0, _HELD))
    newest = _newest(folder)
    if newest["verdict"] == "held":
        _ringback("release", newest["run"], folder=folder)


def _undo(folder: Path) -> None:
    _ringback("undo", _newest(folder)["run"], folder=folder)


def _newest(folder: Path) -> dict[str, str]:
    told = subprocess.run(
        [*_PROGRAM, "runs", "--json"], cwd=folder, env=_environment(), check=True, capture_output=True, text=True
    )
    run = json.loads(told.stdout)["runs"][0]
    return {"run": run["run"], "verdict": run["verdict"]}


def _ringback(*words: str, folder: Path, codes: Sequence[int] = (0,)) -> None:
    command = ["chrt", "--other", "0", *_PROGRAM, *words]  # an import has no precedence, whatever this process has
    ended = subprocess.run(command, cwd=folder, env=_environment(), check=False, stdout=subprocess.DEVNULL)
    if ended.returncode not in codes:
        raise RuntimeError(f"ringback {words[0]}: exit code {ended.returncode}")


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}


@contextmanager
def _serving(folder: Path) -> Iterator[int]:
    command = [*_PROGRAM, "serve", "--json", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, env=_environment(), stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        told = ""
        while not told.rstrip().endswith("}"):
            told += program.stdout.readline()
        try:
            yield int(json.loads(told)["url"].rsplit(":", 1)[1])
        finally:
            program.terminate()


def _project(folder: Path, target: str, rows: int) -> Path:
    """Clients with a number of their own each, in two files: under their old names and under their new ones."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "feeds").mkdir(parents=True)
    (folder / "ringback.yaml").write_text(f"target: {target}\n{_PHONE}")
    (folder / "feeds" / "clients.yaml").write_text(_CONTRACT)
    number = pl.int_range(rows).cast(pl.String)
    for name in ("old", "new"):
        clients = pl.select(
            ("0" + number).alias("No"),
            pl.lit("Eve").alias("First"),
            (pl.lit(name.title()) + number).alias("Last"),
            pl.lit("gold").alias("Tier"),
            (pl.lit("+49 30 ") + (pl.int_range(rows) + 2_000_000).cast(pl.String)).alias("Phone"),
        )
        clients.write_csv(folder / f"{name}.csv")
    _ringback("approve", "clients", folder=folder)
    return folder


def _names(*, turned: bool = False) -> Names:
    def old(client: int) -> str:
        return f"Eve Old{client}"

    def new(client: int) -> str:
        return f"Eve New{client}"

    first, then = (new, old) if turned else (old, new)
    return Names(number=lambda client: f"030{2_000_000 + client}", old=first, new=then)
