"""The fast reader: whole columns at once. What it does is specified by `reference.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec
from ringback.model.rows import LINE, REJECT_SCHEMA, cells_of, no_rejects
from ringback.steps.interpret.constraints import Check, checks

_ROW = "ringback.row"  # place among the rejected rows; no delivered column or field meets it where it is used
_ORDER = "ringback.order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpretation:
    """What became of rows: every row is a record or has faults in the rejects, and never both."""

    records: pl.DataFrame  # LINE, then the contract's fields, typed; in the order of the rows
    rejects: pl.DataFrame  # REJECT_SCHEMA


def interpret(rows: pl.DataFrame, contract: Contract) -> Interpretation:
    """Read rows of text as records.

    Shapes:
        rows: LINE, then one String column per delivered column; no nulls.
    Raises: ValueError, when a mapped column is not there (audit refuses such deliveries first).
    """
    _require_columns(rows, contract)
    texts = rows.select(LINE, *(_text(name, contract).alias(name) for name in contract.fields))
    values = texts.select(LINE, *(spec.read(pl.col(name)).alias(name) for name, spec in contract.fields.items()))
    broken = _broken_rows(texts, values, contract)
    if not broken.any():
        return Interpretation(records=values, rejects=no_rejects())
    rejects = _rejects(rows.filter(broken), texts.filter(broken), values.filter(broken), contract)
    return Interpretation(records=values.filter(~broken), rejects=rejects)


def _require_columns(rows: pl.DataFrame, contract: Contract) -> None:
    absent = sorted({str(spec.column) for spec in contract.fields.values()} - set(rows.columns))
    if absent:
        raise ValueError(f"mapped columns are not among the rows: {', '.join(absent)}")


def _text(name: str, contract: Contract) -> pl.Expr:
    """The trimmed text of a field, null where it means "no value"."""
    spec = contract.fields[name]
    text = cells_of(str(spec.column))
    trimmed = text.str.strip_chars() if spec.trim else text  # strips Unicode's White_Space, as the reference does
    missing = contract.missing_texts(name)
    if not missing:
        return trimmed
    return pl.when(~trimmed.is_in(pl.Series(missing, dtype=pl.String).implode())).then(trimmed)


def _broken_rows(texts: pl.DataFrame, values: pl.DataFrame, contract: Contract) -> pl.Series:
    """Where a row breaks any promise."""
    both = _side_by_side(texts, values)
    masks = [_where_broken(check, name) for name, spec in contract.fields.items() for check in checks(spec)]
    return both.select(pl.any_horizontal(masks).alias("broken")).to_series()


def _side_by_side(texts: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    fields = values.columns[1:]
    return texts.select(pl.col(name).alias(_of_text(name)) for name in fields).with_columns(values[fields])


def _of_text(name: str) -> str:
    return f"text.{name}"  # a field name has no dot


def _where_broken(check: Check, name: str) -> pl.Expr:
    return check.broken(pl.col(_of_text(name)), pl.col(name)).fill_null(value=False)


def _rejects(rows: pl.DataFrame, texts: pl.DataFrame, values: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """One row per fault, in the order of the rows, and in a row in the order of the fields."""
    both = _side_by_side(texts, values)
    delivered = rows.select(
        pl.col(LINE).alias("line"),
        pl.int_range(pl.len()).alias(_ROW),
        pl.struct(pl.exclude(LINE)).struct.json_encode().alias("row"),
    )
    found = [
        delivered.with_columns(rows[str(spec.column)].alias("raw"))
        .filter(both.select(_where_broken(check, name)).to_series())
        .with_columns(*_told(check, name, spec), pl.lit(order).alias(_ORDER))
        for order, (name, spec, check) in enumerate(_all_checks(contract))
    ]
    faults = pl.concat(found).sort(_ROW, _ORDER)
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over(_ROW)
    return faults.with_columns(number.alias("fault")).select(REJECT_SCHEMA.names())


def _all_checks(contract: Contract) -> Iterator[tuple[str, FieldSpec, Check]]:
    for name, spec in contract.fields.items():
        for check in checks(spec):
            yield name, spec, check


def _told(check: Check, name: str, spec: FieldSpec) -> list[pl.Expr]:
    told = {"column": str(spec.column), "field": name, "code": check.code, "reason": check.reason}
    return [pl.lit(text).alias(key) for key, text in told.items()]
