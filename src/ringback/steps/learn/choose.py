"""The recipe that examples mean: the simplest that does well on the whole column, and those nearly as good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from ringback.model.recipe import Case, Example, Formula, Rules, Take, Text
from ringback.steps.learn.atoms import Atom, by_text, copied
from ringback.steps.learn.cases import Parting, partings
from ringback.steps.learn.costs import DEAREST, DEAREST_CASES, MARGINS, text_cost
from ringback.steps.learn.ground import OTHERS, Ground, Values, ground_of
from ringback.steps.learn.maps import mapped
from ringback.steps.learn.moments import moments
from ringback.steps.learn.numbers import numbers
from ringback.steps.learn.rank import strangeness
from ringback.steps.learn.search import joins
from ringback.steps.reformat.reference import joined

RANKED = 30  # joins that are tried on all rows
RIVALS = 6
FEWER = 6  # rows beside the examples for one side of a condition
BEST = 3  # joins for one side of a condition
PLAIN = 9.0  # a join that costs more is compared with cases
ROWS = 200  # rows that joins are ranked on


@dataclass(frozen=True, slots=True)
class Candidate:
    """Cases that make every example, what they give on all rows, and what they cost."""

    cases: tuple[Case, ...]
    values: Values
    simple: float  # what the pieces cost
    cost: float  # with how they do on all rows


def candidates(
    examples: Sequence[Example], inputs: Sequence[Sequence[str]], *, others: int = OTHERS
) -> list[Candidate]:
    """Joins that make every example, the best first; `values` are those of the examples, then of the inputs."""
    shown = [example for example in examples if example.output]
    ground = ground_of(shown, inputs, others=others)
    rows = [*(example.inputs for example in shown), *map(tuple, inputs[:ROWS])]
    found = []
    for join in joins(ground, by_text(atoms(ground), ground.known))[:RANKED]:
        if any(isinstance(piece, Take) for piece in join.pieces):
            values = tuple(joined(join.pieces, row) for row in rows)
            cost = join.cost + strangeness(values, ground.outputs)
            found.append(Candidate((Case(join=join.pieces),), values, join.cost, cost))
    return sorted(found, key=lambda each: each.cost)


def atoms(ground: Ground) -> Iterator[Atom]:
    """All pieces that may take part."""
    yield from copied(ground)
    yield from mapped(ground)
    yield from numbers(ground)
    yield from moments(ground)


def choose(examples: Sequence[Example], inputs: Sequence[Sequence[str]]) -> Rules | None:
    """The rules that the examples mean; None where none were found."""
    if not any(example.output for example in examples):
        return None
    found = all_candidates(examples, inputs)
    if not found:
        return None
    columns = len(examples[0].inputs)
    best, rivals = found[0], rivals_of(found, MARGINS[min(len(examples), 3)])
    return Rules(
        formula=Formula(columns=columns, cases=best.cases),
        rivals=tuple(Formula(columns=columns, cases=each.cases) for each in rivals),
        examples=tuple(examples),
    )


def all_candidates(examples: Sequence[Example], inputs: Sequence[Sequence[str]]) -> list[Candidate]:
    """Single joins and, where none is simple, two cases; the best first."""
    found = _unlike_the_empty(candidates(examples, inputs), examples)
    if not found or found[0].cost > PLAIN:
        found += in_cases(examples, inputs)
    dearest = DEAREST[min(len(examples), 3)]
    return sorted((each for each in found if _doubt(each, len(examples)) <= dearest), key=lambda each: each.cost)


def _doubt(candidate: Candidate, known: int) -> float:
    """What a candidate costs without its constants: several examples that have them alike vouch for them."""
    pieces = [piece for case in candidate.cases for piece in case.join]
    return candidate.simple - sum(text_cost(piece.text, known) for piece in pieces if isinstance(piece, Text))


def _unlike_the_empty(found: list[Candidate], examples: Sequence[Example]) -> list[Candidate]:
    """Those that give nothing where an example is empty."""
    empty = [example.inputs for example in examples if not example.output]
    return [each for each in found if not any(joined(each.cases[0].join, row) for row in empty)]


def in_cases(examples: Sequence[Example], inputs: Sequence[Sequence[str]]) -> Iterator[Candidate]:
    """Candidates with two cases."""
    shown = [example for example in examples if example.output]
    rows = [*(example.inputs for example in shown), *map(tuple, inputs[:ROWS])]
    for alike in partings(shown, rows) if len(shown) > 1 else ():
        truth = alike[0].truth
        sides = [[shown[at] for at in range(len(shown)) if truth[at] is met] for met in (True, False)]
        made = [candidates(side, inputs, others=FEWER)[:BEST] for side in sides]
        for parting, (yes, no) in product(alike, list(product(*made))):
            met = parting.truth[0] is truth[0]
            both = _both(parting, (yes, no) if met else (no, yes), shown, rows)
            if min(map(len, sides)) > 1 or both.simple <= DEAREST_CASES[min(len(shown), 3)]:
                yield both


def _both(
    parting: Parting, sides: tuple[Candidate, Candidate], shown: Sequence[Example], rows: Sequence[Sequence[str]]
) -> Candidate:
    cases = tuple(
        Case(when=(replace(parting.condition, met=met),), join=side.cases[0].join)
        for met, side in zip((True, False), sides, strict=True)
    )
    values = tuple(joined(cases[not met].join, row) for met, row in zip(parting.truth, rows, strict=True))
    simple = sides[0].simple + sides[1].simple + parting.cost
    return Candidate(cases, values, simple, simple + strangeness(values, [example.output for example in shown]))


def rivals_of(found: Sequence[Candidate], margin: float) -> list[Candidate]:
    """Those nearly as good as the first that answer some row otherwise."""
    best = found[0]
    near = [each for each in found[1:] if each.cost <= best.cost + margin and _differs(each.values, best.values)]
    return near[:RIVALS]


def _differs(values: Values, others: Values) -> bool:
    return any(value != other and other is not None for value, other in zip(values, others, strict=True))
