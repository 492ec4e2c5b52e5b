"""A recipe: saved steps that reformat text. What a step means is in `steps/reformat/reference.py`.

A recipe has cases; the first whose condition a row meets makes the answer by joining its pieces. Every step takes a
text and gives a text or no answer; no answer of any step is no answer of the recipe. Nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias


class Kind(StrEnum):
    """Kinds of characters that runs are made of; `steps/reformat/kinds.py` has their patterns."""

    DIGITS = "digits"
    LETTERS = "letters"
    CAPITALS = "capitals"
    SMALL = "small"  # small letters
    NAME = "name"  # a capital and the small letters behind it
    WORD = "word"  # letters and digits
    NUMBER = "number"  # digits with marks between them: 1,204.50
    TEXT = "text"  # whatever is not white space
    SPACE = "space"
    MARKS = "marks"  # neither letters, digits nor white space


class Side(StrEnum):
    """On which side of a mark a place is."""

    BEFORE = "before"
    AFTER = "after"


class Letters(StrEnum):
    """What a text is written in."""

    UPPER = "upper"
    LOWER = "lower"
    TITLE = "title"  # each run of letters: a capital, then small letters
    SENTENCE = "sentence"  # the first character a capital, all others small
    FIRST_UPPER = "first upper"  # the first character a capital, the others as they are


class Toward(StrEnum):
    """Where a number or a moment between two steps goes."""

    NEAREST = "nearest"  # halves away from zero
    DOWN = "down"  # to the smaller
    UP = "up"  # to the greater


@dataclass(frozen=True, slots=True)
class Literal:
    """A text that stands in the value as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """The longest stretches of one kind of characters."""

    kind: Kind


Mark: TypeAlias = Literal | Run


@dataclass(frozen=True, slots=True)
class Count:
    """So many characters from the start; negative: from the end. A shorter text has no such place."""

    at: int


@dataclass(frozen=True, slots=True)
class Beside:
    """Before or after the `number`-th mark; -1 is the last one. `lenient`: without such a mark nothing is cut."""

    mark: Mark
    number: int
    side: Side
    lenient: bool = False


Place: TypeAlias = Count | Beside


@dataclass(frozen=True, slots=True)
class From:
    """What stands behind a place."""

    place: Place


@dataclass(frozen=True, slots=True)
class Upto:
    """What stands before a place."""

    place: Place


@dataclass(frozen=True, slots=True)
class InLetters:
    """Capitals and small letters."""

    letters: Letters


@dataclass(frozen=True, slots=True)
class Replace:
    """Every mark replaced by a text; an empty one takes the marks out."""

    mark: Mark
    by: str


@dataclass(frozen=True, slots=True)
class Plain:
    """Accents taken off Latin letters."""


@dataclass(frozen=True, slots=True)
class Each:
    """The parts between marks (Literal), or the runs themselves (Run): some of them, each reformatted, joined again."""

    by: Mark
    first: int = 0  # the part to begin with; negative counts from the end
    last: int | None = None  # the part to end before; None: to the end
    join: tuple[Piece, ...] = ()  # what each part becomes; as a row it is one column; (): as it stands
    joint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number read, multiplied, moved, rounded and written. 15 digits before and 12 after the point, exactly."""

    point: str = "."  # the decimal mark that it is read with
    group: str = ""  # the mark between thousands that may be in it
    times: Decimal = Decimal(1)
    plus: Decimal = Decimal(0)
    step: Decimal | None = None  # rounded to a multiple of this
    toward: Toward = Toward.NEAREST
    digits: int | None = None  # significant digits it is rounded to
    places: int | None = None  # so many decimals are written, zeros too; None: as many as it has
    written_point: str = "."
    written_group: str = ""
    width: int = 0  # zeros in front, up to this many digits before the point


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date, a time of day or both: read by the first format that fits, shifted, rounded and written."""

    formats: tuple[str, ...]  # strptime letters, as a contract's `format`
    pivot: int | None = None  # first of the 100 years that %y can mean
    shift: int = 0  # seconds
    every: int = 0  # rounded to this many seconds of the day; 0: not rounded
    toward: Toward = Toward.DOWN
    written: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """A table; a text that is not in it has no answer."""

    table: tuple[tuple[str, str], ...]


Step: TypeAlias = From | Upto | InLetters | Replace | Plain | Each | Number | Moment | Lookup


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is always the same."""

    text: str


@dataclass(frozen=True, slots=True)
class Take:
    """A column's text (columns count from 0), reformatted."""

    column: int
    steps: tuple[Step, ...] = ()


Piece: TypeAlias = Text | Take


class Holds(StrEnum):
    """What a condition looks at."""

    CONTAINS = "contains"  # the mark, at least `number` times
    STARTS = "starts"  # with the mark
    ENDS = "ends"  # with the mark
    IS = "is"  # the text of a literal, or one run from the first to the last character


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a column's text must be like; `met`: False asks for the contrary."""

    column: int
    holds: Holds
    mark: Mark
    number: int = 1
    met: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Pieces, joined, for rows that meet all conditions."""

    when: tuple[Condition, ...] = ()
    join: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """The first case that fits makes the answer."""

    columns: int
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A row and what it becomes."""

    inputs: tuple[str, ...]
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a recipe does: a formula, and what else the examples may have meant.

    A row whose texts have the shapes of an example's is answered by the formula; any other row only where
    every rival gives the same. A rival is a formula that makes every example too and was nearly as simple.
    """

    formula: Formula
    rivals: tuple[Formula, ...] = ()
    examples: tuple[Example, ...] = ()
