"""Remarks: what else a column shows, so that a person can decide better than the sample does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

import polars as pl

from ringback.contracts.draft.candidates import Tried, try_all
from ringback.contracts.draft.columns import MATCHES_MISSING, ColumnTexts
from ringback.contracts.draft.dates import date_candidates
from ringback.contracts.draft.doubts import written_reading
from ringback.contracts.draft.naming import says_identifier
from ringback.contracts.draft.numbers import DIGITS, NUMERIC, loses_text, number_candidates
from ringback.contracts.draft.scalar import shown, words
from ringback.contracts.draft.words import boolean_candidates, form_candidates, national_phone_candidates

MOST_CODES = 12  # so few different texts may be codes
NEARLY = 0.9  # a reading of this share of the values deserves a word

_TEXT = pl.col("text")


def remarks_on_text(column: ColumnTexts, name: str, rivals: Sequence[Tried]) -> tuple[str, ...]:
    """Why the column stays text, and what would make it something else."""
    if not column.value_count:
        return ("no value in the sample: read as text",)
    told = chain(
        _kept_as_text(column, name),
        _missing_words(column, name),
        _nearly(rivals),
        _words_for_boolean(column, name),
        _phone_numbers(column, name),
        _codes(column),
    )
    return (*told, *remarks_on_values(column))


def remarks_on_values(column: ColumnTexts) -> tuple[str, ...]:
    """What holds for any type."""
    if column.padded_count:
        return (f"{_counted(column.padded_count)} with white space around: it is left out when reading",)
    return ()


def _kept_as_text(column: ColumnTexts, name: str) -> Iterator[str]:
    if column.count(~NUMERIC):
        return
    digits = "digits only" if not column.count(~DIGITS) else "numbers"
    if lost := loses_text(column):
        yield f"{digits}, but {lost}: kept as text"
    elif says_identifier(name):
        yield f"{digits}; its name says that it tells things apart: kept as text"


def _missing_words(column: ColumnTexts, name: str) -> Iterator[str]:
    found = column.texts.filter(MATCHES_MISSING)
    if found.is_empty():
        return
    listed = tuple(found["text"].to_list())
    counts = ", ".join(f"{count:,} x {shown(text)}" for text, count in found.head(5).iter_rows())
    yield f"{counts}: text, unless the field says missingValues: {words(('', *listed))}"
    rest = column.without(MATCHES_MISSING)
    if rest.value_count and (full := _first_full(rest, name)):
        yield f"all other {rest.value_count:,} values would then be {full}"


def _first_full(column: ColumnTexts, name: str) -> str | None:
    if says_identifier(name):
        return None
    candidates = chain(number_candidates(column), date_candidates(column), form_candidates(column))
    full = next((one for one in try_all(column, candidates) if not one.unread_count), None)
    return None if full is None else _named(full)


def _named(tried: Tried) -> str:
    return written_reading(tried.reading())


def _nearly(rivals: Sequence[Tried]) -> Iterator[str]:
    best = next(iter(rivals), None)
    if best is not None and best.read_count >= NEARLY * best.column.value_count:
        unread = ", ".join(shown(text) for text in best.reading().unread)
        yield f"{best.read_count:,} of {best.column.value_count:,} values would be {_named(best)}; not {unread}"


def _words_for_boolean(column: ColumnTexts, name: str) -> Iterator[str]:
    for tried in try_all(column, boolean_candidates(column)):
        if not tried.unread_count:
            yield f"two words; to read them as true and false: {_named(tried)} (--decide {name}=boolean)"


def _phone_numbers(column: ColumnTexts, name: str) -> Iterator[str]:
    few = replace(column, texts=column.peek().with_columns(count=pl.lit(1, dtype=pl.Int64)))
    tried = try_all(few, national_phone_candidates(few, name))
    if tried and tried[0].read_count >= NEARLY * few.value_count:
        told = ", ".join(f"{one.candidate.decide} reads {one.read_count:,}" for one in tried[:3])
        yield (
            f"telephone numbers, kept as text until a region is decided; of {few.value_count:,} different ones "
            f"{told} (--decide {name}={tried[0].candidate.decide})"
        )


def _codes(column: ColumnTexts) -> Iterator[str]:
    few = column.distinct_count <= MOST_CODES and column.value_count >= 4 * column.distinct_count
    if few and column.distinct_count > 1:
        counts = ", ".join(f"{shown(text, 24)} {count:,}" for text, count in column.texts.iter_rows())
        yield f"{column.distinct_count} different values, may be codes: {counts}"


def _counted(count: int) -> str:
    return f"{count:,} value{'' if count == 1 else 's'}"
