"""How joins do on the whole column: outputs of other rows should look like those of the examples."""

from __future__ import annotations

from collections.abc import Sequence

from ringback.steps.learn.costs import EMPTY, NEW_CHARACTER, NEW_END, NEW_SHAPE, UNANSWERED
from ringback.steps.learn.ground import Values
from ringback.steps.reformat.reference import shape


def strangeness(values: Values, outputs: Sequence[str]) -> float:
    """What the behaviour on all rows adds to the cost; `values` has the examples' rows first."""
    shapes = {shape(output) for output in outputs}
    kinds = frozenset(kind for each in shapes for kind in each)
    firsts, lasts = {each[:1] for each in shapes}, {each[-1:] for each in shapes}
    others = values[len(outputs) :]
    if not others:
        return 0.0
    return sum(_strange(value, shapes, kinds, firsts, lasts) for value in others) / len(others)


def _strange(value: str | None, shapes: set[str], kinds: frozenset[str], firsts: set[str], lasts: set[str]) -> float:
    if value is None:
        return UNANSWERED
    if not value:
        return EMPTY
    seen = shape(value)
    if seen in shapes:
        return 0.0
    cost = NEW_SHAPE
    cost += NEW_CHARACTER if not kinds.issuperset(seen) else 0.0
    return cost + NEW_END * ((seen[:1] not in firsts) + (seen[-1:] not in lasts)) / 2
