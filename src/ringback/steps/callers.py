"""Names that phones cannot show as they stand: counted when they come in, cleaned whenever they are told.

The record stays as it was delivered: a client's name in quotation marks is right in a letter. What phones are told is
`phone.name.clean` of it; docs/decisions/0013-what-phones-are-told.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from ringback.model.canonical import to_text
from ringback.model.change import ChangeSet
from ringback.model.contract import Contract
from ringback.model.finding import Example, Finding, Severity
from ringback.model.phone import LEFT_OUT, LONGEST_NAME, TO_SPACE, PhoneSettings
from ringback.model.rows import LINE

_EXAMPLE_COUNT = 5
_UNSHOWN = "[" + "".join(f"\\x{{{ord(mark):X}}}" for mark in TO_SPACE + LEFT_OUT) + "]"
_NAME = "ringback.name"


class ShownNames:
    """Counts, of the clients that an import would add or name otherwise, those whose name phones cannot show."""

    def __init__(self, settings: PhoneSettings | None, contract: Contract) -> None:
        told = () if settings is None or settings.feed != contract.feed else (*settings.name, settings.company)
        self._fields = tuple(name for name in told if name is not None and name in contract.fields)
        self._contract, self.row_count = contract, 0
        self._examples: list[Example] = []

    def watch(self, change_sets: Iterable[ChangeSet]) -> Iterator[ChangeSet]:
        """The same change sets, looked at as they pass."""
        for changes in change_sets:
            if self._fields:
                self._look(changes.added)
                self._look(changes.after.filter(_any_changed(changes, self._fields)))
            yield changes

    def findings(self) -> Iterator[Finding]:
        """One note, where any name has to be cleaned."""
        if not self.row_count:
            return
        what = "1 client has a name" if self.row_count == 1 else f"{self.row_count:,} clients have names"
        yield Finding(
            code="phone.name_cleaned",
            severity=Severity.NOTE,
            row_count=self.row_count,
            field=self._fields[0],
            fields=self._fields if len(self._fields) > 1 else (),
            why=f"{what} that phones cannot show as delivered (quotes, backslashes, line breaks, < >, over "
            f"{LONGEST_NAME} characters): phones are told a cleaned one",
            mend="correct the name at its source; the record is kept as delivered",
            examples=tuple(self._examples),
        )

    def _look(self, records: pl.DataFrame) -> None:
        if records.is_empty():
            return
        name = pl.concat_str([self._text(field) for field in self._fields], separator=" ", ignore_nulls=True)
        parts = [_cannot_be_shown(self._text(field)) for field in self._fields]
        found = records.filter(pl.any_horizontal(parts))
        self.row_count += found.height
        missing = _EXAMPLE_COUNT - len(self._examples)
        if missing > 0 and found.height:
            key = [self._text(part).alias(part) for part in self._contract.key]
            told = found.head(missing).select(pl.struct(key).alias("key"), LINE, name.alias(_NAME))
            self._examples += [
                Example(key=tuple(row["key"].values()), line=row[LINE], raw=row[_NAME])
                for row in told.iter_rows(named=True)
            ]

    def _text(self, field: str) -> pl.Expr:
        return to_text(pl.col(field), self._contract.fields[field].dtype)


def _cannot_be_shown(name: pl.Expr) -> pl.Expr:
    marked = name.str.contains(_UNSHOWN) | name.str.contains("${", literal=True)
    return (marked | (name.str.len_chars() > LONGEST_NAME) | (name.str.normalize("NFC") != name)).fill_null(value=False)


def _any_changed(changes: ChangeSet, fields: tuple[str, ...]) -> pl.Series:
    mask = pl.Series([False] * changes.before.height, dtype=pl.Boolean)
    for field in fields:
        mask = mask | changes.changed_cells(field)
    return mask
