"""The recipe that examples mean: the simplest that does well on the whole column, and those nearly as good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ringback.model.recipe import Case, Example, Formula, Piece, Take
from ringback.steps.reformat.learn.atoms import Atom, by_text, copied
from ringback.steps.reformat.learn.costs import MARGIN
from ringback.steps.reformat.learn.ground import Ground, Values, ground_of
from ringback.steps.reformat.learn.maps import mapped
from ringback.steps.reformat.learn.moments import moments
from ringback.steps.reformat.learn.numbers import numbers
from ringback.steps.reformat.learn.rank import strangeness
from ringback.steps.reformat.learn.search import joins
from ringback.steps.reformat.reference import joined

RANKED = 30  # joins that are tried on all rows
RIVALS = 6
ROWS = 200  # rows that joins are ranked on


@dataclass(frozen=True, slots=True)
class Candidate:
    """Pieces that make every example, what they give on all rows, and what they cost."""

    pieces: tuple[Piece, ...]
    values: Values
    cost: float


def candidates(examples: Sequence[Example], inputs: Sequence[Sequence[str]]) -> list[Candidate]:
    """Joins that make every example, the best first; `values` are those of the examples, then of the inputs."""
    shown = [example for example in examples if example.output]
    ground = ground_of(shown, inputs)
    rows = [*(example.inputs for example in shown), *map(tuple, inputs[:ROWS])]
    found = []
    for join in joins(ground, by_text(atoms(ground), ground.known))[:RANKED]:
        if any(isinstance(piece, Take) for piece in join.pieces):
            values = tuple(joined(join.pieces, row) for row in rows)
            found.append(Candidate(join.pieces, values, join.cost + strangeness(values, ground.outputs)))
    return sorted(found, key=lambda each: each.cost)


def atoms(ground: Ground) -> Iterator[Atom]:
    """All pieces that may take part."""
    yield from copied(ground)
    yield from mapped(ground)
    yield from numbers(ground)
    yield from moments(ground)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The formula chosen, and the rivals: nearly as good, and another answer on some row."""

    formula: Formula
    rivals: tuple[Formula, ...]


def choose(examples: Sequence[Example], inputs: Sequence[Sequence[str]]) -> Choice | None:
    """The formula that the examples mean; None where none was found."""
    if not any(example.output for example in examples):
        return None
    found = candidates(examples, inputs)
    if not found:
        return None
    columns = len(examples[0].inputs)
    best, rivals = found[0], rivals_of(found)
    formula = Formula(columns=columns, cases=(Case(join=best.pieces),))
    return Choice(formula=formula, rivals=tuple(Formula(columns=columns, cases=(Case(join=each.pieces),)) for each in rivals))


def rivals_of(found: Sequence[Candidate]) -> list[Candidate]:
    """Those nearly as good as the first that answer some row otherwise."""
    best = found[0]
    near = [each for each in found[1:] if each.cost <= best.cost + MARGIN and _differs(each.values, best.values)]
    return near[:RIVALS]


def _differs(values: Values, others: Values) -> bool:
    return any(
        value is not None and other is not None and value != other for value, other in zip(values, others, strict=True)
    )
