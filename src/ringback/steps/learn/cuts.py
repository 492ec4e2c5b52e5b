"""Parts of a column's text: every way to cut, told apart by what it gives on all rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ringback.model.recipe import Beside, Count, From, Kind, Literal, Mark, Place, Run, Side, Step, Upto
from ringback.steps.learn.costs import step_cost
from ringback.steps.learn.ground import LONGEST, Values
from ringback.steps.reformat.kinds import spans
from ringback.steps.reformat.reference import take_step

STARTS, ENDS = 70, 40  # cuts of one side that are looked at
FARTHEST = 4  # marks that are counted from either side
COUNTED = 12  # characters that are counted from either side
_KINDS = tuple(Run(kind) for kind in Kind)


@dataclass(frozen=True, slots=True)
class Cut:
    """Steps from a column's text to a part of it, and what they give on every row."""

    steps: tuple[Step, ...]
    values: Values
    cost: float


def marks_of(texts: Iterable[str], known: int) -> tuple[Mark, ...]:
    """Marks worth counting from: kinds of runs, and literals that every example has."""
    every = list(texts)
    examples = every[:known]
    first = examples[0][:LONGEST]
    singles = [c for c in dict.fromkeys(first) if not c.isalnum() or all(c in text for text in every)]
    longer = [*dict.fromkeys(_runs(first, Run(Kind.MARKS))), *dict.fromkeys(_between(first))]
    words = [w for w in dict.fromkeys(_runs(first, Run(Kind.WORD))) if len(w) > 1 and all(w in text for text in every)]
    found = (*singles, *longer, *words)
    kept = (text for text in dict.fromkeys(found) if _is_mark(text) or all(text in other for other in examples))
    return (*_KINDS, *(Literal(text) for text in kept))


def _is_mark(text: str) -> bool:
    return len(text) == 1 and not text.isalnum()


def _runs(text: str, mark: Mark) -> list[str]:
    return [text[start:end] for start, end in spans(text, mark)]


def _between(text: str) -> Iterator[str]:
    """What stands between two runs of letters and digits: ", " and the like."""
    words = spans(text, Run(Kind.WORD))
    for (_, end), (start, _) in pairwise(words):
        if 1 < start - end <= 4:
            yield text[end:start]


def places_at(text: str, marks: Iterable[Mark], wanted: Callable[[int], bool]) -> list[Place]:
    """The ways to name those positions in a text that are wanted."""
    text = text[:LONGEST]
    size = len(text)
    good = [0 < at < size and wanted(at) for at in range(size + 1)]
    found: list[Place] = [Count(at) for at in range(1, min(COUNTED, size - 1) + 1) if good[at]]
    found += [Count(-at) for at in range(1, min(COUNTED, size - 1) + 1) if good[size - at]]
    for mark in marks:
        reached = spans(text, mark)
        for index, (start, end) in enumerate(reached):
            if good[start] or good[end]:
                for number in _numbers(index, len(reached)):
                    if good[start]:
                        found.append(_beside(mark, number, Side.BEFORE))
                    if good[end]:
                        found.append(_beside(mark, number, Side.AFTER))
    return found


_beside = lru_cache(maxsize=4096)(Beside)


def _numbers(index: int, count: int) -> Iterator[int]:
    if index < FARTHEST:
        yield index + 1
    if count - index <= FARTHEST:
        yield index - count


def step_all(values: Values, step: Step) -> Values:
    """A step, taken on every row."""
    return tuple(None if value is None else take_step(value, step) for value in values)


def cut_once(cut: Cut, places: Iterable[Place], side: type[From] | type[Upto], known: int) -> Iterator[Cut]:
    """A cut, cut again at each of these places, where every example has it; lenient, where only some of them do."""
    keep_right = side is From
    mark: Mark | None = None
    rows: list[tuple[tuple[int, int], ...]] = []
    for place in places:
        if isinstance(place, Beside) and place.mark is not mark:
            mark = place.mark
            rows = [() if value is None else spans(value, mark) for value in cut.values]
        values = _cut_values(cut.values, place, rows, keep_right=keep_right)
        head = values[:known]
        if "" in head or all(value is None for value in head):
            continue
        step = side(place)
        if None not in head:
            yield Cut((*cut.steps, step), values, cut.cost + step_cost(step, cut.steps[-1] if cut.steps else None))
        if None in head and isinstance(place, Beside):
            yield _lenient(cut, values, place, side)


def _cut_values(values: Values, place: Place, rows: Sequence[Sequence[tuple[int, int]]], *, keep_right: bool) -> Values:
    """What `reference.take_step` gives on every row, for many places of one mark at a time."""
    if isinstance(place, Count):
        at = place.at
        if keep_right:
            return tuple(value[at:] if value is not None and len(value) >= abs(at) else None for value in values)
        return tuple(value[:at] if value is not None and len(value) >= abs(at) else None for value in values)
    end = place.side is Side.AFTER
    index = place.number - 1 if place.number > 0 else place.number
    needed = index + 1 if index >= 0 else -index
    if keep_right:
        return tuple(
            value[row[index][end] :] if value is not None and len(row) >= needed else None
            for value, row in zip(values, rows, strict=True)
        )
    return tuple(
        value[: row[index][end]] if value is not None and len(row) >= needed else None
        for value, row in zip(values, rows, strict=True)
    )


def _lenient(cut: Cut, values: Values, place: Beside, side: type[From] | type[Upto]) -> Cut:
    forgiving = Beside(place.mark, place.number, place.side, lenient=True)
    filled = tuple(before if value is None else value for before, value in zip(cut.values, values, strict=True))
    step = side(forgiving)
    return Cut((*cut.steps, step), filled, cut.cost + step_cost(step, cut.steps[-1] if cut.steps else None))


def best_of(cuts: Iterable[Cut], count: int) -> list[Cut]:
    """One cut for each behaviour, the simplest; at most `count`, the simplest first."""
    best: dict[Values, Cut] = {}
    for cut in sorted(cuts, key=lambda each: each.cost):
        best.setdefault(cut.values, cut)
    return list(best.values())[:count]


def parts(texts: tuple[str, ...], known: int, wanted: Callable[[str], bool]) -> list[Cut]:
    """Parts whose text in the first example is wanted; `wanted` of a text must hold for all that begin it or end it."""
    whole = Cut((), texts, 0.0)
    marks = marks_of(texts, known)
    first = texts[0]
    from_first = _starts(whole, marks, known, lambda at: wanted(first[at]))
    upto_first = _ends(whole, marks, known, lambda at: wanted(first[at - 1]))
    found: list[Cut] = [whole, *from_first, *upto_first]
    for start in (whole, *from_first):
        found += _ends(start, marks, known, _wanted_upto(start, wanted))
    for end in upto_first:
        found += _starts(end, marks, known, _wanted_from(end, wanted), from_right=True)
    return [cut for cut in found if wanted(cut.values[0] or "")]


def _wanted_upto(start: Cut, wanted: Callable[[str], bool]) -> Callable[[int], bool]:
    text = start.values[0] or ""
    return lambda at: wanted(text[:at])


def _wanted_from(end: Cut, wanted: Callable[[str], bool]) -> Callable[[int], bool]:
    text = end.values[0] or ""
    return lambda at: wanted(text[at:])


def _starts(
    cut: Cut, marks: Iterable[Mark], known: int, at_wanted: Callable[[int], bool], *, from_right: bool = False
) -> list[Cut]:
    named = places_at(cut.values[0] or "", marks, at_wanted)
    return best_of(cut_once(cut, [place for place in named if not from_right or _right(place)], From, known), STARTS)


def _right(place: Place) -> bool:
    return place.at < 0 if isinstance(place, Count) else place.number < 0


def _ends(cut: Cut, marks: Iterable[Mark], known: int, at_wanted: Callable[[int], bool]) -> list[Cut]:
    return best_of(cut_once(cut, places_at(cut.values[0] or "", marks, at_wanted), Upto, known), ENDS)
