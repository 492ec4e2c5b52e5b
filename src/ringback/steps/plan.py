"""Plan: delivered records against held records, by key."""

from __future__ import annotations

import polars as pl

from ringback.model.change import ChangeSet
from ringback.model.contract import Contract, Delivers, Missing
from ringback.model.policy import Duplicates
from ringback.model.rows import LINE

_HELD_ROW = "ringback.held"


def compared(contract: Contract) -> list[str]:
    """The columns that a record and a held record share: the contract's fields, and the closed mark when in use."""
    return [*contract.fields, *([contract.target.closed] if contract.missing is Missing.CLOSE else [])]


def held_schema(contract: Contract) -> pl.Schema:
    """The columns of `compared` with their types."""
    fields = {name: spec.dtype for name, spec in contract.fields.items()}
    return pl.Schema({name: fields.get(name, pl.Boolean()) for name in compared(contract)})


def set_apart(records: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """The rows that share their key with another row of the delivery, in delivered order.

    By default all rows of a repeated key: the file gives no reason to believe one of them more than another.

    Shapes:
        records: LINE + fields.
    """
    key = pl.struct(list(contract.key))
    match contract.policy.duplicates:
        case Duplicates.REJECT:
            return records.filter(key.is_duplicated())
        case Duplicates.FIRST:
            return records.filter(~key.is_first_distinct())
        case Duplicates.LAST:
            return records.filter(~key.is_last_distinct())


def plan(
    delivered: pl.DataFrame, held: pl.DataFrame, contract: Contract, *, spared: pl.DataFrame | None = None
) -> ChangeSet:
    """Decide what an import would change.

    Shapes:
        delivered: LINE + fields, one row per client in the file; the key unique and never null.
        held: fields (and the closed mark), one row per client in the store.
        spared: key columns of clients that the file names in rows which could not be taken: they are not missing.
    Returns: added + changed + unchanged = delivered, in delivered order; removed and closed come from held only.
    Source: docs/decisions/0003-missing-is-not-deleted.md
    """
    key, columns = list(contract.key), compared(contract)
    if contract.missing is Missing.CLOSE:
        delivered = delivered.with_columns(pl.lit(value=False).alias(contract.target.closed))
    match = delivered.select(key).join(
        held.select(key).with_row_index(_HELD_ROW), on=key, how="left", maintain_order="left"
    )[_HELD_ROW]
    is_held = match.is_not_null()
    before, after = held.select(columns)[match.drop_nulls()], delivered.filter(is_held)
    differs = _differs(before, after, [name for name in columns if name not in key])
    missing = _missing(held, match, contract, spared)
    closing, removed = _gone(missing.select(columns), contract)
    return ChangeSet(
        key=contract.key,
        added=delivered.filter(~is_held),
        before=pl.concat([before.filter(differs), closing]),
        after=pl.concat([after.filter(differs), _closed(closing, contract).select(after.columns)]),
        removed=removed,
        missing=missing.select(key),
        unchanged_count=after.height - int(differs.sum()),
    )


def _differs(before: pl.DataFrame, after: pl.DataFrame, columns: list[str]) -> pl.Series:
    differs = pl.repeat(value=False, n=before.height, dtype=pl.Boolean, eager=True)
    for name in columns:
        differs = differs | before[name].ne_missing(after[name])
    return differs


def _missing(held: pl.DataFrame, match: pl.Series, contract: Contract, spared: pl.DataFrame | None) -> pl.DataFrame:
    """Held records that a snapshot does not have, in held order. Changes say nothing about the others."""
    if contract.delivers is Delivers.CHANGES:
        return held.clear()
    here = held.with_row_index(_HELD_ROW)
    missing = here.join(match.drop_nulls().to_frame(), on=_HELD_ROW, how="anti", maintain_order="left").drop(_HELD_ROW)
    if spared is not None and not spared.is_empty():
        missing = missing.join(spared, on=list(contract.key), how="anti", maintain_order="left")
    return missing


def _gone(missing: pl.DataFrame, contract: Contract) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(those to close, those to delete), by the contract."""
    match contract.missing:
        case Missing.KEEP:
            return missing.clear(), missing.clear()
        case Missing.CLOSE:
            return missing.filter(~pl.col(contract.target.closed)), missing.clear()
        case Missing.DELETE:
            return missing.clear(), missing


def _closed(closing: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """What they become: the same, with the closed mark, and no line of the file."""
    line = pl.lit(None, dtype=pl.Int64).alias(LINE)
    if contract.missing is not Missing.CLOSE:
        return closing.with_columns(line)
    return closing.with_columns(line, pl.lit(value=True).alias(contract.target.closed))
