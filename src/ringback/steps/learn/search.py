"""The cheapest joins of atoms and constants that make every example's output.

A state is how much of each output is made. From a state, an atom leads on where its text comes next in every output; a
constant where every output goes on alike. States are gone through in order of the first output, each keeps its cheapest
joins, one for each behaviour on all rows. Work is bounded by counts, so the same question always gets the same answer.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ringback.model.recipe import Piece, Text
from ringback.steps.learn.atoms import Atom
from ringback.steps.learn.costs import INITIAL, INSIDE, text_cost
from ringback.steps.learn.ground import Ground, Values

KEPT = 8  # joins that a state keeps
FINAL = 40  # joins that are ranked
SLACK = 7.0  # dearer than the cheapest of its state by more: left out
MOST_STATES = 400
CONSTANT = 12  # characters of a constant

State = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Join:
    """Pieces, what they give on every row when joined, and what they cost."""

    pieces: tuple[Piece, ...]
    values: Values
    cost: float


def joins(ground: Ground, atoms: Mapping[str, Sequence[Atom]]) -> list[Join]:
    """Joins that make every output, the cheapest first."""
    begin: State = (0,) * ground.known
    end: State = tuple(len(output) for output in ground.outputs)
    found: dict[State, dict[Values, Join]] = {
        begin: {("",) * len(ground.rows): Join((), ("",) * len(ground.rows), 0.0)}
    }
    ahead = [begin]
    for _ in range(MOST_STATES):
        if not ahead:
            break
        state = heapq.heappop(ahead)
        if state == end:
            continue
        kept = _kept(found.pop(state).values(), KEPT)
        for reached, atom in _onward(state, ground, atoms):
            room = found.get(reached)
            if room is None:
                room = found[reached] = {}
                heapq.heappush(ahead, reached)
            _extend(room, kept, atom)
    return _kept(found.get(end, {}).values(), FINAL)


def _kept(joined: Iterable[Join], count: int) -> list[Join]:
    ordered = sorted(joined, key=lambda each: each.cost)[:count]
    return [each for each in ordered if each.cost <= ordered[0].cost + SLACK]


def _onward(state: State, ground: Ground, atoms: Mapping[str, Sequence[Atom]]) -> Iterator[tuple[State, Atom]]:
    first, at = ground.outputs[0], state[0]
    for stop in range(at + 1, len(first) + 1):
        text = first[at:stop]
        for atom in atoms.get(text, ()):
            reached = _reached(state, atom.values, ground.outputs)
            if reached is not None:
                yield reached, atom
        if stop - at <= CONSTANT or stop == len(first):
            values = (text,) * len(ground.rows)
            reached = _reached(state, values, ground.outputs)
            if reached is not None:
                yield reached, Atom(Text(text), values, text_cost(text, ground.known) + _initial(text, ground))


def _reached(state: State, values: Values, outputs: tuple[str, ...]) -> State | None:
    for at, value, output in zip(state, values, outputs, strict=False):
        if not value or not output.startswith(value, at):
            return None
    return tuple(at + len(value or "") for at, value in zip(state, values, strict=False))


def _initial(text: str, ground: Ground) -> float:
    """A letter or two that every example has at the start of a word are hardly a constant."""
    if len(text) > 2 or not text.isalnum():
        return 0.0
    rows = ground.rows[: ground.known]
    alike = all(any(_starts_word(text, column) for column in row) for row in rows)
    return INITIAL if alike else 0.0


def _starts_word(text: str, column: str) -> bool:
    at = column.lower().find(text.lower())
    while at > 0 and column[at - 1].isalnum():
        at = column.lower().find(text.lower(), at + 1)
    return at >= 0


def _inside(before: str, behind: str) -> bool:
    return (before[-1:].islower() and behind[:1].islower()) or (before[-1:].isdigit() and behind[:1].isdigit())


def _extend(room: dict[Values, Join], kept: Sequence[Join], atom: Atom) -> None:
    dearest = min((join.cost for join in room.values()), default=1e9) + SLACK if len(room) > KEPT else 1e9
    for join in kept:
        if isinstance(atom.piece, Text) and join.pieces and isinstance(join.pieces[-1], Text):
            continue  # two constants are one
        if join.cost + atom.cost > dearest:
            break
        values = tuple(
            [
                None if one is None or other is None else one + other
                for one, other in zip(join.values, atom.values, strict=True)
            ]
        )
        constant = join.pieces and (isinstance(atom.piece, Text) or isinstance(join.pieces[-1], Text))
        cost = join.cost + atom.cost
        if constant and _inside(join.values[0] or "", atom.values[0] or ""):
            cost += INSIDE
        known = room.get(values)
        if known is None or cost < known.cost:
            room[values] = Join((*join.pieces, atom.piece), values, cost)
