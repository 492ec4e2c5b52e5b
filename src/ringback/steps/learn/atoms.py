"""Pieces that may make a part of the outputs, with what they give on every row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ringback.model.recipe import InLetters, Letters, Piece, Step, Take
from ringback.steps.learn.costs import EMPTY, LETTERS, PIECE, UNANSWERED
from ringback.steps.learn.cuts import Cut, parts, step_all
from ringback.steps.learn.ground import Ground, Values

ALIKE = 10  # atoms that make the same text of the first example and differ elsewhere


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece and what it gives on every row."""

    piece: Piece
    values: Values
    cost: float


def atom_of(column: int, steps: tuple[Step, ...], values: Values, cost: float) -> Atom:
    """A column's text after some steps; rows without an answer make it dearer."""
    count = len(values)
    lost = UNANSWERED * sum(value is None for value in values) + EMPTY * sum(value == "" for value in values)
    return Atom(Take(column, steps), values, PIECE + cost + lost / count)


def fits(values: Values, outputs: tuple[str, ...]) -> bool:
    """Whether the values of the examples all stand in their outputs."""
    return all(value and value in output for value, output in zip(values, outputs, strict=False))


def by_text(atoms: Iterable[Atom], known: int) -> dict[str, list[Atom]]:
    """Atoms by their text in the first example: the cheapest of each behaviour, at most ALIKE."""
    found: dict[str, dict[Values, Atom]] = {}
    for atom in sorted(atoms, key=lambda each: each.cost):
        group = found.setdefault(atom.values[0] or "", {})
        if len(group) < ALIKE:
            group.setdefault(atom.values, atom)
    return {text: list(group.values()) for text, group in found.items()}


def copied(ground: Ground) -> Iterator[Atom]:
    """Parts of the inputs as they stand, or in other letters."""
    low = tuple(output.lower() for output in ground.outputs)
    for column in range(ground.width):
        texts = ground.texts(column)
        if all(texts[: ground.known]):
            for cut in parts(texts, ground.known, lambda text: text.lower() in low[0]):
                head = cut.values[: ground.known]
                if fits(head, ground.outputs):
                    yield atom_of(column, cut.steps, cut.values, cut.cost)
                if fits(tuple((text or "").lower() for text in head), low):
                    yield from lettered(column, cut, ground)


def lettered(column: int, cut: Cut, ground: Ground) -> Iterator[Atom]:
    """A part in other letters, where the outputs have it so."""
    shown = cut.values[: ground.known]
    if all((text or "").isnumeric() for text in shown):
        return
    for letters in Letters:
        step = InLetters(letters)
        head = step_all(shown, step)
        if head != shown and fits(head, ground.outputs):
            values = head + step_all(cut.values[ground.known :], step)
            yield atom_of(column, (*cut.steps, step), values, cut.cost + LETTERS[letters])
