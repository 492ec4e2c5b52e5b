"""Which fields tell one client from another: unique, never missing, the same in successive samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from ringback.contracts.draft.evidence import Doubt, FieldDraft, KeyCandidate, KeyDraft
from ringback.contracts.draft.naming import says_contact, says_identifier
from ringback.contracts.draft.scalar import words

_MOST_COLUMNS = 12  # columns from which composite keys are tried
_FIRST_ROWS = 10_000  # on which a composite key is tried before all rows are
_MOST_TOLD = 3
_NEARLY_UNIQUE = 0.2  # of the rows may share a candidate that is worth telling


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """A candidate counted over all samples, and what speaks for it."""

    fields: tuple[FieldDraft, ...]
    duplicate_count: int
    missing_count: int
    stable_share: float = 1.0  # of the first sample's keys that the last one has too

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its fields."""
        return tuple(field.name for field in self.fields)

    @property
    def unique(self) -> bool:
        """Whether it tells every row from every other, an empty text taken as a value."""
        return self.duplicate_count == 0


def find_key(fields: Sequence[FieldDraft], samples: Sequence[pl.DataFrame]) -> KeyDraft:
    """Find the key. Shapes: samples: one frame a sample, columns in the order of `fields`, trimmed text."""
    if not any(frame.height for frame in samples):
        return _none((), "the samples have no rows")
    singles = [_keyed((at,), fields, samples) for at in _eligible(fields)]
    whole = [one for one in singles if one.unique and not one.missing_count]
    if whole:
        return _found(sorted(whole, key=lambda one: _rank(one, fields)), fields)
    together = list(_together(singles, fields, samples))
    complete = [one for one in together if not one.missing_count]
    if complete:
        return _found(sorted(complete, key=lambda one: _rank(one, fields)), fields)
    nearest = sorted([*together, *singles], key=lambda one: (one.duplicate_count, one.missing_count, len(one.fields)))
    rows = sum(frame.height for frame in samples)
    worth = [one for one in nearest if one.duplicate_count <= _NEARLY_UNIQUE * rows]
    return _none(
        (worth or nearest[:1])[:_MOST_TOLD], "no field, nor two or three together, is unique and never missing"
    )


def decided_key(names: Sequence[str], fields: Sequence[FieldDraft], samples: Sequence[pl.DataFrame]) -> KeyDraft:
    """The key that a person decided, counted."""
    at = {field.name: number for number, field in enumerate(fields)}
    one = _keyed(tuple(at[name] for name in names), fields, samples)
    return KeyDraft(fields=one.names, remarks=("decided by a person", *_counts(one)))


def _eligible(fields: Sequence[FieldDraft]) -> list[int]:
    """Columns that may be in a key: amounts and moments are unique only by chance."""
    counted = ("decimal", "datetime", "boolean")
    return [at for at, field in enumerate(fields) if field.reading.type not in counted and field.value_count]


def _keyed(at: tuple[int, ...], fields: Sequence[FieldDraft], samples: Sequence[pl.DataFrame]) -> Keyed:
    duplicates = sum(frame.height - _distinct(frame, at) for frame in samples)
    missing = sum(_missing(frame, at) for frame in samples)
    stable = _stable(at, samples) if len(samples) > 1 and not duplicates else 1.0
    return Keyed(
        fields=tuple(fields[one] for one in at),
        duplicate_count=duplicates,
        missing_count=missing,
        stable_share=stable,
    )


def _distinct(frame: pl.DataFrame, at: tuple[int, ...]) -> int:
    return int(frame.select(pl.nth(*at)).n_unique())


def _missing(frame: pl.DataFrame, at: tuple[int, ...]) -> int:
    return int(frame.select(pl.any_horizontal(pl.nth(*at) == "").sum()).item())


def _stable(at: tuple[int, ...], samples: Sequence[pl.DataFrame]) -> float:
    first, last = (frame.select(pl.nth(one).alias(str(one)) for one in at) for frame in (samples[0], samples[-1]))
    kept = first.join(last, on=first.columns, how="semi").height
    return kept / first.height if first.height else 1.0


def _rank(one: Keyed, fields: Sequence[FieldDraft]) -> tuple[object, ...]:
    """Stability, then a name that says identifier, then fewer parts, then the place in the file."""
    named = all(says_identifier(field.name) for field in one.fields)
    contact = any(says_contact(field.name) or field.reading.type in ("email", "phone") for field in one.fields)
    place = tuple(fields.index(field) for field in one.fields)
    return (-round(one.stable_share, 1), contact, not named, len(one.fields), place)


def _together(
    singles: Sequence[Keyed], fields: Sequence[FieldDraft], samples: Sequence[pl.DataFrame]
) -> Iterator[Keyed]:
    """Pairs, and if none is unique triples, of the columns with most different values."""
    widest = sorted(singles, key=lambda one: -one.fields[0].distinct_count)[:_MOST_COLUMNS]
    places = sorted(fields.index(one.fields[0]) for one in widest)
    for size in (2, 3):
        found = [at for at in combinations(places, size) if _may_be_unique(at, fields, samples)]
        keyed = [_keyed(at, fields, samples) for at in found]
        unique = [one for one in keyed if one.unique]
        if unique:
            yield from unique
            return


def _may_be_unique(at: tuple[int, ...], fields: Sequence[FieldDraft], samples: Sequence[pl.DataFrame]) -> bool:
    most = max(frame.height for frame in samples)
    room = 1
    for one in at:
        room *= fields[one].distinct_count + (fields[one].missing_count > 0)
    heads = (frame.head(_FIRST_ROWS) for frame in samples)
    return room >= most and all(_distinct(head, at) == head.height for head in heads)


def _found(ranked: Sequence[Keyed], fields: Sequence[FieldDraft]) -> KeyDraft:
    best, others = ranked[0], ranked[1:]
    told = [*_counts(best)]
    if others:
        more = f", and {len(others) - _MOST_TOLD} more" if len(others) > _MOST_TOLD else ""
        told.append(f"unique too: {', '.join(' + '.join(one.names) for one in others[:_MOST_TOLD])}{more}")
    return KeyDraft(fields=best.names, remarks=tuple(told), candidates=tuple(map(_candidate, others[:_MOST_TOLD])))


def _counts(one: Keyed) -> Iterator[str]:
    parts = "a value of its own" if len(one.fields) == 1 else "values of its own together"
    if one.duplicate_count:
        yield f"{one.duplicate_count:,} rows share their key with an earlier row: they will go to quarantine"
    else:
        yield f"every row has {parts}"
    if one.missing_count:
        yield f"{one.missing_count:,} rows have an empty text there: it is read as a value (missingValues: [])"
    if one.stable_share < 1:
        yield f"{one.stable_share:.1%} of the first sample's keys are in the last one too"


def _candidate(one: Keyed) -> KeyCandidate:
    return KeyCandidate(fields=one.names, duplicate_count=one.duplicate_count, missing_count=one.missing_count)


def _none(nearest: Sequence[Keyed], why: str) -> KeyDraft:
    doubt = Doubt(
        where="key",
        why=why,
        choices=tuple(
            f"key: {words(one.names)}   rows that share it with an earlier row: {one.duplicate_count:,}; "
            f"without a text in it: {one.missing_count:,}"
            for one in nearest
        ),
        decide=tuple(f"key={','.join(one.names)}" for one in nearest),
    )
    return KeyDraft(fields=(), candidates=tuple(map(_candidate, nearest)), doubts=(doubt,))
