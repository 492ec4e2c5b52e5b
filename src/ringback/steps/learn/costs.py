"""What a candidate costs: simple ones less. One more is much less likely.

Tuned on two thirds of the open benchmark (docs/decisions/0011-recipes-from-examples.md); a third was only measured.
"""

from __future__ import annotations

from functools import lru_cache

from ringback.model.recipe import Beside, Count, From, Kind, Letters, Literal, Place, Run, Side, Step, Upto

PIECE = 1.0
UNANSWERED = 3.0  # times the share of rows without an answer
EMPTY = 3.0  # times the share of rows that become empty
NEW_SHAPE = 0.3  # times the share of answers with a shape that no example has
NEW_CHARACTER = 1.0  # times the share of answers with a kind of character that no example has
NEW_END = 2.5  # times the share of answers that begin or end with a kind of character that no example does
LENIENT = 0.5
UPTO_LAST = 0.15  # up to a mark that is counted from the end
FIELD = 0.25  # off, for a field between marks that belong together
EACH = 0.8
NUMBER = 0.5
MOMENT = 0.6

_KINDS = {
    Kind.SPACE: 0.45,
    Kind.TEXT: 0.7,
    Kind.DIGITS: 0.6,
    Kind.NUMBER: 0.7,
    Kind.WORD: 1.1,
    Kind.LETTERS: 1.0,
    Kind.NAME: 1.3,
    Kind.CAPITALS: 1.2,
    Kind.SMALL: 1.7,
    Kind.MARKS: 1.4,
}
LETTERS = {
    Letters.UPPER: 0.8,
    Letters.LOWER: 0.8,
    Letters.TITLE: 1.0,
    Letters.SENTENCE: 0.95,
    Letters.FIRST_UPPER: 1.1,
}


@lru_cache(maxsize=1 << 14)
def place_cost(place: Place) -> float:
    """What it costs to name a place."""
    if isinstance(place, Count):
        size = abs(place.at)
        return 0.9 + 0.25 * size + (0.5 if place.at < 0 else 0.0)
    return _beside_cost(place)


@lru_cache(maxsize=1 << 14)
def step_cost(step: From | Upto, before: Step | None) -> float:
    """What a cut costs behind another one: a field between two marks that belong together is no more than one."""
    cost = place_cost(step.place)
    if isinstance(step, Upto) and isinstance(step.place, Beside) and step.place.number < 0:
        cost += UPTO_LAST
    if isinstance(before, From) and _closes(before.place, step.place):
        cost -= FIELD
    return cost


def _closes(opened: Place, place: Place) -> bool:
    """Whether a place is before the next mark that closes what was opened."""
    if not (isinstance(opened, Beside) and isinstance(place, Beside)) or place.number != 1:
        return False
    if opened.side is Side.BEFORE or place.side is Side.AFTER:
        return False
    if not (isinstance(opened.mark, Literal) and isinstance(place.mark, Literal)):
        return False
    return place.mark.text in opened.mark.text or _PAIRS.get(opened.mark.text[-1:]) == place.mark.text[:1]


_PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">", ">": "<", "\u201c": "\u201d"}


def _beside_cost(place: Beside) -> float:
    cost = mark_cost(place.mark)
    cost += 0.45 * (abs(place.number) - 1) + (0.3 if place.number < 0 else 0.0)
    if isinstance(place.mark, Run) and place.mark.kind is not Kind.SPACE:
        cost += 0.2
    if place.side is Side.AFTER and isinstance(place.mark, Run) and place.number == 1:
        cost += 0.1
    return cost + (LENIENT if place.lenient else 0.0)


def mark_cost(mark: Literal | Run) -> float:
    """What it costs to name a mark."""
    if isinstance(mark, Run):
        return _KINDS[mark.kind]
    if any(character.isalnum() for character in mark.text):
        return 1.6 + 0.1 * len(mark.text)
    return 0.35 + 0.1 * (len(mark.text) - 1)


def text_cost(text: str, examples: int) -> float:
    """What it costs to put a constant; what several examples have alike is less doubtful."""
    letters = sum(character.isalnum() for character in text)
    cost = PIECE + 0.3 * (len(text) - letters)
    if letters:
        cost += 2.0 + 0.2 * letters if examples > 1 else 4.0 + 0.4 * letters
    return cost


CONDITION = 1.5
INSIDE = 3.0  # a constant that goes on within a word
INITIAL = 1.5  # a constant that every example has at the start of a word
DEAREST = (0.0, 6.0, 7.0, 11.0)  # without constants; dearer is no recipe but the examples told again; by their number
DEAREST_CASES = (0.0, 0.0, 6.5, 10.5)  # the same for two cases when an example stands alone, by the number of examples
MARGINS = (0.3, 0.3, 0.75, 0.3)  # a candidate no dearer than this above the best is a rival; by the number of examples
