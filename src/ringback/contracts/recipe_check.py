"""What a recipe must keep beside its form: columns, letters of dates, bounds of numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ringback.model.recipe import Beside, Each, Formula, From, Literal, Moment, Number, Piece, Replace, Step, Take, Upto
from ringback.steps.interpret.letters import parse_format
from ringback.steps.reformat.moment import needs, tokens

Tell = Callable[[str], None]


def check_formula(formula: Formula, tell: Tell) -> None:
    """Tell what cannot be run."""
    if not formula.cases:
        tell("a recipe needs at least one case")
    for case in formula.cases:
        if not case.join:
            tell("a case needs at least one piece under join")
        for step in _steps(case.join):
            _check(step, tell)


def _steps(pieces: Sequence[Piece]) -> Iterator[Step]:
    for piece in pieces:
        if isinstance(piece, Take):
            for step in piece.steps:
                yield step
                if isinstance(step, Each):
                    yield from _steps(step.join)


def _check(step: Step, tell: Tell) -> None:
    match step:
        case From(Beside() as place) | Upto(Beside() as place):
            if place.number == 0:
                tell("marks are counted from 1, or from the end with -1; 0 is none")
            _check_mark(place.mark, tell)
        case Replace(mark, _) | Each(mark):
            _check_mark(mark, tell)
        case Moment():
            _check_moment(step, tell)
        case Number():
            _check_number(step, tell)
        case _:
            pass


def _check_mark(mark: object, tell: Tell) -> None:
    if isinstance(mark, Literal) and not mark.text:
        tell("a literal mark cannot be empty")


def _check_moment(step: Moment, tell: Tell) -> None:
    try:
        tokens(step.written)
        read = [set(parse_format(written).parts) for written in step.formats]
    except ValueError as wrong:
        tell(str(wrong))
        return
    if not step.formats:
        tell("a moment needs at least one format under read")
    if step.pivot is None and any("%y" in written for written in step.formats):
        tell("%y leaves the century open; write pivot: the first of the 100 years it can mean, as 1930")
    if read and not any(needs(step.written) <= parts for parts in read):
        tell(f"{step.written} writes a part that no format reads")
    if step.every < 0 or step.every > 86_400:
        tell("a moment is rounded to 1 to 86400 seconds")


def _check_number(step: Number, tell: Tell) -> None:
    if not step.times:
        tell("a number times 0 is always 0")
    if step.step is not None and step.step <= 0:
        tell("a number is rounded to a multiple above 0")
    if step.places is not None and not 0 <= step.places <= 12:
        tell("a number is written with 0 to 12 decimals")
    if step.point == step.group or (step.written_group and step.written_point == step.written_group):
        tell("the decimal mark and the mark between thousands must differ")
