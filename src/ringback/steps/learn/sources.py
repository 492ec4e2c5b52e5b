"""Parts of a column that maps, numbers and dates are looked for in: the whole text, fields between marks, runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ringback.model.recipe import Beside, From, Kind, Literal, Mark, Place, Run, Side, Upto
from ringback.steps.learn.cuts import Cut, best_of, cut_once, marks_of
from ringback.steps.learn.ground import Ground

MOST = 40


def fields(ground: Ground, column: int) -> list[Cut]:
    """The whole column and what stands before, between and behind its literal marks."""
    texts = ground.texts(column)
    if not all(texts[: ground.known]):
        return []
    whole = Cut((), texts, 0.0)
    marks = [mark for mark in marks_of(texts, ground.known) if isinstance(mark, Literal)]
    found = [whole]
    before = [Beside(mark, number, Side.BEFORE) for mark in marks for number in (1, -1)]
    behind = [Beside(mark, number, Side.AFTER) for mark in marks for number in (1, 2, -1)]
    behind += [Beside(Run(Kind.SPACE), 1, Side.AFTER), Beside(Run(Kind.SPACE), -1, Side.AFTER)]
    before += [Beside(Run(Kind.SPACE), 1, Side.BEFORE), Beside(Run(Kind.SPACE), -1, Side.BEFORE)]
    starts = best_of(cut_once(whole, behind, From, ground.known), MOST)
    found += starts
    for start in (whole, *starts[:12]):
        found += cut_once(start, before, Upto, ground.known)
    return best_of(found, MOST)


def runs(ground: Ground, column: int, kinds: Iterable[Kind], *, farthest: int = 3) -> list[Cut]:
    """The first, second, last, ... run of some kinds."""
    texts = ground.texts(column)
    if not all(texts[: ground.known]):
        return []
    whole = Cut((), texts, 0.0)
    numbers = [number for at in range(1, farthest + 1) for number in (at, -at)]
    found: list[Cut] = [whole]
    for kind in kinds:
        mark: Mark = Run(kind)
        end: list[Place] = [Beside(mark, 1, Side.AFTER)]
        starts = cut_once(whole, [Beside(mark, number, Side.BEFORE) for number in numbers], From, ground.known)
        found += _ended([whole, *starts], end, ground.known)
    return best_of(found, MOST)


def _ended(starts: Iterable[Cut], end: list[Place], known: int) -> Iterator[Cut]:
    for start in starts:
        yield from cut_once(start, end, Upto, known)
        yield start
