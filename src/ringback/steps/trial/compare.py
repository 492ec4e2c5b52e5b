"""Compare: two readings of the same lines, value by value.

A line tells which record of one reading is which of the other, also where their keys are not the same any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from ringback.model.canonical import to_text
from ringback.model.change import ChangeSet
from ringback.model.contract import Contract
from ringback.model.finding import Example
from ringback.model.rows import LINE
from ringback.model.trial import FieldState, FieldTrial, Moving, RowChanges, Seen
from ringback.steps.gauge import Gauge
from ringback.steps.guard.wording import cause
from ringback.steps.reject_groups import RejectGroups, add_rejects
from ringback.steps.trial.piece import Piece


@dataclass(frozen=True, slots=True)
class _Pair:
    """Records that both readings have, row by row side by side."""

    old: pl.DataFrame
    new: pl.DataFrame


class Comparison:
    """All that differs between two readings of deliveries, in counts and a few examples of each kind."""

    def __init__(self, old: Contract, new: Contract, *, example_count: int) -> None:
        self._old, self._new, self._most = old, new, example_count
        self._shared = [name for name in new.fields if name in old.fields]
        self._same_type = [name for name in self._shared if old.fields[name].dtype == new.fields[name].dtype]
        self._gauge = Gauge(new)
        self._by_field: Counter[str] = Counter()
        self._blanked: Counter[str] = Counter()
        self._filled: Counter[str] = Counter()
        self._entering: RejectGroups = {}
        self._leaving: RejectGroups = {}
        self._compared = 0
        self._run = 0
        self._first_runs: dict[tuple[object, ...], int] = {}
        self.examples: dict[str, tuple[Seen, ...]] = {}
        self.keys: tuple[Seen, ...] = ()

    def begin(self, run: int) -> None:
        """What is taken from now on is of this run's delivery."""
        self._run = run

    def take(self, old: Piece, new: Piece) -> RowChanges:
        """Compare two pieces of the same lines. Returns: the counts of these alone, without merged and split."""
        pair = _paired(old.records, new.records)
        moved = self._moved(old, new)
        masks = {name: self._differs(pair, name) for name in self._shared}
        rekeyed = self._rekeyed(pair, masks)
        changed = rekeyed
        for name, mask in masks.items():
            changed = changed | mask
            self._count(name, pair, mask, new.rows)
        self._add_keys(pair, rekeyed, new.rows)
        self._gauge.take(self._changes(pair, changed))
        self._compared += pair.new.height
        return replace(moved, compared=pair.new.height, changed=int(changed.sum()), rekeyed=int(rekeyed.sum()))

    def fields(self) -> tuple[FieldTrial, ...]:
        """Every field of either contract, in the order of the newer one."""
        shared = {name: self._field(name) for name in self._shared}
        named = {name: diagnosis for diagnosis in self._gauge.diagnoses for name in diagnosis.fields}
        for name, diagnosis in named.items():
            changed = shared[name].changed or 0
            shared[name] = replace(
                shared[name],
                misreading=diagnosis.code,
                sentence=cause(diagnosis, self._new.fields[name].type),
                explained=min(changed, round(diagnosis.share_explained * changed)),
            )
        new = [shared.get(name) or FieldTrial(field=name, state=FieldState.NEW) for name in self._new.fields]
        gone = [FieldTrial(field=name, state=FieldState.GONE) for name in self._old.fields if name not in shared]
        return (*new, *gone)

    @property
    def entering(self) -> tuple[Moving, ...]:
        """Why rows enter quarantine, most rows first."""
        return self._most_first(self._entering)

    @property
    def leaving(self) -> tuple[Moving, ...]:
        """Why rows that leave quarantine were there, most rows first."""
        return self._most_first(self._leaving)

    def _field(self, name: str) -> FieldTrial:
        return FieldTrial(
            field=name,
            compared=self._compared,
            changed=self._by_field[name],
            blanked=self._blanked[name],
            filled=self._filled[name],
        )

    def _moved(self, old: Piece, new: Piece) -> RowChanges:
        """Lines that are a record in one reading only."""
        if old.rejects.is_empty() and new.rejects.is_empty() and _same_lines(old.records, new.records):
            return RowChanges()
        entering, leaving = _of_records(new.rejects, old.records), _of_records(old.rejects, new.records)
        self._add_rejects(entering, self._entering)
        self._add_rejects(leaving, self._leaving)
        entered, left = entering["line"].n_unique(), leaving["line"].n_unique()
        both = old.records.select(LINE).join(new.records.select(LINE), on=LINE, how="semi").height
        return RowChanges(
            entered=entered,
            left=left,
            vanished=old.records.height - both - entered,
            appeared=new.records.height - both - left,
        )

    def _add_rejects(self, rejects: pl.DataFrame, groups: RejectGroups) -> None:
        add_rejects(rejects, groups)
        for name in groups:
            self._first_runs.setdefault((id(groups), name), self._run)

    def _most_first(self, groups: RejectGroups) -> tuple[Moving, ...]:
        told = [Moving(run=self._first_runs[id(groups), name], group=group) for name, group in groups.items()]
        return tuple(sorted(told, key=lambda one: (-one.group.row_count, one.group.first_line)))

    def _differs(self, pair: _Pair, name: str) -> pl.Series:
        if name in self._same_type:
            return pair.old[name].ne_missing(pair.new[name])
        return _text(pair.old, name).ne_missing(_text(pair.new, name))

    def _rekeyed(self, pair: _Pair, masks: Mapping[str, pl.Series]) -> pl.Series:
        """Where the record is another client's: parts of the key are compared in their order, whatever their names."""
        one, other = self._old.key, self._new.key
        none = pl.repeat(value=False, n=pair.new.height, dtype=pl.Boolean, eager=True)
        if one == other:
            for name in one:
                none = none | masks[name]
            return none
        if len(one) != len(other):
            return ~none
        for before, after in zip(one, other, strict=True):
            none = none | _text(pair.old, before).ne_missing(_text(pair.new, after))
        return none

    def _count(self, name: str, pair: _Pair, mask: pl.Series, rows: pl.DataFrame) -> None:
        changed = int(mask.sum())
        if not changed:
            return
        self._by_field[name] += changed
        self._blanked[name] += int((mask & pair.new[name].is_null()).sum())
        self._filled[name] += int((mask & pair.old[name].is_null()).sum())
        known = self.examples.get(name, ())
        if len(known) < self._most:
            few = self._examples(name, pair, mask.arg_true().head(self._most - len(known)), rows)
            self.examples[name] = (*known, *few)

    def _examples(self, name: str, pair: _Pair, places: pl.Series, rows: pl.DataFrame) -> list[Seen]:
        old, new = pair.old[places], pair.new[places]
        keys = zip(*(_text(old, part).to_list() for part in self._old.key), strict=True)
        texts = _raw(rows, new[LINE], str(self._new.fields[name].column))
        told = zip(keys, new[LINE], _text(old, name), _text(new, name), texts, strict=True)
        return [
            Seen(run=self._run, example=Example(key=key, line=line, before=one, after=two, raw=raw))
            for key, line, one, two, raw in told
        ]

    def _add_keys(self, pair: _Pair, rekeyed: pl.Series, rows: pl.DataFrame) -> None:
        if len(self.keys) >= self._most or not rekeyed.any():
            return
        places = rekeyed.arg_true().head(self._most - len(self.keys))
        old, new = pair.old[places], pair.new[places]
        column = str(self._new.fields[self._new.key[0]].column)
        before, after = (_joined(side, key) for side, key in ((old, self._old.key), (new, self._new.key)))
        told = zip(new[LINE], before, after, _raw(rows, new[LINE], column), strict=True)
        few = [
            Seen(run=self._run, example=Example(key=(), line=line, before=one, after=two, raw=raw))
            for line, one, two, raw in told
        ]
        self.keys = (*self.keys, *few)

    def _changes(self, pair: _Pair, changed: pl.Series) -> ChangeSet:
        """As if the old reading were held; what has another type now is left out."""
        old, new = pair.old.filter(changed), pair.new.filter(changed)
        before = new.select(old[name] if name in self._same_type else new[name] for name in self._new.fields)
        none = new.clear()
        return ChangeSet(
            key=self._new.key,
            added=none,
            before=before,
            after=new,
            removed=none.drop(LINE),
            missing=none.select(self._new.key),
            unchanged_count=pair.new.height - new.height,
        )


def _paired(old: pl.DataFrame, new: pl.DataFrame) -> _Pair:
    if _same_lines(old, new):
        return _Pair(old, new)
    return _Pair(
        old.join(new.select(LINE), on=LINE, how="semi", maintain_order="left"),
        new.join(old.select(LINE), on=LINE, how="semi", maintain_order="left"),
    )


def _same_lines(old: pl.DataFrame, new: pl.DataFrame) -> bool:
    return old[LINE].equals(new[LINE])


def _of_records(rejects: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """The rejects of lines that are records in the other reading."""
    return rejects.join(records.select(pl.col(LINE).alias("line")), on="line", how="semi", maintain_order="left")


def _text(frame: pl.DataFrame, name: str) -> pl.Series:
    return frame.select(to_text(pl.col(name), frame.schema[name]))[name]


def _joined(frame: pl.DataFrame, key: tuple[str, ...]) -> list[str]:
    return [",".join(map(str, parts)) for parts in zip(*(_text(frame, name) for name in key), strict=True)]


def _raw(rows: pl.DataFrame, lines: pl.Series, column: str) -> list[str | None]:
    texts = dict(rows.join(lines.to_frame(LINE), on=LINE, how="semi").select(LINE, column).iter_rows())
    return [texts.get(line) for line in lines]
