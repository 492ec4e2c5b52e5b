"""PostgreSQL, through the ADBC driver of the extra `postgres`."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import ModuleType
from typing import ClassVar

import polars as pl
from adbc_driver_manager import dbapi

from ringback.errors import StoreError
from ringback.store.caller_view import shown_by_pattern
from ringback.store.fault import Cause, DatabaseRefused
from ringback.store.link import Link
from ringback.store.shape import Column, Shape, Table, listed
from ringback.store.standing import Standing

_MAKING_LOCK = 7_239_641_022_981_374_001  # an arbitrary number that is ringback's: one process creates its tables
_CHAIN_LOCK = 7_239_641_022_981_374_002  # another: one transaction at a time adds events
_DAY_NS = 86_400_000_000_000

_CAUSES = {  # Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
    "23505": Cause.UNIQUE,
    "23502": Cause.REQUIRED,
    "55P03": Cause.LOCKED,
    "57014": Cause.LOCKED,  # a reader's patience is over; only readers have a limit on statements
    "40001": Cause.CONFLICT,
    "40P01": Cause.CONFLICT,
    "53100": Cause.FULL,
    "25006": Cause.READ_ONLY,
    "42501": Cause.DENIED,
    "22003": Cause.TOO_LARGE,
    "42P01": Cause.ABSENT,
    "42703": Cause.ABSENT,
    "3F000": Cause.ABSENT,
    "57P01": Cause.GONE,
    "57P02": Cause.GONE,
    "57P03": Cause.AWAY,
}
_CLASSES = {
    "08": Cause.GONE,
    "22": Cause.UNSTORABLE,
    "23": Cause.CONSTRAINT,
    "54": Cause.UNSTORABLE,
    "28": Cause.DENIED,
}
_LOST = re.compile(
    r"server closed the connection|no connection to the server|could not (receive|send)|terminating conn"
)
_SETTINGS = (
    "set client_encoding to 'UTF8'",
    "set client_min_messages to 'error'",  # the driver would print notices
    "set application_name to 'ringback'",
    "set tcp_keepalives_idle to 30",  # a connection cut on the way gives up its locks within a minute
    "set tcp_keepalives_interval to 10",
    "set tcp_keepalives_count to 3",
    "do $$ begin if current_setting('synchronous_commit') = 'off' then set synchronous_commit to on; end if; end $$",
)


@dataclass(frozen=True, slots=True)
class Postgresql:
    """A dialect: one database on a server."""

    target: str
    patience_seconds: float
    is_reader: bool = False  # its connections only read, and no statement lasts longer than the patience

    name: ClassVar[str] = "PostgreSQL"
    begin: ClassVar[str] = "begin isolation level read committed read write"
    begin_run: ClassVar[str] = "begin isolation level repeatable read read write"
    begin_reading: ClassVar[str] = "begin isolation level repeatable read read only"
    run_sees_newest: ClassVar[bool] = False
    # not `=`: a trigger's exception block writes under a younger number; those of others are not in the snapshot
    written: ClassVar[str | None] = "age(t.xmin) <= age(pg_current_xact_id()::xid)"
    errors: ClassVar[tuple[type[Exception], ...]] = (dbapi.Error,)
    keeps_idle: ClassVar[bool] = True  # the driver reads all types at each connection: some 50 ms
    lead_rows: ClassVar[int] = 0
    keys_on_creation: ClassVar[bool] = False
    next_run_id: ClassVar[str] = "nextval('ringback_run_id')"
    run_id_statements: ClassVar[tuple[str, ...]] = ("create sequence ringback_run_id",)
    run_index: ClassVar[str] = 'using brin ("run")'
    text: ClassVar[str] = "text"
    replace_view: ClassVar[tuple[str, ...]] = ("create or replace view",)
    has_roles: ClassVar[bool] = True
    make_index: ClassVar[str] = "create index concurrently if not exists"

    def connect(self) -> Link:
        adbc = require_driver()
        try:
            connection = adbc.connect(_bounded(self.target), autocommit=True)
        except self.errors as error:
            raise DatabaseRefused(_connecting(str(error))) from None
        link = Link(connection, self)
        try:
            link.script("; ".join((*_SETTINGS, *self._patience())))
        except DatabaseRefused:
            link.close()
            raise
        return link

    def _patience(self) -> tuple[str, ...]:
        most = f"set lock_timeout to {int(self.patience_seconds * 1000)}"
        if not self.is_reader:
            return (most,)
        only = "set default_transaction_read_only to on"
        return most, most.replace("lock_timeout", "statement_timeout"), only, "set jit to off"

    def exists(self) -> bool:
        return True

    def identity(self) -> object:
        return self.target

    def before_making(self, link: Link) -> None:
        """Nothing to prepare."""

    # -- types
    def declared(self, column: Column) -> str:
        if column.is_json:
            return "json"  # jsonb would write the text anew
        if isinstance(column.dtype, pl.Decimal):
            return f"numeric({column.dtype.precision},{column.dtype.scale})"
        return _DECLARED[type(column.dtype)]

    def refuses(self, column: Column, declared: str) -> str | None:
        if declared == self.declared(column):
            return None
        if column.is_json:
            return None if declared in {"text", "character varying"} else "does not keep JSON text as it is"
        if isinstance(column.dtype, pl.String):
            return _refuses_text(column, declared)
        if isinstance(column.dtype, pl.Int64):
            whole = declared in {"integer", "smallint"} or re.fullmatch(r"numeric\(\d+,0\)", declared)
            return None if whole else "does not keep whole numbers as they are"
        if isinstance(column.dtype, pl.Decimal):
            return _refuses_decimal(column.dtype, declared)
        if isinstance(column.dtype, pl.Datetime):
            return "has no zone, or less than microseconds"
        return f"is not {self.declared(column)}"

    def is_native(self, column: Column, declared: str) -> bool:
        text = isinstance(column.dtype, pl.String) and declared.startswith(("text", "character varying", "json"))
        numeric = isinstance(column.dtype, pl.Decimal) and declared.startswith("numeric")
        return text or numeric or declared == self.declared(column)

    # -- rows
    def encoded(self, column: Column) -> pl.Expr:
        return pl.col(column.name)

    def decoded(self, column: Column) -> pl.Expr:
        value = pl.col(column.name)
        if isinstance(column.dtype, pl.Decimal):
            return value.cast(column.dtype, strict=False)
        if isinstance(column.dtype, pl.Date):
            return _within(value, date(1, 1, 1), date(9999, 12, 31))
        if isinstance(column.dtype, pl.Datetime):
            low, high = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
            return _within(value, low, high)
        if isinstance(column.dtype, pl.Time):  # PostgreSQL knows 24:00:00
            return pl.when(value.to_physical() < _DAY_NS).then(value).alias(column.name)
        return value

    def selected(self, column: Column, alias: str = "", declared: str = "") -> str:
        name = listed((column,), alias)
        if isinstance(column.dtype, pl.Decimal):
            return _decimal_text(name, column.dtype, declared)
        if isinstance(column.dtype, pl.Int64):
            return name if declared in {"", "bigint"} else f"{name}::bigint"
        return f"{name}::text" if column.is_json else name

    def query(self, shape: Shape, expressions: list[str], tail: str) -> str:
        said = ", ".join(f"{said} as {column.sql}" for said, column in zip(expressions, shape, strict=True))
        return f"select {said} {tail}"

    def prepare_stream(self, cursor: dbapi.Cursor) -> None:
        """The driver's own pieces of 16 MiB are right."""

    # -- statements
    def same(self, column: Column, declared: str, live: str, planned: str) -> str:
        held = f"{live}.{column.sql}"
        if column.is_json:  # json has no equality
            return f"{held}::text is not distinct from {planned}::text"
        return f"{held} is not distinct from {self.cast(planned, declared)}"

    def cast(self, expression: str, declared: str) -> str:
        return f"{expression}::{declared}" if declared else expression

    def delete(self, live: Table, planned: Table, *, key: Shape, matches: str) -> str:
        return f"delete from {live.sql} t using {planned.sql} s where {matches}"

    def lock_feed(self, link: Link, feed: str) -> None:
        link.run(
            "update ringback_feed set feed = feed where feed = $1", feed
        )  # tells a snapshot from before that it is old

    def lock_making(self, link: Link) -> None:
        link.run("select pg_advisory_xact_lock($1)::text", _MAKING_LOCK)

    def lock_chain(self, link: Link) -> None:
        link.run("select pg_advisory_xact_lock($1)::text", _CHAIN_LOCK)

    def standing(self, link: Link, table: Table) -> Standing | None:
        name, schema = table.name, table.schema or ""
        kinds = link.fetch((_TYPE,), _KIND, name, schema)[_TYPE.name]
        if kinds.is_empty():
            return None
        if kinds[0] not in {"r", "p"}:
            raise StoreError(
                f"{table} is no table", why="It is a view or foreign table.", mend="Give another target.table."
            )
        rows = link.fetch((_NAME, _TYPE, _COMPUTED), _COLUMNS, name, schema)
        keys = link.fetch((_INDEX, _NAME, _NUMBER), _UNIQUE, name, schema).sort("index", "number")
        grouped = keys.group_by("index", maintain_order=True).agg("name")
        return Standing(
            table=table,
            columns=dict(zip(rows["name"], rows["type"], strict=True)),
            computed=frozenset(rows.filter("computed")["name"]),
            unique={index: tuple(names) for index, names in grouped.rows()},
        )

    def indexed(self, link: Link, table: Table) -> frozenset[str]:
        return frozenset(link.fetch((_NAME,), _FIRST_COLUMNS, table.name, table.schema or "")[_NAME.name])

    def kind(self, link: Link, name: str) -> str | None:
        found = link.fetch((_TYPE,), _KIND, name, "")[_TYPE.name]
        return None if found.is_empty() else {"v": "view", "r": "table", "p": "table"}.get(str(found[0]), "relation")

    def columns(self, link: Link, name: str) -> tuple[str, ...]:
        return tuple(link.fetch((_NAME, _TYPE, _COMPUTED), _COLUMNS, name, "")[_NAME.name])

    def as_shown(self, text: str) -> str:
        return shown_by_pattern(text)

    def tables(self, link: Link, names: tuple[str, ...]) -> set[str]:
        return set(link.fetch((_NAME,), _OWN)[_NAME.name]) & set(names)

    def refusal_of(self, error: Exception) -> DatabaseRefused:
        state = getattr(error, "sqlstate", None) or ""
        told = {_text(part): _text(value) for part, value in getattr(error, "details", None) or ()}
        name = next((told[part] for part in _NAMING if part in told), "")
        if _LOST.search(str(error)):
            return DatabaseRefused(Cause.GONE)
        cause = _CAUSES.get(state) or _CLASSES.get(state[:2], Cause.OTHER)
        return DatabaseRefused(cause, name or (f"SQLSTATE {state}" if state else type(error).__name__))


def _text(told: str | bytes) -> str:
    return told.decode(errors="replace") if isinstance(told, bytes) else told


def require_driver() -> ModuleType:
    """The driver. Raises: StoreError, when it is not installed."""
    try:
        return importlib.import_module("adbc_driver_postgresql.dbapi")
    except ImportError:
        raise StoreError(
            "the driver for PostgreSQL is not installed",
            why="It comes with the extra `postgres`.",
            mend="pip install 'ringback[postgres]'",
        ) from None


_NAMING = ("PG_DIAG_CONSTRAINT_NAME", "PG_DIAG_COLUMN_NAME", "PG_DIAG_TABLE_NAME")
_NAME, _TYPE, _INDEX = (Column(name, pl.String()) for name in ("name", "type", "index"))
_COMPUTED, _NUMBER = Column("computed", pl.Boolean()), Column("number", pl.Int64())
_DECLARED: dict[type[pl.DataType], str] = {
    pl.String: "text",
    pl.Int64: "bigint",
    pl.Boolean: "boolean",
    pl.Date: "date",
    pl.Time: "time without time zone",
    pl.Datetime: "timestamp with time zone",
}
_PLACE = (
    "pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
    " and n.nspname = coalesce(nullif($2, ''), current_schema())"
)
_KIND = f"from (select c.relkind::text as type from {_PLACE} where c.relname = $1 and c.relkind <> 'i') found"
_COLUMNS = f"""from (
    select a.attname::text as name, a.attnum, a.attgenerated <> '' or a.attidentity = 'a' as computed,
        pg_catalog.format_type(a.atttypid, a.atttypmod)
        || case when l.collisdeterministic then '' else coalesce(' collate ' || l.collname, '') end as type
    from {_PLACE} join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        left join pg_catalog.pg_collation l on l.oid = a.attcollation
    where c.relname = $1 order by a.attnum) found"""
_UNIQUE = f"""from (
    select x.relname::text as index, a.attname::text as name, k.number::bigint as number
    from {_PLACE} join pg_catalog.pg_index i on i.indrelid = c.oid and i.indisunique and i.indisvalid
        and i.indpred is null and i.indexprs is null and i.indimmediate
        join pg_catalog.pg_class x on x.oid = i.indexrelid
        cross join lateral unnest(i.indkey::smallint[]) with ordinality as k(attnum, number)
        join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
    where c.relname = $1 and k.number <= i.indnkeyatts) found"""
_FIRST_COLUMNS = f"""from (
    select a.attname::text as name from {_PLACE} join pg_catalog.pg_index i on i.indrelid = c.oid and i.indisvalid
        and i.indpred is null
        join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
    where c.relname = $1) found"""
_OWN = """from (select c.relname::text as name from pg_catalog.pg_class c
    where c.relkind = 'r' and c.relname like 'ringback%' and pg_catalog.pg_table_is_visible(c.oid)) found"""


def _refuses_text(column: Column, declared: str) -> str | None:
    if declared == "character varying":
        return None
    limit = re.fullmatch(r"character varying\((\d+)\)", declared)
    if limit and column.longest is not None:
        return None if column.longest <= int(limit[1]) else f"is too short for {column.longest} characters"
    if limit:
        return "cuts long text off, and the contract does not limit the field's length (maxLength)"
    return "does not keep text as it is"


def _refuses_decimal(dtype: pl.Decimal, declared: str) -> str | None:
    scale = re.fullmatch(r"numeric(?:\(\d+,(-?\d+)\))?", declared)
    if scale is None:
        return "does not keep decimals exactly"
    if scale[1] is not None and int(scale[1]) < dtype.scale:
        return f"would round to {scale[1]} of {dtype.scale} digits"
    return None


def _decimal_text(name: str, dtype: pl.Decimal, declared: str) -> str:
    """Exact text with all digits of the scale; 'inexact' where others wrote more digits than the contract has."""
    if not declared or declared.endswith(f",{dtype.scale})"):
        return f"{name}::text"
    fits = f"scale(trim_scale({name})) <= {dtype.scale}"
    return f"case when {name} is null then null when {fits} then round({name}, {dtype.scale})::text else 'inexact' end"


def _within(value: pl.Expr, low: date, high: date) -> pl.Expr:
    return pl.when(value.is_between(low, high)).then(value).name.keep()


def _bounded(target: str) -> str:
    """The target with bounds on every wait of the client's."""
    wanted = {
        "connect_timeout": 10,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 60_000,
    }
    added = "&".join(f"{name}={value}" for name, value in wanted.items() if f"{name}=" not in target)
    return f"{target}{'&' if '?' in target else '?'}{added}" if added else target


def _connecting(message: str) -> Cause:
    """The driver's message holds user, host and sometimes part of a mistyped password: only its kind is kept."""
    if "password authentication failed" in message or "no password supplied" in message or "pg_hba" in message:
        return Cause.DENIED
    return Cause.AWAY
