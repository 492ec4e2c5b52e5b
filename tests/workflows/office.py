"""A project of its own for a test, and what people do in it; the tables are looked at beside ringback, in plain SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from adbc_driver_manager import dbapi

from ringback.model.progress import Progress, Silent
from ringback.model.release import Approval
from ringback.model.run import Outcome, Run
from ringback.model.trial import Trial
from ringback.model.undo import RepairReceipt, UndoReceipt
from ringback.workflows.approve import Wanted, approve
from ringback.workflows.import_file import Asked, import_file, plan_file
from ringback.workflows.place import Place
from ringback.workflows.quarantine import export, take_back
from ringback.workflows.release import drop_run, release_run
from ringback.workflows.repair import repair_run
from ringback.workflows.scope import Scope
from ringback.workflows.trial import Wanted as TrialWanted
from ringback.workflows.trial import trial
from ringback.workflows.undo import undo_run

NOW = datetime(2024, 8, 10, tzinfo=UTC)
HEADER = "Client No;Name;Born;Balance"
FIELDS: dict[str, Any] = {
    "client_no": {"from": "Client No", "type": "string", "constraints": {"pattern": "[0-9]{4}"}},
    "name": {"from": "Name", "type": "string"},
    "born_on": {"from": "Born", "type": "date", "format": "%d/%m/%Y"},
    "balance": {"from": "Balance", "type": "decimal", "decimalChar": ",", "groupChar": ".", "scale": "2"},
}
ALL = {"hold_above": "100 %"}
OPEN_POLICY = {"quarantined": ALL, "removed": ALL, "shrunk": ALL, "duplicated": ALL}  # nothing is too much

Values = tuple[str | None, ...]


def contract_text(feed: str = "clients", **told: Any) -> str:
    """A contract of four fields; `told` has what is otherwise in it. JSON is YAML too."""
    written = {
        "feed": feed,
        "key": ["client_no"],
        "source": {"delimiter": ";"},
        "target": {"table": feed},
        "fields": FIELDS,
        "policy": OPEN_POLICY,
        **told,
    }
    return json.dumps(written, indent=1)


def found_project(folder: Path, target: str) -> None:
    """Write a project without feeds."""
    (folder / "feeds").mkdir(parents=True)
    (folder / "ringback.yaml").write_text(f"target: {target}\n", encoding="utf-8")


def query(target: str, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query, beside ringback."""
    with _connection(target) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetch_polars().rows()


def run_sql(target: str, *statements: str) -> None:
    """Run statements as somebody else would."""
    with _connection(target) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _connection(target: str) -> dbapi.Connection:
    if target.startswith("sqlite"):
        import adbc_driver_sqlite.dbapi as adbc

        connection = adbc.connect(target.removeprefix("sqlite:///"), autocommit=True)
        with connection.cursor() as cursor:
            cursor.execute("pragma busy_timeout = 5000")  # the last one to leave tidies up, alone
            cursor.fetch_polars()
        return connection
    import adbc_driver_postgresql.dbapi as adbc_postgresql

    return adbc_postgresql.connect(target, autocommit=True)


@dataclass
class Office:
    """An open project with one feed."""

    folder: Path
    target: str
    place: Place
    feed: str = "clients"

    # -- contract
    def write_contract(self, **told: Any) -> None:
        """Change the working copy of the contract."""
        path = self.folder / "feeds" / f"{self.feed}.yaml"
        path.write_text(contract_text(self.feed, **told), encoding="utf-8")

    def agree(self, **told: Any) -> None:
        """Write a contract and approve it."""
        self.write_contract(**told)
        self.approve()

    def approve(self, by: str = "owner", **told: Any) -> Approval:
        """Approve the working copy as people should: after a trial, where there is something to try it on."""
        if self.place.store.releases(self.feed) and self.place.last_import(self.feed) is not None:
            self.try_out()
        return self.approve_untried(by, **told)

    def approve_untried(self, by: str = "owner", **told: Any) -> Approval:
        """Approve the working copy as it stands."""
        return approve(self.feed, self.place, asked(by=by), Wanted(**told))

    def try_out(self, **told: Any) -> Trial:
        """Try the working copy on archived deliveries."""
        return trial(self.feed, self.place, asked(), TrialWanted(**told)).trial

    # -- deliveries
    def file(self, *rows: str, name: str = "clients.csv", header: str | None = HEADER) -> Path:
        """A delivery with these lines."""
        lines = [*([header] if header is not None else []), *rows]
        path = self.folder / name
        path.write_bytes("".join(f"{line}\n" for line in lines).encode())
        return path

    def take_in(self, *rows: str, name: str = "clients.csv", header: str | None = HEADER) -> Run:
        """Import a delivery with these lines."""
        return self.take_in_file(self.file(*rows, name=name, header=header))

    def take_in_file(self, path: Path, progress: Progress | None = None) -> Run:
        """Import a file."""
        return import_file(path, self.feed, self.place, asked(progress)).run

    def plan(self, *rows: str) -> Run:
        """Plan a delivery with these lines."""
        return plan_file(self.file(*rows), self.feed, self.place, asked()).receipt.run

    def take_in_whatever(self, *rows: str) -> Run:
        """Import a delivery, and release the run when it is held."""
        run = self.take_in(*rows)
        return self.release(run) if run.outcome is Outcome.HELD else run

    def release(self, run: Run) -> Run:
        """Release a held run."""
        return release_run(run.id, self.place, asked()).run

    def drop(self, run: Run) -> Run:
        """Drop a held run."""
        return drop_run(run.id, self.place, asked())

    def undo(
        self, run: Run, *, field: str | None = None, key: tuple[str, ...] | None = None, dry: bool = False
    ) -> UndoReceipt:
        """Take a run back."""
        return undo_run(run.id, self.place, asked(), scope=Scope(field=field, key=key), dry=dry)

    def repair(
        self, run: Run, *, field: str | None = None, key: tuple[str, ...] | None = None, dry: bool = False
    ) -> RepairReceipt:
        """Read a run's delivery again under the approved contract."""
        return repair_run(run.id, self.place, asked(), scope=Scope(field=field, key=key), dry=dry)

    def export(self, run: Run | None = None) -> Path:
        """Quarantined rows as a file for correction."""
        path = self.folder / "rejects.csv"
        export(self.feed, path, self.place, run_id=run.id if run else None)
        return path

    def take_back(self, path: Path, run: Run) -> Run:
        """Import corrected rows of a run."""
        return take_back(self.feed, path, run.id, self.place, asked()).run

    # -- what there is
    def live(self, columns: tuple[str, ...] = ("name", "born_on", "balance")) -> dict[str, Values]:
        """Client number -> values as text; empty while there is no table."""
        return live(self.target, self.feed, columns)

    def edit(self, *statements: str) -> None:
        """Write to the database as somebody else would."""
        run_sql(self.target, *statements)

    def ledger(self) -> list[Run]:
        """All runs, oldest first."""
        return list(self.place.store.runs(self.feed, limit=1000))[::-1]

    def history(self, run: Run) -> pl.DataFrame:
        """The cells of a run."""
        contract = self.place.contract(self.feed).contract
        none = pl.DataFrame(schema=dict.fromkeys(("kind", "field", "before", "after"), pl.String))
        return pl.concat([none, *self.place.store.cells_of_run(contract, run.id)], how="diagonal")


def live(target: str, table: str, columns: tuple[str, ...]) -> dict[str, Values]:
    """Key -> values as text, read beside ringback; booleans are true or false."""
    texts = [
        "case when closed then 'true' else 'false' end" if name == "closed" else f"cast({name} as text)"
        for name in columns
    ]
    try:
        rows = query(target, f"select client_no, {', '.join(texts)} from {table}")
    except dbapi.ProgrammingError:
        assert not _is_there(target, table)
        return {}
    held = {str(row[0]): tuple(row[1:]) for row in rows}
    assert len(held) == len(rows)
    return held


def _is_there(target: str, table: str) -> bool:
    if target.startswith("sqlite"):
        return bool(query(target, f"select 1 from sqlite_master where name = '{table}'"))
    return bool(query(target, f"select 1 from pg_tables where tablename = '{table}'"))


def asked(progress: Progress | None = None, *, by: str = "night shift") -> Asked:
    """The night shift asks, or somebody else."""
    return Asked(now=NOW, by=by, progress=progress or Silent())


def codes(run: Run) -> list[str]:
    """The codes of a run's findings."""
    return [finding.code for finding in run.findings]


def values(rows: Mapping[str, str]) -> dict[str, Values]:
    """Key -> "name 1980-04-03 12.50" as values; "-" is a missing one."""
    return {key: tuple(None if part == "-" else part for part in text.split()) for key, text in rows.items()}
