"""Numbers: only where nothing of the text would be lost."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ringback.contracts.draft.candidates import Candidate
from ringback.contracts.draft.columns import ColumnTexts
from ringback.contracts.draft.evidence import Setting

MOST_DIGITS = 15  # longer ones are card, account and serial numbers; a spreadsheet keeps 15 digits

_TEXT = pl.col("text")
NUMERIC = _TEXT.str.contains(r"^[-+]?[0-9][0-9., '\u{a0}\u{202f}\u{2019}]*$|^[-+]?[.,][0-9]+$")
LEADING_ZERO = _TEXT.str.contains(r"^[-+]?0[0-9]")
PLUS = _TEXT.str.starts_with("+")
LONG = _TEXT.str.count_matches(r"[0-9]") > MOST_DIGITS
DIGITS = _TEXT.str.contains(r"^[0-9]+$")

_MARKS = (".", ",")
_GROUPS = (".", ",", " ", "'", "\u00a0", "\u202f", "\u2019")


def number_candidates(column: ColumnTexts) -> Iterator[Candidate]:
    """Integer, and decimals with each pair of marks that stands in the texts; none where a text would not survive."""
    if not column.distinct_count or not _mostly_numeric(column) or loses_text(column):
        return
    yield Candidate(type="integer", decide="integer")
    yield from decimal_candidates(column)


def integer_candidates(column: ColumnTexts) -> Iterator[Candidate]:
    """Whole numbers, plain and with each mark that may stand between groups of three digits."""
    yield Candidate(type="integer", decide="integer")
    for group in _GROUPS:
        if _stands(column, group):
            yield Candidate(type="integer", settings=(Setting(key="groupChar", value=group),), decide="integer")


def decimal_candidates(column: ColumnTexts) -> Iterator[Candidate]:
    """Decimals with each pair of marks that stands in the texts, plain ones first; without a fraction, integers."""
    seen = [mark for mark in _GROUPS if _stands(column, mark)]
    for mark in _MARKS:
        yield from _with_mark(column, mark, [None, *(group for group in seen if group != mark)])


def loses_text(column: ColumnTexts) -> str | None:
    """Why these digits are no number: what reading them as one would lose."""
    if zeros := column.count(LEADING_ZERO):
        return f"{zeros:,} begin with a zero"
    if plus := column.count(PLUS):
        return f"{plus:,} begin with +"
    if long := column.count(LONG):
        return f"{long:,} have more than {MOST_DIGITS} digits"
    return None


def _mostly_numeric(column: ColumnTexts) -> bool:
    peek = column.peek()
    return peek.filter(NUMERIC).height > 0.5 * peek.height


def _stands(column: ColumnTexts, mark: str) -> bool:
    return not column.texts.lazy().filter(_TEXT.str.contains(mark, literal=True)).head(1).collect().is_empty()


def _with_mark(column: ColumnTexts, mark: str, groups: list[str | None]) -> Iterator[Candidate]:
    scale = _scale(column, mark)
    for group in groups:
        if scale == 0 and group is None:
            continue  # an integer
        grouped = () if group is None else (Setting(key="groupChar", value=group),)
        if scale == 0 and group is not None and column.count(_starts_with_zero(group)):
            continue  # 0.123 is no number in thousands
        if scale == 0:
            yield Candidate(type="integer", settings=grouped, decide="integer")
            continue
        settings = (Setting(key="decimalChar", value=mark), *grouped, Setting(key="scale", value=scale))
        yield Candidate(type="decimal", settings=settings, decide=mark)


def _starts_with_zero(group: str) -> pl.Expr:
    return _TEXT.str.strip_prefix("-").str.starts_with(f"0{group}")


def _scale(column: ColumnTexts, mark: str) -> int:
    fraction = _TEXT.filter(NUMERIC).str.extract(rf"[{mark}]([0-9]+)$", 1).str.len_chars().max()
    found = column.texts.lazy().select(fraction).collect().item()
    return int(found or 0)
