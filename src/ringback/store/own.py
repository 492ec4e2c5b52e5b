"""Ringback's own tables: their columns, and how they come to be."""

from __future__ import annotations

import polars as pl

from ringback.errors import StoreError
from ringback.store.dialect import Dialect
from ringback.store.link import Link
from ringback.store.shape import Column, Shape, Table

VERSION = 9  # of these tables; a newer one in the database is refused, an older one is brought up to it

_TEXT, _WHOLE, _MOMENT = pl.String(), pl.Int64(), pl.Datetime("us", "UTC")

SCHEMA, FEED, RUN, RELEASE, QUARANTINE, BASELINE, DRILL = (
    Table(f"ringback_{name}") for name in ("schema", "feed", "run", "release", "quarantine", "baseline", "drill")
)
READING, TRIAL, EVENT, INCIDENT = (Table(f"ringback_{name}") for name in ("reading", "trial", "event", "incident"))
ACKNOWLEDGEMENT, TRAINING = (Table(f"ringback_{name}") for name in ("acknowledgement", "training"))
RUN_SHAPE: Shape = (
    Column("id", _WHOLE),
    Column("feed", _TEXT),
    Column("kind", _TEXT),
    Column("outcome", _TEXT),
    Column("file_name", _TEXT),
    Column("sha256", _TEXT),
    Column("size_bytes", _WHOLE),
    Column("issued", _TEXT),
    Column("fingerprint", _TEXT),
    Column("previous", _WHOLE),
    Column("undoes", _WHOLE),
    Column("repairs", _WHOLE),
    Column("partial", pl.Boolean()),
    Column("corrects", _WHOLE),
    *(
        Column(f"rows_{name}", _WHOLE)
        for name in ("read", "added", "changed", "unchanged", "quarantined", "duplicate", "skipped")
    ),
    Column("removed", _WHOLE),
    Column("closed", _WHOLE),
    Column("missing", _WHOLE),
    Column("changed_by_field", _TEXT),  # JSON
    Column("findings", _TEXT),  # JSON
    Column("plan_digest", _TEXT),
    Column("started_at", _MOMENT),
    Column("done_by", _TEXT),
    Column("position", _WHOLE),  # among the published runs of the feed: 1, 2, 3, ...; a released run gets its own late
    Column("token", _TEXT),  # made up for each attempt: tells after a lost connection whether it was this one
)
_REPAIRS_VERSION = 7  # since it the ledger has `repairs`
RELEASE_SHAPE: Shape = (
    Column("id", _WHOLE),
    Column("feed", _TEXT),
    Column("fingerprint", _TEXT),
    Column("contract_text", _TEXT),
    Column("software", _TEXT),  # JSON
    Column("approved_by", _TEXT),
    Column("approved_at", _MOMENT),
    Column("reason", _TEXT),
)
_RELEASE_LATER_VERSION = 5
RELEASE_LATER: Shape = (  # since this version; null in older rows
    Column("author", _TEXT),
    Column("emergency", pl.Boolean()),
    Column("trial", _WHOLE),
    Column("evidence", _TEXT),  # the trial's digest
)
_NOTES_VERSION = 8
_RELEASE_NOTES: Shape = (Column("notes", _TEXT),)  # since this version; null in older rows
RELEASE_WHOLE: Shape = (*RELEASE_SHAPE, *RELEASE_LATER, *_RELEASE_NOTES)
QUARANTINE_SHAPE: Shape = (
    Column("run", _WHOLE),
    Column("line", _WHOLE),
    Column("fault", _WHOLE),
    Column("column", _TEXT),
    Column("field", _TEXT),
    Column("code", _TEXT),
    Column("raw", _TEXT),
    Column("reason", _TEXT),
    Column("row", _TEXT),
)
BASELINE_SHAPE: Shape = (
    Column("run", _WHOLE),
    Column("feed", _TEXT),
    Column("version", _WHOLE),  # of the measures
    Column("measures", _TEXT),  # JSON
)
DRILL_SHAPE: Shape = (
    Column("id", _WHOLE),
    Column("feed", _TEXT),
    Column("fingerprint", _TEXT),  # of the contract that was drilled, approved or not
    Column("caught", _WHOLE),
    Column("total", _WHOLE),
    Column("sample_rows", _WHOLE),
    Column("seed", _WHOLE),
    Column("run", _WHOLE),  # whose delivery it was
    Column("drilled_at", _MOMENT),
    Column("done_by", _TEXT),
)
DRILL_COUNTS_VERSION = 7
DRILL_COUNTS = Column("counts", _TEXT)  # JSON, by misreading; since this version, null in older rows
READING_SHAPE: Shape = (
    Column("run", _WHOLE),
    Column("feed", _TEXT),
    Column("digest", _TEXT),  # JSON
)
TRIAL_SHAPE: Shape = (
    Column("id", _WHOLE),
    Column("feed", _TEXT),
    Column("fingerprint_before", _TEXT),
    Column("fingerprint_after", _TEXT),
    Column("changes_nothing", pl.Boolean()),
    Column("evidence", _TEXT),  # JSON, with its digest
    Column("tried_at", _MOMENT),
    Column("done_by", _TEXT),
)
EVENT_SHAPE: Shape = (
    Column("sequence", _WHOLE),
    Column("feed", _TEXT),
    Column("kind", _TEXT),
    Column("happened_at", _MOMENT),
    Column("done_by", _TEXT),
    Column("what", _TEXT),  # JSON
    Column("previous", _TEXT),  # the hash of the event before
    Column("hash", _TEXT),
)
ACKNOWLEDGEMENT_SHAPE: Shape = (
    Column("id", _WHOLE),
    Column("feed", _TEXT),
    Column("release", _WHOLE),
    Column("acknowledged_at", _MOMENT),
    Column("done_by", _TEXT),
)
TRAINING_SHAPE: Shape = (
    Column("id", _WHOLE),
    Column("feed", _TEXT),
    Column("state", _TEXT),
    Column("begun_at", _MOMENT),
    Column("done_by", _TEXT),
    Column("told", _TEXT),  # JSON
)
INCIDENT_SHAPE: Shape = (  # one row an entry: none is ever changed
    Column("id", _WHOLE),  # the number of its event
    Column("incident", _WHOLE),
    Column("feed", _TEXT),
    Column("kind", _TEXT),
    Column("happened_at", _MOMENT),
    Column("written_at", _MOMENT),
    Column("done_by", _TEXT),
    Column("told", _TEXT),  # JSON
)
_VERSION: Shape = (Column("version", _WHOLE),)
_NEXT: Shape = (Column("next", _WHOLE),)
_NAMES = (SCHEMA.name, FEED.name, RUN.name, RELEASE.name, QUARANTINE.name)


def next_number(link: Link, table: Table) -> int:
    """One more than the greatest `id` of a table. Inside a transaction that no other of its kind overlaps."""
    return int(link.fetch_as(_NEXT, ["coalesce(max(id), 0) + 1"], f"from {table.sql}")["next"].item())


def run_shape(link: Link) -> Shape:
    """The columns of the ledger as they are there: an older ringback knew of no repairs."""
    if version(link) >= _REPAIRS_VERSION:
        return RUN_SHAPE
    return tuple(column for column in RUN_SHAPE if column.name != "repairs")


def release_shape(link: Link) -> Shape:
    """The columns of the releases as they are there: an older ringback knew fewer."""
    found = version(link)
    if found >= _NOTES_VERSION:
        return RELEASE_WHOLE
    return (*RELEASE_SHAPE, *RELEASE_LATER) if found >= _RELEASE_LATER_VERSION else RELEASE_SHAPE


def are_there(link: Link) -> bool:
    """Whether ringback's tables have been created. Raises: StoreError, when a newer ringback did so."""
    return version(link) > 0


def version(link: Link) -> int:
    """Of the tables that are there; 0 where there are none. Raises: StoreError, when a newer ringback made them."""
    if SCHEMA.name not in link.dialect.tables(link, _NAMES):
        return 0
    found = int(link.fetch(_VERSION, f"from {SCHEMA.sql}")["version"].cast(pl.Int64).to_list()[0])
    if found > VERSION:
        raise StoreError(
            f"the database was used by a newer ringback (tables of version {found}, this one knows {VERSION})",
            why="Nothing was read or written.",
            mend="Upgrade ringback here too.",
        )
    return found


def make(link: Link) -> None:
    """Create ringback's tables, or those that came later; several processes may do so at once."""
    if version(link) == VERSION:
        return
    link.dialect.before_making(link)
    with link.transaction():
        link.dialect.lock_making(link)
        standing = version(link)
        later = _FIRST_STEPS if standing == 0 else _LATER_STEPS[standing - 1 :]
        for statements in later:
            for statement in statements(link):
                link.run(statement)


def columns_sql(shape: Shape, dialect: Dialect) -> str:
    """The columns of a CREATE TABLE."""
    return ", ".join(f"{column.sql} {dialect.declared(column)}" for column in shape)


def _statements(link: Link) -> list[str]:
    """One publisher a feed is in the tables themselves: no two published runs have the same run before them."""
    dialect = link.dialect
    whole = dialect.declared(_VERSION[0])
    return [
        *dialect.run_id_statements,
        f"create table {SCHEMA.sql} (version {whole} not null)",
        f"create table {FEED.sql} (feed {dialect.declared(RUN_SHAPE[1])} not null primary key)",
        f"create table {RUN.sql} ({columns_sql(RUN_SHAPE, dialect)}, primary key (id))",
        f"create unique index ringback_run_previous on {RUN.sql} (feed, coalesce(previous, 0))"
        " where outcome = 'published'",
        f"create table {RELEASE.sql} ({columns_sql(RELEASE_SHAPE, dialect)}, primary key (id))",
        f"create table {QUARANTINE.sql} ({columns_sql(QUARANTINE_SHAPE, dialect)})",
        f"create index ringback_quarantine_run on {QUARANTINE.sql} (run, line)",
        f"insert into {SCHEMA.sql} (version) values (1)",
    ]


def _with_baseline(link: Link) -> list[str]:
    """Version 2."""
    return [
        f"create table {BASELINE.sql} ({columns_sql(BASELINE_SHAPE, link.dialect)}, primary key (run))",
        f"update {SCHEMA.sql} set version = 2",
    ]


def _with_drill(link: Link) -> list[str]:
    """Version 3."""
    return [
        f"create table {DRILL.sql} ({columns_sql(DRILL_SHAPE, link.dialect)}, primary key (id))",
        f"update {SCHEMA.sql} set version = 3",
    ]


def _with_trial(link: Link) -> list[str]:
    """Version 4."""
    return [
        f"create table {READING.sql} ({columns_sql(READING_SHAPE, link.dialect)}, primary key (run))",
        f"create table {TRIAL.sql} ({columns_sql(TRIAL_SHAPE, link.dialect)}, primary key (id))",
        f"update {SCHEMA.sql} set version = 4",
    ]


def _with_event(link: Link) -> list[str]:
    """Version 5. The chain of events cannot fork: no two have the same number, or the same one before them."""
    return [
        f"create table {EVENT.sql} ({columns_sql(EVENT_SHAPE, link.dialect)}, primary key (sequence))",
        f"create unique index ringback_event_previous on {EVENT.sql} (previous)",
        *(_added(link, RELEASE, column) for column in RELEASE_LATER),
        f"update {SCHEMA.sql} set version = 5",
    ]


def _with_repairs(link: Link) -> list[str]:
    """Version 6."""
    repairs = next(column for column in RUN_SHAPE if column.name == "repairs")
    return [*_added_once(link, RUN, repairs), f"update {SCHEMA.sql} set version = 6"]


def _with_drill_counts(link: Link) -> list[str]:
    """Version 7."""
    return [
        *_added_once(link, DRILL, DRILL_COUNTS),
        f"update {SCHEMA.sql} set version = {DRILL_COUNTS_VERSION}",
    ]


def _with_acknowledgement(link: Link) -> list[str]:
    """Version 8. Nobody acknowledges a release twice: the table itself refuses it."""
    dialect = link.dialect
    return [
        *(_added(link, RELEASE, column) for column in _RELEASE_NOTES),
        f"create table {ACKNOWLEDGEMENT.sql} ({columns_sql(ACKNOWLEDGEMENT_SHAPE, dialect)}, primary key (id))",
        f"create unique index ringback_acknowledgement_once on {ACKNOWLEDGEMENT.sql} (release, done_by)",
        f"create table {TRAINING.sql} ({columns_sql(TRAINING_SHAPE, dialect)}, primary key (id))",
        f"update {SCHEMA.sql} set version = 8",
    ]


def _with_incident(link: Link) -> list[str]:
    """Version 9."""
    return [
        f"create table {INCIDENT.sql} ({columns_sql(INCIDENT_SHAPE, link.dialect)}, primary key (id))",
        f"update {SCHEMA.sql} set version = 9",
    ]


def _added(link: Link, table: Table, column: Column) -> str:
    return f"alter table {table.sql} add column {column.sql} {link.dialect.declared(column)}"


def _added_once(link: Link, table: Table, column: Column) -> list[str]:
    """Nothing where it is there: some versions were made with it."""
    standing = link.dialect.standing(link, table)
    is_new = standing is None or column.name not in standing.columns
    return [_added(link, table, column)] if is_new else []


_LATER_STEPS = (  # from version 1 to 2, ...
    _with_baseline,
    _with_drill,
    _with_trial,
    _with_event,
    _with_repairs,
    _with_drill_counts,
    _with_acknowledgement,
    _with_incident,
)
_FIRST_STEPS = (_statements, *_LATER_STEPS)
