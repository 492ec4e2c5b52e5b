"""What a recipe means, one row at a time: the specification that `run.py` is held equal to.

Source of the rules: the docstrings of `model/recipe.py`. `None` is no answer, everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ringback.model.recipe import (
    Beside,
    Condition,
    Count,
    Each,
    Formula,
    From,
    Holds,
    InLetters,
    Kind,
    Letters,
    Literal,
    Lookup,
    Mark,
    Moment,
    Number,
    Piece,
    Place,
    Plain,
    Replace,
    Rules,
    Side,
    Step,
    Text,
    Upto,
)
from ringback.steps.reformat.kinds import BARE, pattern, spans
from ringback.steps.reformat.moment import moment_of
from ringback.steps.reformat.number import number_of


def answer(formula: Formula, row: Sequence[str]) -> str | None:
    """What a row becomes."""
    if len(row) != formula.columns:
        return None
    for case in formula.cases:
        if all(meets(condition, row) for condition in case.when):
            return joined(case.join, row)
    return None


def agreed(rules: Rules, row: Sequence[str]) -> str | None:
    """What a recipe makes of a row: the formula's answer; of a row new in shape only where all rivals give the same."""
    if any("\0" in text for text in row):
        return None
    made = answer(rules.formula, row)
    seen = {tuple(map(shape, example.inputs)) for example in rules.examples}
    if made is None or tuple(map(shape, row)) in seen:
        return made
    return made if all(answer(rival, row) == made for rival in rules.rivals) else None


SHAPES = ((Kind.SMALL, "a"), (Kind.CAPITALS, "A"), (Kind.DIGITS, "9"), (Kind.SPACE, " "))


@lru_cache(maxsize=1 << 15)
def shape(text: str) -> str:
    """The text with runs of capitals as A, of small letters as a, of digits as 9, of white space as one."""
    for kind, instead in SHAPES:
        text = pattern(kind).sub(instead, text)
    return text


def meets(condition: Condition, row: Sequence[str]) -> bool:
    """Whether a row is as a condition asks."""
    text, mark = row[condition.column], condition.mark
    if condition.holds is Holds.CONTAINS:
        return (len(spans(text, mark)) >= condition.number) is condition.met
    marked = re.escape(mark.text) if isinstance(mark, Literal) else pattern(mark.kind).pattern
    begin = "" if condition.holds is Holds.ENDS else r"\A"
    end = "" if condition.holds is Holds.STARTS else r"\Z"
    return bool(re.search(f"{begin}(?:{marked}){end}", text)) is condition.met


def joined(pieces: Sequence[Piece], row: Sequence[str]) -> str | None:
    """Some pieces, joined."""
    texts = [made(piece, row) for piece in pieces]
    return None if None in texts else "".join(text for text in texts if text is not None)


def made(piece: Piece, row: Sequence[str]) -> str | None:
    """What one piece is for a row."""
    return piece.text if isinstance(piece, Text) else stepped(row[piece.column], piece.steps)


def stepped(text: str | None, steps: Sequence[Step]) -> str | None:
    """A text after some steps."""
    for step in steps:
        if text is None:
            return None
        text = take_step(text, step)
    return text


def take_step(text: str, step: Step) -> str | None:  # noqa: C901 - one line for each step there is
    """A text after one step."""
    match step:
        case From(place):
            at = place_in(text, place, otherwise=0)
            return None if at is None else text[at:]
        case Upto(place):
            at = place_in(text, place, otherwise=len(text))
            return None if at is None else text[:at]
        case InLetters(letters):
            return in_letters(text, letters)
        case Replace(mark, by):
            return _parted(text, mark, by)
        case Plain():
            return unaccented(text)
        case Each():
            return _each(text, step)
        case Number():
            return number_of(text, step)
        case Moment():
            return moment_of(text, step)
        case Lookup(table):
            return dict(table).get(text)


def place_in(text: str, place: Place, *, otherwise: int) -> int | None:
    """How many characters stand before a place; None where there is no such place."""
    if isinstance(place, Count):
        return _counted(len(text), place.at)
    return _beside(spans(text, place.mark), place, otherwise)


def _counted(size: int, at: int) -> int | None:
    if abs(at) > size:
        return None
    return at if at >= 0 else size + at


def _beside(found: Sequence[tuple[int, int]], place: Beside, otherwise: int) -> int | None:
    index = place.number - 1 if place.number > 0 else len(found) + place.number
    if not 0 <= index < len(found):
        return otherwise if place.lenient else None
    return found[index][place.side is Side.AFTER]


def in_letters(text: str, letters: Letters) -> str:
    """A text in capitals or small letters."""
    match letters:
        case Letters.UPPER:
            return text.upper()
        case Letters.LOWER:
            return text.lower()
        case Letters.TITLE:
            return pattern(Kind.LETTERS).sub(lambda run: run[0][:1].upper() + run[0][1:].lower(), text)
        case Letters.SENTENCE:
            return text[:1].upper() + text[1:].lower()
        case Letters.FIRST_UPPER:
            return text[:1].upper() + text[1:]


def unaccented(text: str) -> str:
    """Latin letters without what stands above or below them; all other characters as they are."""
    return "".join(BARE.get(character, character) for character in text)


def _parted(text: str, mark: Mark, by: str) -> str:
    if isinstance(mark, Literal):
        return text.replace(mark.text, by)
    parts, at = [], 0
    for start, end in spans(text, mark):
        parts += [text[at:start], by]
        at = end
    return "".join([*parts, text[at:]])


def parts_of(text: str, each: Each) -> list[str]:
    """The parts that a step takes, as they stand."""
    if isinstance(each.by, Literal):
        parts = text.split(each.by.text)
    else:
        parts = [text[start:end] for start, end in spans(text, each.by)]
    return parts[each.first : each.last]


def _each(text: str, each: Each) -> str | None:
    texts = [joined(each.join, (part,)) if each.join else part for part in parts_of(text, each)]
    if not texts or None in texts:
        return None
    return each.joint.join(part for part in texts if part is not None)
