"""Recipes from examples: a bounded, deterministic search, ranked by simplicity and by how it does on the whole column."""

from __future__ import annotations

from collections.abc import Sequence

from ringback.model.recipe import Case, Example, Formula
from ringback.steps.reformat.learn.atoms import by_text, copied
from ringback.steps.reformat.learn.ground import Ground, ground_of
from ringback.steps.reformat.learn.maps import mapped
from ringback.steps.reformat.learn.moments import moments
from ringback.steps.reformat.learn.numbers import numbers
from ringback.steps.reformat.learn.rank import strangeness
from ringback.steps.reformat.learn.search import Join, joins


def candidates(ground: Ground) -> list[Join]:
    """Joins that make every example, the best first; `cost` includes how they do on the column."""
    atoms = by_text([*copied(ground), *mapped(ground), *numbers(ground), *moments(ground)], ground.known)
    found = [Join(each.pieces, each.values, each.cost + strangeness(each.values, ground.outputs)) for each in joins(ground, atoms)]
    return sorted(found, key=lambda each: each.cost)


def learn_formula(examples: Sequence[Example], inputs: Sequence[Sequence[str]]):
    ground = ground_of(examples, inputs)
    return candidates(ground)


class _P:
    pass


def learn(ex, ins):
    from ringback.steps.reformat.reference import answer
    examples = [Example(inputs=tuple(i), output=o) for i, o in ex]
    found = learn_formula(examples, ins)
    if not found:
        return None
    formula = Formula(columns=len(ex[0][0]), cases=(Case(join=found[0].pieces),))
    def program(row):
        return answer(formula, tuple(row))
    program.text = str(found[0].pieces)
    return program
