"""What a candidate costs: simple ones less. Natural logarithms of odds, as it were: one more is e times less likely.

Tuned on two thirds of the open benchmark (docs/decisions/0012-recipes-from-examples.md); the last third was only measured.
"""

from __future__ import annotations

from functools import lru_cache

from ringback.model.recipe import Beside, Count, Kind, Letters, Literal, Place, Run, Side

PIECE = 1.0
UNANSWERED = 7.0  # times the share of rows without an answer
EMPTY = 6.0  # times the share of rows that become empty
NEW_SHAPE = 0.3  # times the share of answers with a shape that no example has
NEW_CHARACTER = 1.0  # times the share of answers with a kind of character that no example has
NEW_END = 2.5  # times the share of answers that begin or end with a kind of character that no example does
LENIENT = 0.5
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
INSIDE = 1.5  # a constant that goes on within a word
INITIAL = 1.5  # a constant that every example has at the start of a word
DEAREST = 14.0  # what costs more is no recipe but the examples told again
DEAREST_CASES = 8.0  # the same for two cases, when an example stands alone
MARGIN = 0.6  # a candidate that costs no more than this above the best is a rival
