"""Summarise: a change set in numbers and examples; sums of partitions are the summary of the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import polars as pl

from ringback.model.canonical import to_text
from ringback.model.change import ChangeSet, Digest, Summary
from ringback.model.contract import Contract
from ringback.model.finding import Example
from ringback.model.rows import LINE
from ringback.steps.digest import change_digest, fold
from ringback.steps.plan import compared

EXAMPLE_COUNT = 5  # a field: enough to see a pattern, few enough to read


def summarise(change_sets: Iterable[ChangeSet], contract: Contract, *, held_count: int) -> Summary:
    """Count what the change sets of all partitions would do, and keep a few examples of each field."""
    columns = compared(contract)
    counts: Counter[str] = Counter()
    by_field: Counter[str] = Counter()
    examples: dict[str, tuple[Example, ...]] = {}
    gone: tuple[Example, ...] = ()
    leaves, enters = Digest(), Digest()
    for changes in change_sets:
        counts += _counts(changes, contract)
        for name in columns:
            mask = changes.changed_cells(name)
            by_field[name] += int(mask.sum())
            examples[name] = (*examples.get(name, ()), *_examples(changes, name, mask))[:EXAMPLE_COUNT]
        gone = (*gone, *_gone(changes))[:EXAMPLE_COUNT]
        left, entered = change_digest(changes, columns)
        leaves, enters = leaves + left, enters + entered
    return Summary(
        held=held_count,
        **{name: counts[name] for name in ("added", "changed", "unchanged", "removed", "closed", "missing")},
        changed_by_field={name: number for name, number in by_field.items() if number},
        examples={name: kept for name, kept in examples.items() if kept},
        gone=gone,
        leaves=leaves,
        enters=enters,
        digest=fold(leaves, enters),
    )


def _counts(changes: ChangeSet, contract: Contract) -> Counter[str]:
    closed = int(changes.after[LINE].is_null().sum())
    return Counter(
        added=changes.added.height,
        changed=changes.after.height - closed,
        unchanged=changes.unchanged_count,
        removed=changes.removed.height,
        closed=closed,
        missing=changes.missing_count,
    )


def _examples(changes: ChangeSet, name: str, mask: pl.Series) -> list[Example]:
    key = list(changes.key)
    before, after = changes.before.filter(mask).head(EXAMPLE_COUNT), changes.after.filter(mask).head(EXAMPLE_COUNT)
    sides = after.select(pl.struct(_texts(after, key)).alias("key"), LINE, _text(after, name).alias("after"))
    old = before.select(_text(before, name).alias("before"))
    return [
        Example(key=tuple(row["key"].values()), line=row[LINE], before=row["before"], after=row["after"])
        for row in sides.hstack(old).iter_rows(named=True)
    ]


def _gone(changes: ChangeSet) -> list[Example]:
    closing = changes.before.filter(changes.after[LINE].is_null())
    gone = pl.concat([changes.removed.head(EXAMPLE_COUNT), closing.head(EXAMPLE_COUNT)])
    return [Example(key=row) for row in gone.select(_texts(gone, list(changes.key))).rows()]


def _texts(frame: pl.DataFrame, names: list[str]) -> list[pl.Expr]:
    return [_text(frame, name) for name in names]


def _text(frame: pl.DataFrame, name: str) -> pl.Expr:
    return to_text(pl.col(name), frame.schema[name])
