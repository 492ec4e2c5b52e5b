"""Each tool with the deliveries it loads, one after the other, into a place of its own; what it left is checked."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from bench.measure import ROOT, Measured, measure
from bench.server import Server, held

OUT = ROOT / "bench" / "out"
PYTHON = sys.executable
RINGBACK = str(Path(PYTHON).with_name("ringback"))
DLT_PYTHON = OUT / "dlt-venv" / "bin" / "python"
DLT_QUIET = {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}
NIGHTS = ("2024-08-09", "2024-08-10")


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The files of bench.deliveries, and what a tool must hold after each night."""

    folder: Path

    def delivered(self, night: int) -> str:
        """As the supplier sent it."""
        return str(self.folder / f"clients_{NIGHTS[night]}.csv")

    def typed(self, night: int) -> str:
        """With its meaning known."""
        return str(self.folder / f"typed_{NIGHTS[night]}.csv")

    def check(self, side: str, night: int, rows: int, balance: str) -> None:
        """Raises: RuntimeError, when a side was fast because it did not do the work."""
        expected = json.loads((self.folder / "expected.json").read_text())[night]
        if rows != expected["rows"] or Decimal(balance) != Decimal(expected["balance"]):
            raise RuntimeError(f"{side}: holds {rows} rows, {balance} in all, not {expected}")


def deliveries(rows: int) -> Deliveries:
    """The files for this many clients; written once, in a process of its own."""
    folder = OUT / str(rows)
    if not (folder / "expected.json").exists():
        subprocess.run([PYTHON, "-m", "bench.deliveries", str(folder), str(rows)], check=True, cwd=ROOT)
    return Deliveries(folder)


def copy(server: Server, files: Deliveries) -> list[Measured]:
    """Bare COPY + INSERT ... SELECT + primary key, of the typed file and of the delivered one."""
    taken = []
    for side, way, path in (("copy", "typed", files.typed(0)), ("copy and convert", "text", files.delivered(0))):
        uri = server.fresh("bench_copy")
        server.settle()
        taken.append(measure(side, [PYTHON, "-m", "bench.sides.bare_copy", way, uri, path]))
        files.check(side, 0, *held(uri))
    server.drop("bench_copy")
    return taken


def dlt(server: Server, files: Deliveries) -> list[Measured]:
    """dlt's merge, its fast way: of the first night into nothing, and of the second into the first."""
    return _dlt(server, files, way="arrow", sides=("dlt first", "dlt again"))


def dlt_rows(server: Server, files: Deliveries) -> list[Measured]:
    """dlt's merge, row by row."""
    return _dlt(server, files, way="rows", sides=("dlt rows first", "dlt rows again"))


def _dlt(server: Server, files: Deliveries, *, way: str, sides: tuple[str, str]) -> list[Measured]:
    folder = _emptied(OUT / "dlt")
    uri = server.fresh("bench_dlt")
    taken = []
    for night, side in enumerate(sides):
        server.settle()
        command = [str(DLT_PYTHON), "bench/sides/dlt_merge.py", way, uri, files.delivered(night), str(folder)]
        taken.append(measure(side, command, environment=DLT_QUIET))
        files.check(side, night, *held(uri))
    server.drop("bench_dlt")
    return taken


def ringback(server: Server, files: Deliveries) -> list[Measured]:
    """ringback's nine steps through its command line, first night and second."""
    uri = server.fresh("bench_ringback")
    folder = _project(OUT / "project", target=uri)
    taken = []
    for night, side in enumerate(("ringback first", "ringback again")):
        server.settle()
        taken.append(measure(side, _import(folder, files.delivered(night))))
        files.check(side, night, *held(uri))
    server.drop("bench_ringback")
    return taken


def ringback_sqlite(files: Deliveries) -> list[Measured]:
    """The same into SQLite."""
    folder = _project(OUT / "project-sqlite", target="sqlite:///clients.db")
    taken = []
    for night, side in enumerate(("ringback sqlite first", "ringback sqlite again")):
        taken.append(measure(side, _import(folder, files.delivered(night))))
        files.check(side, night, *_held_in_sqlite(folder / "clients.db"))
    return taken


def executemany(files: Deliveries) -> list[Measured]:
    """The standard library's way into SQLite."""
    database = _emptied(OUT / "executemany") / "clients.db"
    taken = []
    for night, side in enumerate(("executemany first", "executemany again")):
        command = [PYTHON, "-m", "bench.sides.executemany", str(database), files.typed(night)]
        taken.append(measure(side, command))
        files.check(side, night, *_held_in_sqlite(database))
    return taken


def prepare_dlt() -> None:
    """dlt and pyarrow get an environment of their own: ringback's must not change by being measured."""
    if not DLT_PYTHON.exists():
        subprocess.run([PYTHON, "-m", "venv", str(DLT_PYTHON.parent.parent)], check=True)
        subprocess.run([str(DLT_PYTHON), "-m", "pip", "install", "-q", "dlt[postgres,parquet]>=1.20"], check=True)


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _project(folder: Path, *, target: str) -> Path:
    """A project with the invented feed's contract, approved."""
    _emptied(folder)
    (folder / "feeds").mkdir()
    (folder / "ringback.yaml").write_text(f"target: {target}\n")
    write = "from ringback.steps.invent import CONTRACT_YAML; print(CONTRACT_YAML)"
    contract = subprocess.run([PYTHON, "-c", write], check=True, capture_output=True, text=True).stdout
    (folder / "feeds" / "clients.yaml").write_text(contract)
    subprocess.run([RINGBACK, "approve", "clients", "--project", str(folder)], check=True, capture_output=True)
    return folder


def _import(folder: Path, path: str) -> Sequence[str]:
    return [RINGBACK, "import", "clients", path, "--project", str(folder), "--json"]


def _held_in_sqlite(database: Path) -> tuple[int, str]:
    """Read in a process that never wrote: no second SQLite library on a file in use."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        balances = [Decimal(str(balance)) for (balance,) in connection.execute("SELECT balance FROM clients")]
    finally:
        connection.close()
    return len(balances), str(sum(balances))
