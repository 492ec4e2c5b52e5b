"""`python -m bench peers`: what others would have caught, and held without cause, on the same deliveries.

Every tool learns from the deliveries accepted before a window (at most 10) and judges the window's ordinary delivery
and faults put into it on 30 % of the rows. All get the same typed values in Parquet files: a value that cannot be read
under the contract is missing there. A fault is caught where a check fails that did not fail on the ordinary delivery;
of ringback it is asked besides that it names the field. ringback learns from all that its baseline has (at most 60),
and chose no window: all deliveries are ordinary by what people found (`drift.csv`).
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from bench.guard.corpora import CORPORA, Read
from bench.guard.faults import KEEPS_DISTRIBUTION, NO_OP, Fault, judged_fault, mutants_of
from bench.guard.replay import Feed
from bench.guard.tell import FEEDS, KNOWN, LEAST_LEARNED, Delivery, invented_deliveries, real_deliveries
from bench.measure import measure
from bench.tools import OUT, PYTHON
from ringback.model.contract import Contract
from ringback.steps.limits import limits
from ringback.steps.misreadings import DeliveryMutant

FOLDER = OUT / "peers"
ENVIRONMENTS = {
    "peers": ("great-expectations>=1.24", "pointblank>=1.1", "tdda>=3.3", "pandas", "polars", "pyarrow", "scipy"),
    "tfdv": (  # pip alone finds no set that fits: these do, with Python 3.11
        *("tensorflow-data-validation==1.16.1", "tfx-bsl==1.16.1", "apache-beam[gcp]==2.61.0", "tensorflow==2.16.2"),
        *("pyarrow==10.0.1", "pyfarmhash==0.3.2", "protobuf<5", "numpy<2", "setuptools<70"),
    ),
}
LEARNED = 10  # deliveries that a tool learns from
SHARE = 0.3  # of the rows
AT_ONCE = 2  # tools
FAULTY = 6  # windows of a feed that faults are put into
TOOLS = {
    "expectations": "Great Expectations, suite estimated from accepted deliveries (exact ranges)",
    "constraints": "tdda, constraints discovered on accepted deliveries",
    "psi": "pointblank, PSI >= 0.1 against the last accepted delivery",
    "anomaly": "Deequ-style anomalies, 3 sigma of accepted deliveries, five metrics",
    "tfdv": "TFDV, schema inferred from accepted deliveries, drift > 0.1 against the last of them",
    "row_diff": "plain row diff, twice the highest accepted share",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """An ordinary delivery with enough accepted before it."""

    name: str
    read: Read
    feed: Feed
    has_header_findings: bool
    accepted: tuple[Read, ...]  # oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A fault as all tools get it."""

    window: str
    place: int  # among the window's faults
    code: str
    fields: tuple[str, ...]
    keeps_values: bool  # every column has the values it had, and as often: only whose they are is another matter
    is_caught: bool  # by ringback

    @property
    def mark(self) -> tuple[str, int]:
        """What tells it from all others."""
        return self.window, self.place

    @property
    def keeps_distribution(self) -> bool:
        """As `bench guard` counts it: more or less, and two exchanged columns always."""
        return self.code in KEEPS_DISTRIBUTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one tool said of everything."""

    name: str
    tool: str  # and version
    alarmed: frozenset[str]  # windows
    caught: frozenset[tuple[str, int]]  # windows and places
    seconds: float  # of processor time, all threads


@dataclass(kw_only=True)
class Judging:
    """What ringback says as windows are laid out, and how long that takes it."""

    alarmed: set[str] = field(default_factory=set)
    planted: list[Planted] = field(default_factory=list)
    seconds: float = 0.0

    def judged(self, window: Window, mutant: DeliveryMutant) -> Fault:
        """ringback's verdict."""
        began = time.process_time()
        known = limits(window.feed.baseline, window.read.contract)
        fault = judged_fault(window.name, window.read, window.feed, mutant, known, f"{SHARE:.0%}")
        self.seconds += time.process_time() - began
        return fault


def main(arguments: Sequence[str]) -> int:
    """Lay out, let every tool judge, print the table."""
    asked = _asked(arguments)
    if not CORPORA.is_dir():
        print(f"no corpora at {CORPORA}", file=sys.stderr)
        return 2
    pythons = {tool: _python_of(tool) for tool in asked.tools}
    shutil.rmtree(FOLDER, ignore_errors=True)
    judging, laid = Judging(), []
    for name in asked.feeds:
        print(f"laying out {name}", file=sys.stderr)
        windows = _spread(_ordinary(name, _deliveries(name, asked.clients)), asked.windows)
        laid += list(_laid_out(windows, judging, faults=asked.faults))
    (FOLDER / "windows.json").write_text(json.dumps(laid))
    with ThreadPoolExecutor(AT_ONCE) as threads:
        peers = threads.map(lambda tool: _said(tool, pythons[tool], judging.planted), asked.tools)
        said = [_ringback(judging), *peers]
    _tell(said, judging.planted, windows=len(laid))
    _write_results(said, judging.planted)
    return 0


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench peers", description=__doc__)
    parser.add_argument("--feeds", nargs="+", choices=(*FEEDS, "invented"), default=(*FEEDS, "invented"))
    parser.add_argument("--tools", nargs="+", choices=tuple(TOOLS), default=tuple(TOOLS))
    parser.add_argument("--windows", type=int, default=12, help="ordinary deliveries of a feed, at most")
    parser.add_argument("--faults", type=int, default=120, help="drawn for a feed; those under 15 cells are set aside")
    parser.add_argument("--clients", type=int, default=10_000, help="of the invented feed")
    return parser.parse_args(arguments)


def _python_of(tool: str) -> Path | None:
    """A Python with the tool in an environment of its own; null where it does not install."""
    name = "tfdv" if tool == "tfdv" else "peers"
    folder = OUT / f"{name}-venv"
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"installing {' '.join(ENVIRONMENTS[name])}", file=sys.stderr)
        subprocess.run([PYTHON, "-m", "venv", str(folder)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--prefer-binary"]
        subprocess.run([*pip, "--upgrade", "pip>=25.1"], check=True)
        if subprocess.run([*pip, *ENVIRONMENTS[name]], check=False).returncode:
            shutil.rmtree(folder)
    return python if python.exists() else None


def _deliveries(name: str, clients: int) -> Iterator[Delivery]:
    return invented_deliveries(clients) if name == "invented" else real_deliveries(name)


def _ordinary(name: str, deliveries: Iterator[Delivery]) -> Iterator[Window]:
    """Whatever ringback said of them."""
    accepted: list[Read] = []
    last: Read | None = None
    for judged, read, feed in deliveries:
        if not feed.baseline:
            accepted = []
        elif len(feed.baseline) > len(accepted) and last is not None:
            accepted.append(last)
        last = read or last
        is_ordinary = judged.reaction == "ordinary" and (name, judged.file_name) not in KNOWN
        if read is not None and is_ordinary and len(accepted) >= LEAST_LEARNED:
            yield Window(
                name=f"{name}/{judged.file_name}",
                read=read,
                feed=feed,
                has_header_findings=bool(judged.header),
                accepted=tuple(accepted[-LEARNED:]),
            )


def _spread(windows: Iterator[Window], count: int) -> list[Window]:
    """Spread over the feed's time."""
    found = list(windows)
    return [found[place * len(found) // count] for place in range(count)] if len(found) > count else found


def _laid_out(windows: Sequence[Window], judging: Judging, *, faults: int) -> Iterator[dict[str, object]]:
    """Each window's files, for the tools."""
    faulty = {window.name: seed for seed, window in enumerate(_spread(iter(windows), FAULTY))}
    for window in windows:
        clean = judging.judged(window, DeliveryMutant(rows=window.read.rows, code="none", fields=(), line=""))
        if clean.exceeded or clean.quarantined or window.has_header_findings:
            judging.alarmed.add(window.name)
        seed = faulty.get(window.name)
        count = faults // max(len(faulty), 1)
        paths = [] if seed is None else list(_planted(window, clean, judging, count=count, seed=seed))
        yield {
            "name": window.name,
            "key": list(window.read.contract.key),
            "accepted": [str(_written(read, window.name)) for read in window.accepted],
            "clean": [str(_written(window.read, window.name))],
            "faults": [str(path) for path in paths],
        }


def _planted(window: Window, clean: Fault, judging: Judging, *, count: int, seed: int) -> Iterator[Path]:
    """Faults as `bench guard` draws them for its first share."""
    read, rng = window.read, np.random.default_rng(seed)
    drawn = pl.Series(rng.random(read.rows.height) < SHARE)
    place = 0
    for mutant in mutants_of(read, drawn, rng, count=count * 5 // 6, seed=seed):
        fault = judging.judged(window, mutant)
        if fault.changed < NO_OP:
            continue
        judging.planted.append(
            Planted(
                window=window.name,
                place=place,
                code=fault.code,
                fields=fault.fields,
                keeps_values=all(mutant.rows[name].sort().equals(read.rows[name].sort()) for name in read.rows.columns),
                is_caught=_is_caught(fault, clean),
            )
        )
        yield _write(mutant.rows, read.contract, FOLDER / window.name / f"fault-{place}.parquet")
        place += 1


def _is_caught(fault: Fault, clean: Fault) -> bool:
    """Whether it is held with the field named, and for something that the ordinary delivery does not do."""
    if fault.quarantined:
        return not clean.quarantined
    known = {(over.field, over.measure) for over in clean.exceeded}
    return any((over.field, over.measure) not in known for over in fault.exceeded if over.field in fault.fields)


def _written(read: Read, window: str) -> Path:
    path = FOLDER / window.split("/")[0] / f"{read.path.stem}.parquet"
    return path if path.exists() else _write(read.rows, read.contract, path)


def _write(rows: pl.DataFrame, contract: Contract, path: Path) -> Path:
    """The typed values of all rows; numbers and days as data frames like them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    values = rows.select(_value(name, contract) for name in contract.fields)
    decimals, days, times = pl.selectors.decimal(), pl.selectors.date(), pl.selectors.time()
    casts = decimals.cast(pl.Float64), days.cast(pl.Datetime("us")), times.cast(pl.String)
    values.with_columns(casts).write_parquet(path)
    return path


def _value(name: str, contract: Contract) -> pl.Expr:
    spec = contract.fields[name]
    text = pl.col(str(spec.column))
    trimmed = text.str.strip_chars() if spec.trim else text
    missing = pl.Series(contract.missing_texts(name), dtype=pl.String).implode()
    return spec.read(pl.when(~trimmed.is_in(missing)).then(trimmed)).alias(name)


def _ringback(judging: Judging) -> Said:
    return Said(
        name="ringback",
        tool="ringback, with the field named",
        alarmed=frozenset(judging.alarmed),
        caught=frozenset(fault.mark for fault in judging.planted if fault.is_caught),
        seconds=judging.seconds,
    )


def _said(tool: str, python: Path | None, planted: Sequence[Planted]) -> Said | str:
    """A tool's verdicts, from a process of its own; its name alone where it does not install."""
    if python is None:
        return TOOLS[tool]
    print(f"asking {tool}", file=sys.stderr)
    verdicts = FOLDER / f"{tool}.json"
    command = [str(python), "-m", "bench.guard.peers.side", tool, str(FOLDER / "windows.json"), str(verdicts)]
    measured = measure(tool, command)
    told = json.loads(verdicts.read_text())
    windows = told["windows"]
    return Said(
        name=tool,
        tool=f"{TOOLS[tool]} ({told['versions']})",
        alarmed=frozenset(name for name, window in windows.items() if window["clean"][0]),
        caught=frozenset(
            fault.mark
            for fault in planted
            if set(windows[fault.window]["faults"][fault.place]) - set(windows[fault.window]["clean"][0])
        ),
        seconds=measured.cpu_seconds,
    )


def _tell(said: Sequence[Said | str], planted: Sequence[Planted], *, windows: int) -> None:
    visible = {fault.mark for fault in planted if not fault.keeps_distribution}
    kept = {fault.mark for fault in planted if fault.keeps_distribution}
    same = {fault.mark for fault in planted if fault.keeps_values}
    print(f"{windows} ordinary deliveries; {len(planted)} faults of {NO_OP} or more cells, on {SHARE:.0%} of the rows")
    print("s: processor time to learn and judge; ringback's has reading text as records in it\n")
    print("| tool | visible | distribution kept | of these: the same values, at other clients | clean alarmed | s |")
    print("|---|---|---|---|---|---|")
    for each in said:
        if isinstance(each, str):
            print(f"| {each} | does not install on this Python | | | | |")
            continue
        caught = (f"{len(each.caught & marks)} of {len(marks)}" for marks in (visible, kept, same))
        print(f"| {each.tool} | {' | '.join(caught)} | {len(each.alarmed)} of {windows} | {each.seconds:.0f} |")


def _write_results(said: Sequence[Said | str], planted: Sequence[Planted]) -> None:
    """Fault by fault, and who caught it."""
    heard = [each for each in said if isinstance(each, Said)]
    faults = [
        {**asdict(fault), "caught_by": [each.name for each in heard if fault.mark in each.caught]} for fault in planted
    ]
    alarmed = {each.name: sorted(each.alarmed) for each in heard}
    (FOLDER / "results.json").write_text(json.dumps({"faults": faults, "alarmed": alarmed}, indent=1))
