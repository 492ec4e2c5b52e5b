"""A recipe in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from ringback.model.recipe import (
    Beside,
    Case,
    Condition,
    Count,
    Each,
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
    Toward,
    Upto,
)

_KINDS = {
    Kind.DIGITS: "run of digits",
    Kind.LETTERS: "run of letters",
    Kind.CAPITALS: "run of capitals",
    Kind.SMALL: "run of small letters",
    Kind.NAME: "capital with small letters",
    Kind.WORD: "run of letters and digits",
    Kind.NUMBER: "number",
    Kind.TEXT: "word",
    Kind.SPACE: "white space",
    Kind.MARKS: "run of marks",
}
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last", -2: "last but one", -3: "last but two"}
_LETTERS = {
    Letters.UPPER: "in capitals",
    Letters.LOWER: "in small letters",
    Letters.TITLE: "each word with a capital",
    Letters.SENTENCE: "a capital first, then small letters",
    Letters.FIRST_UPPER: "its first letter a capital",
}
_TOWARD = {Toward.NEAREST: "to the nearest", Toward.DOWN: "down to a", Toward.UP: "up to a"}


def explained(rules: Rules) -> str:
    """What a recipe does, a case a line."""
    wide = rules.formula.columns > 1
    lines = [_case(case, wide=wide) for case in rules.formula.cases]
    if rules.rivals:
        count = len(rules.rivals)
        others = "1 other recipe fits" if count == 1 else f"{count} other recipes fit"
        lines.append(f"{others} the examples too; rows of a new shape are answered only where all agree.")
    return "\n".join(lines)


def _case(case: Case, *, wide: bool) -> str:
    made = ", then ".join(piece_words(piece, wide=wide) for piece in case.join) or "an empty text"
    if not case.when:
        return f"{made[0].upper()}{made[1:]}."
    return f"Where {' and '.join(_condition(each, wide=wide) for each in case.when)}: {made}."


def _condition(condition: Condition, *, wide: bool) -> str:
    named, number = _name(condition.mark), condition.number
    subject = f"column {condition.column + 1}" if wide else "the text"
    match condition.holds:
        case Holds.CONTAINS if number > 1:
            said = f"has {number} or more times {named}" if condition.met else f"has less than {number} times {named}"
        case Holds.CONTAINS:
            said = f"has {_article(condition.mark)}" if condition.met else f"has no {named}"
        case Holds.STARTS:
            said = f"{'begins' if condition.met else 'does not begin'} with {_article(condition.mark)}"
        case Holds.ENDS:
            said = f"{'ends' if condition.met else 'does not end'} with {_article(condition.mark)}"
        case Holds.IS:
            said = f"is {'' if condition.met else 'not '}{_article(condition.mark)}"
    return f"{subject} {said}"


def piece_words(piece: Piece, *, wide: bool) -> str:
    """One piece."""
    if isinstance(piece, Text):
        return f'"{piece.text}"'
    subject = f"column {piece.column + 1}" if wide else "the text"
    return _taken(subject, piece.steps)


def _taken(subject: str, steps: Sequence[Step]) -> str:
    words = [step_words(step) for step in steps]
    return f"{subject}: {', '.join(words)}" if words else subject


def step_words(step: Step) -> str:  # noqa: C901 - one line for each step there is
    """One step."""
    match step:
        case From(place) | Upto(place):
            return _cut(place, keeps_right=isinstance(step, From))
        case InLetters(letters):
            return _LETTERS[letters]
        case Replace(mark, by):
            return f'with every {_name(mark)} replaced by "{by}"' if by else f"without {_name(mark)}"
        case Plain():
            return "without accents"
        case Each():
            return _each(step)
        case Number():
            return _number(step)
        case Moment():
            return _moment(step)
        case Lookup(table):
            return f"looked up in a table of {len(table)}"


def _cut(place: Place, *, keeps_right: bool) -> str:
    if isinstance(place, Count):
        count = abs(place.at)
        characters = "character" if count == 1 else f"{count} characters"
        end = "first" if place.at >= 0 else "last"
        kept = (place.at < 0) is keeps_right
        return f"its {end} {characters}" if kept else f"without its {end} {characters}"
    side = "before" if place.side is Side.BEFORE else "behind"
    otherwise = ", or all of it where there is none" if place.lenient else ""
    return f"{'from' if keeps_right else 'up to'} {side} the {_ordinal(place)} {_name(place.mark)}{otherwise}"


def _ordinal(place: Beside) -> str:
    return _ORDINALS.get(place.number, f"{abs(place.number)}th" + (" last" if place.number < 0 else ""))


def _name(mark: Mark) -> str:
    return f'"{mark.text}"' if isinstance(mark, Literal) else _KINDS[mark.kind]


def _article(mark: Mark) -> str:
    return _name(mark) if isinstance(mark, Literal) else f"a {_name(mark)}"


def _each(each: Each) -> str:
    which = {
        (0, None): "every",
        (1, None): "every but the first",
        (0, -1): "every but the last",
        (1, -1): "every but the first and the last",
    }.get((each.first, each.last), f"those from {each.first} to {each.last} of the")
    parts = f"part between {_name(each.by)}" if isinstance(each.by, Literal) else _name(each.by)
    changed = ", ".join(piece_words(piece, wide=False).removeprefix("the text ") for piece in each.join)
    joined = f'joined by "{each.joint}"' if each.joint else "put together"
    return f"of {which} {parts}{': ' + changed if changed else ''}, {joined}"


def _number(number: Number) -> str:
    said = ["as a number", *_reckoned(number)]
    if number.places is not None:
        said.append("without decimals" if number.places == 0 else f"with {number.places} decimals")
    if number.places != 0 and number.written_point != ".":
        said.append(f'a decimal "{number.written_point}"')
    if number.written_group:
        said.append(f'"{number.written_group}" between thousands')
    if number.width:
        said.append(f"zeros in front up to {number.width} digits")
    return ", ".join(said)


def _reckoned(number: Number) -> list[str]:
    said = []
    if number.times != 1:
        said.append(f"times {number.times:f}")
    if number.plus:
        said.append(f"plus {number.plus:f}")
    if number.step is not None:
        said.append(f"rounded {_TOWARD[number.toward]} multiple of {number.step:f}")
    if number.digits is not None:
        said.append(f"rounded to {number.digits} significant digits")
    return said


def _moment(moment: Moment) -> str:
    said = [f"read as {' or '.join(moment.formats)}"]
    if moment.shift:
        said.append(f"{abs(moment.shift)} seconds {'later' if moment.shift > 0 else 'earlier'}")
    if moment.every:
        said.append(f"rounded {_TOWARD[moment.toward]} multiple of {moment.every // 60} minutes")
    return ", ".join([*said, f"written as {moment.written}"])
