"""Two cases, where no single join makes every example: a condition that parts them, and a join for each side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ringback.model.recipe import Condition, Example, Holds, Kind, Literal, Mark, Run
from ringback.steps.learn.costs import CONDITION, mark_cost
from ringback.steps.learn.cuts import marks_of
from ringback.steps.reformat.kinds import spans
from ringback.steps.reformat.reference import meets

PARTITIONS = 3  # of the examples
CONDITIONS = 6  # of a partition
MOST = 4  # of a mark that is counted
Truth = tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Parting:
    """A condition, and which rows meet it."""

    condition: Condition
    truth: Truth
    cost: float


def partings(examples: Sequence[Example], rows: Sequence[Sequence[str]]) -> list[list[Parting]]:
    """Conditions that part the examples; `rows` begins with theirs. Those that part them alike stand together."""
    known = len(examples)
    best: dict[Truth, Parting] = {}
    for condition, cost in sorted(_conditions(examples), key=lambda each: each[1]):
        truth = tuple(meets(condition, row) for row in rows)
        if len(set(truth[:known])) == 2:
            best.setdefault(truth if truth[0] else tuple(not each for each in truth), Parting(condition, truth, cost))
    alike: dict[Truth, list[Parting]] = {}
    for parting in best.values():
        head = parting.truth[:known] if parting.truth[0] else tuple(not each for each in parting.truth[:known])
        alike.setdefault(head, []).append(parting)
    return [found[:CONDITIONS] for found in list(alike.values())[:PARTITIONS]]


def _conditions(examples: Sequence[Example]) -> Iterator[tuple[Condition, float]]:
    for column in range(len(examples[0].inputs)):
        texts = [example.inputs[column] for example in examples]
        for mark in _marks(texts):
            cost = CONDITION + mark_cost(mark)
            for number in sorted({len(spans(text, mark)) for text in texts}):
                if 0 < number <= MOST:
                    yield Condition(column=column, holds=Holds.CONTAINS, mark=mark, number=number), cost + 0.4 * number
            yield Condition(column=column, holds=Holds.STARTS, mark=mark), cost + 0.7
            yield Condition(column=column, holds=Holds.ENDS, mark=mark), cost + 0.7
            if isinstance(mark, Run):
                yield Condition(column=column, holds=Holds.IS, mark=mark), cost + 0.8


def _marks(texts: Sequence[str]) -> Iterator[Mark]:
    yield from (Run(kind) for kind in Kind)
    found = dict.fromkeys(
        mark.text for text in texts if text for mark in marks_of([text], 1) if isinstance(mark, Literal)
    )
    yield from (Literal(text) for text in found if not text.isalnum())
