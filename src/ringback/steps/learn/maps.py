"""Atoms that split a text, reformat each part and join them again; taking marks out and replacing them are such."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ringback.model.recipe import (
    Count,
    Each,
    From,
    InLetters,
    Kind,
    Letters,
    Literal,
    Mark,
    Piece,
    Plain,
    Run,
    Step,
    Take,
    Upto,
)
from ringback.steps.learn.atoms import Atom, atom_of, fits
from ringback.steps.learn.costs import EACH, LETTERS, mark_cost
from ringback.steps.learn.cuts import Cut, marks_of, step_all
from ringback.steps.learn.ground import Ground
from ringback.steps.learn.sources import fields
from ringback.steps.reformat.reference import parts_of, stepped

SLICES = ((0, None), (1, None), (0, -1), (-2, None), (0, 2), (1, -1))
_SLICE_COSTS = {(0, None): 0.0, (1, None): 0.8, (0, -1): 0.8}
JOINT = 4  # characters of a joint
SOURCES = 6  # parts of a column that are split
MOST_PARTS = 60
_CHANGES: tuple[tuple[tuple[Step, ...], float], ...] = (
    ((), 0.0),
    ((Upto(Count(1)),), 0.6),
    ((Upto(Count(1)), InLetters(Letters.UPPER)), 1.2),
    ((Upto(Count(1)), InLetters(Letters.LOWER)), 1.4),
    *(((InLetters(letters),), LETTERS[letters]) for letters in Letters),
    ((Upto(Count(2)),), 1.2),
    ((Upto(Count(3)),), 1.4),
    ((From(Count(1)),), 1.5),
    ((From(Count(-1)),), 1.5),
)


Parts = tuple[tuple[str, ...] | None, ...]  # of each row


@dataclass(frozen=True, slots=True)
class _Split:
    """A column's part, split on every row."""

    source: Cut
    by: Mark
    first: int
    last: int | None
    parts: Parts

    @property
    def cost(self) -> float:
        return self.source.cost + EACH + mark_cost(self.by) + _SLICE_COSTS.get((self.first, self.last), 1.3)


def mapped(ground: Ground) -> Iterator[Atom]:
    """Atoms of every column."""
    for column in range(ground.width):
        texts = ground.texts(column)
        if not all(texts[: ground.known]):
            continue
        marks = list(_marks(texts, ground.known))
        for split in _splits(fields(ground, column)[:SOURCES], marks, ground.known):
            for steps, cost in _CHANGES:
                yield from _atoms(column, split, steps, cost, ground)
        yield from _plain(column, Cut((), texts, 0.0), ground)


def _marks(texts: Sequence[str], known: int) -> Iterable[Mark]:
    """Runs that parts are; literals that any example has between parts."""
    yield from (Run(kind) for kind in Kind if kind is not Kind.SPACE)
    found = dict.fromkeys(
        mark.text for text in texts[:known] for mark in marks_of([text], 1) if isinstance(mark, Literal)
    )
    yield from (Literal(text) for text in found if not text.isalnum())


def _splits(sources: Iterable[Cut], marks: Sequence[Mark], known: int) -> Iterator[_Split]:
    """Ways to split, told apart by the parts that they give."""
    seen: set[Parts] = set()
    for source in sources:
        for mark in marks:
            whole = _parts(source, mark)
            sizes = [len(parts or ()) for parts in whole[:known]]
            if max(sizes) < 2 or min(sizes) < 1 or max(sizes) > MOST_PARTS:
                continue
            for first, last in SLICES:
                parts = tuple(parts if parts is None else parts[first:last] for parts in whole)
                if parts not in seen and all(parts[:known]) and max(len(each or ()) for each in parts[:known]) > 1:
                    seen.add(parts)
                    yield _Split(source, mark, first, last, parts)


def _parts(source: Cut, mark: Mark) -> Parts:
    return tuple(None if text is None else tuple(parts_of(text, Each(mark))) for text in source.values)


def _atoms(column: int, split: _Split, steps: tuple[Step, ...], extra: float, ground: Ground) -> Iterator[Atom]:
    known, outputs = ground.known, ground.outputs
    at = next(index for index in range(known) if len(split.parts[index] or ()) > 1)
    begin = _changed((split.parts[at] or ())[:2], steps)
    if begin is None or not all(part in outputs[at] for part in begin):
        return
    for joint in _joints(begin, outputs[at]):
        if not steps and split.by == Literal(joint):
            continue  # a part of the text as it stands
        head = tuple(_joined(parts, steps, joint) for parts in split.parts[:known])
        if fits(head, outputs):
            values = head + tuple(_joined(parts, steps, joint) for parts in split.parts[known:])
            join: tuple[Piece, ...] = (Take(0, steps),) if steps else ()
            step = Each(split.by, split.first, split.last, join, joint)
            cost = split.cost + extra + 0.2 * len(joint)
            yield atom_of(column, (*split.source.steps, step), values, cost)


def _joined(parts: Sequence[str] | None, steps: tuple[Step, ...], joint: str) -> str | None:
    changed = _changed(parts, steps) if parts else None
    return None if changed is None else joint.join(changed)


def _changed(parts: Sequence[str], steps: tuple[Step, ...]) -> list[str] | None:
    changed = [_stepped(part, steps) for part in parts]
    return None if None in changed else [part for part in changed if part is not None]


_stepped = lru_cache(maxsize=1 << 15)(stepped)


def _joints(parts: Sequence[str], output: str) -> Iterator[str]:
    """What may stand between the parts: what does between the first two that are not empty, where they follow."""
    first, second = parts[0], parts[1]
    if not first or not second:
        yield from (joint for joint in ("", " ") if joint.join(parts) in output)
        return
    at = output.find(first)
    while at >= 0:
        behind = output.find(second, at + len(first), at + len(first) + JOINT + len(second))
        if behind >= 0:
            yield output[at + len(first) : behind]
        at = output.find(first, at + 1)


def _plain(column: int, source: Cut, ground: Ground) -> Iterator[Atom]:
    head = step_all(source.values[: ground.known], Plain())
    if head != source.values[: ground.known] and fits(head, ground.outputs):
        values = head + step_all(source.values[ground.known :], Plain())
        yield atom_of(column, (*source.steps, Plain()), values, source.cost + EACH)
