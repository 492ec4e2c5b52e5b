"""Telling rows: a few of a delivery that show every way in which its fields are written, and every fault."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ringback.model.contract import Contract
from ringback.model.rows import LINE, cells_of
from ringback.steps.interpret import interpret

MOST_RECORDS, MOST_REJECTS = 8, 8
_MOST_LOOKS = 12  # of a field; the commonest
_ROW, _FIELD, _LOOK = "ringback.row", "field", "look"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingRow:
    """One row, and what it shows."""

    cells: dict[str, str]  # delivered column -> text
    shows: str  # "born_on as 99/99/9999; no phone": no client value


def telling_rows(rows: pl.DataFrame, contract: Contract) -> tuple[TellingRow, ...]:
    """Choose rows: records that show the most looks that no earlier one has; then one reject of each kind.

    Shapes:
        rows: LINE and the delivered columns, all text.
    """
    read = interpret(rows, contract)
    good = rows.join(read.records.select(LINE), on=LINE, how="semi", maintain_order="left")
    records = [_row(good, line, shows) for line, shows in _records(_looks(good, contract))]
    rejects = [_row(rows, line, shows) for line, shows in _rejects(read.rejects)]
    return (*records, *rejects)


def _row(rows: pl.DataFrame, line: int, shows: str) -> TellingRow:
    (cells,) = rows.filter(pl.col(LINE) == line).drop(LINE).to_dicts()
    return TellingRow(cells=cells, shows=shows)


def _looks(rows: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """(LINE, field, look): how each field is written: digits as 9, letters as a; codes and the like as they are."""
    looks = rows.select(LINE, *(_look(name, contract).alias(name) for name in contract.fields)).unpivot(
        index=LINE, variable_name=_FIELD, value_name=_LOOK
    )
    common = looks.group_by(_FIELD, _LOOK).len().sort("len", _LOOK, descending=[True, False])
    return looks.join(common.group_by(_FIELD).head(_MOST_LOOKS), on=[_FIELD, _LOOK], how="semi")


def _look(name: str, contract: Contract) -> pl.Expr:
    spec = contract.fields[name]
    text = cells_of(str(spec.column))
    trimmed = text.str.strip_chars() if spec.trim else text
    is_missing = trimmed.is_in(pl.Series(contract.missing_texts(name), dtype=pl.String).implode())
    shape = trimmed.str.replace_all(r"\p{L}+", "a").str.replace_all(r"\p{N}+", "9").str.slice(0, 40)
    look = trimmed if spec.type in ("code", "boolean") or spec.constraints.enum else shape
    return pl.when(is_missing).then(pl.lit("")).otherwise(look)


def _records(looks: pl.DataFrame) -> list[tuple[int, str]]:
    chosen: list[tuple[int, str]] = []
    while looks.height and len(chosen) < MOST_RECORDS:
        best = looks.group_by(LINE).len().sort("len", LINE, descending=[True, False]).row(0)[0]
        new = looks.filter(pl.col(LINE) == best)
        chosen.append((best, _told(new) if chosen else "a usual record"))
        looks = looks.join(new.drop(LINE), on=[_FIELD, _LOOK], how="anti")
    return chosen


def _told(new: pl.DataFrame) -> str:
    parts = [f"{field} as {look}" if look else f"no {field}" for field, look in new.drop(LINE).head(3).iter_rows()]
    return "; ".join([*parts, *(["..."] if new.height > len(parts) else [])])


def _rejects(rejects: pl.DataFrame) -> list[tuple[int, str]]:
    """One row of each combination of faults, the commonest first."""
    kinds = (
        rejects.filter(pl.col("field").is_not_null())
        .sort("line", "fault")
        .group_by("line", maintain_order=True)
        .agg(pl.concat_str("field", pl.lit(" "), "reason").str.join("; ").alias("shows"))
    )
    few = kinds.group_by("shows").agg(pl.col("line").min(), pl.len()).sort("len", "line", descending=[True, False])
    return [(line, shows) for shows, line in few.head(MOST_REJECTS).select("shows", "line").iter_rows()]
