"""Atoms that read a number and write it otherwise: marks, decimals, zeros in front; rounded, scaled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from itertools import product

from ringback.model.recipe import Kind, Number, Toward
from ringback.steps.learn.atoms import Atom, atom_of
from ringback.steps.learn.costs import NUMBER
from ringback.steps.learn.cuts import Cut, best_of, step_all
from ringback.steps.learn.ground import Ground
from ringback.steps.learn.sources import fields, runs
from ringback.steps.reformat.number import number_of, value_of

SOURCES = 10
_READ = ((".", ""), (".", ","), (",", "."), (",", " "))
_WRITTEN = re.compile(r"-?[0-9]+(?:[.,'][0-9]+)*")
_STEPS = tuple(
    map(Decimal, ("1", "0.5", "0.25", "0.1", "0.05", "0.01", "5", "10", "20", "25", "50", "100", "500", "1000"))
)
_FACTORS = tuple(map(Decimal, ("100", "0.01", "1000", "0.001", "10", "0.1", "-1")))
_EXACT = Context(prec=40)
MOST_FIGURES = 7  # of a factor
FAR = 7  # two numbers so far apart are not on a simple line by chance

Values = tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class _Target:
    """A number in each output: its text, its value, how it is written."""

    texts: tuple[str, ...]
    values: Values
    form: Number


def numbers(ground: Ground) -> Iterator[Atom]:
    """Atoms of every column."""
    targets = list(_targets(ground.outputs))
    if not targets:
        return
    for column in range(ground.width):
        for source, point, group, values in _sources(ground, column):
            for target in targets:
                for step, cost in _steps(values, target):
                    yield from _atom(column, source, replace(step, point=point, group=group), cost, ground)


def _sources(ground: Ground, column: int) -> Iterator[tuple[Cut, str, str, Values]]:
    cuts = [*fields(ground, column), *runs(ground, column, (Kind.NUMBER, Kind.DIGITS), farthest=2)]
    numeric = [
        cut for cut in best_of(cuts, 80) if all((text or "a")[-1].isdigit() for text in cut.values[: ground.known])
    ]
    for cut in numeric[:SOURCES]:
        for point, group in _READ:
            read = [value_of(text or "", point=point, group=group) for text in cut.values[: ground.known]]
            values = tuple(value for value in read if value is not None)
            if len(values) == len(read):
                yield cut, point, group, values
                break


def _targets(outputs: Sequence[str]) -> Iterator[_Target]:
    """The first, second, ... number of the outputs, and the last, the one before, ..."""
    found = [list(_WRITTEN.finditer(output)) for output in outputs]
    fewest = min(len(each) for each in found)
    same = all(len(each) == fewest for each in found)
    for at in [*range(min(fewest, 4)), *(() if same else range(-1, -min(fewest, 2) - 1, -1))]:
        texts = tuple(each[at][0] for each in found)
        yield from _forms(texts)


def _forms(texts: tuple[str, ...]) -> Iterator[_Target]:
    for point, group in (*_READ, (".", "'"), (".", " ")):
        read = tuple(value_of(text, point=point, group=group) for text in texts)
        values = tuple(value for value in read if value is not None)
        grouped = any(group in text for text in texts) and not any(text.startswith("0") for text in texts)
        if len(values) < len(texts) or (group and not grouped):
            continue
        bare = tuple(text.replace(group, "") if group else text for text in texts)
        for form in _written(bare, point, group):
            yield _Target(texts, values, form)
        if not (group or any("." in text or "," in text for text in texts)):
            return


def _written(texts: tuple[str, ...], point: str, group: str) -> Iterator[Number]:
    """How numbers are written so: the same decimals in all, or as many as needed; zeros in front."""
    decimals = {len(text.partition(point)[2]) for text in texts}
    wholes = [text.partition(point)[0].removeprefix("-") for text in texts]
    zeros = any(len(whole) > 1 and whole.startswith("0") for whole in wholes)
    width = len(wholes[0]) if zeros and len({len(whole) for whole in wholes}) == 1 else 0
    if zeros and not width:
        return
    form = Number(written_point=point, written_group=group, width=width)
    if len(decimals) == 1:
        yield replace(form, places=min(decimals))
    if decimals != {0} and not any(point in text and text.endswith("0") for text in texts):
        yield form


def _steps(values: Values, target: _Target) -> Iterator[tuple[Number, float]]:
    """Ways from the values to the target, each with what it costs."""
    form = target.form
    yield form, NUMBER
    most = max(-_exponent(value) for value in target.values)
    if form.places is None:
        yield replace(form, places=None, step=Decimal(1).scaleb(-most)), NUMBER + 0.7
    significant = {len(value.normalize().as_tuple().digits) for value in target.values}
    precise = replace(form, places=None, digits=max(significant))
    for times in _FACTORS:
        yield replace(form, times=times), NUMBER + 1.2 + (0.3 if form.places else 0.0)
    for step, toward in product(_STEPS, Toward):
        if all(not value % step for value in target.values):
            yield replace(form, step=step, toward=toward), NUMBER + 1.5 + (0.0 if toward is Toward.NEAREST else 0.2)
    for times, plus, cost in _lines(values, target):
        cost += 0.3 if form.places else 0.0
        yield replace(form, times=times, plus=plus), NUMBER + cost
        if form.places is None:
            yield replace(form, times=times, plus=plus, step=Decimal(1).scaleb(-most)), NUMBER + cost + 0.3
            if max(significant) > 3:
                yield replace(precise, times=times, plus=plus), NUMBER + cost + 0.2


def _exponent(value: Decimal) -> int:
    return int(value.as_tuple().exponent)


def _lines(values: Values, target: _Target) -> Iterator[tuple[Decimal, Decimal, float]]:
    """Factors and summands on which two or more different examples lie: y = x + b, y = a x, y = a x + b."""
    made = target.values
    if len(set(values)) < 2:
        return
    summands = {one - other for one, other in zip(made, values, strict=True)}
    if len(summands) == 1:
        yield Decimal(1), summands.pop(), 1.5
    yield from ((factor, Decimal(0), cost) for factor, cost in _near_factors(values, made))
    one, other = 0, max(range(len(values)), key=lambda at: abs(values[at] - values[0]))
    run = values[other] - values[one]
    slope = _EXACT.divide(made[other] - made[one], run).normalize()
    summand = (made[one] - slope * values[one]).normalize()
    if abs(run) >= FAR and summand and slope > 0 and max(_figures(slope), _figures(summand)) <= 3:
        yield slope, summand, 2.0 + 0.4 * (_figures(slope) + _figures(summand))


def _figures(value: Decimal) -> int:
    return len(value.as_tuple().digits)


def _near_factors(values: Values, made: Values) -> Iterator[tuple[Decimal, float]]:
    """The simplest factor that gives what was written, where it has so few digits that it is hardly by chance."""
    low, high = _factors(values, made)
    if low is not None and high is not None and 0 < low <= high:
        factor = simplest(low, high)
        written = sum(_figures(output) for output in made)  # what is known: few digits fit many factors
        if _figures(factor) <= min(MOST_FIGURES, written - 2):
            yield factor, 1.2 + 0.3 * _figures(factor)


def _factors(values: Values, made: Values) -> tuple[Decimal | None, Decimal | None]:
    """The least and the greatest factor that give what was written, when it was rounded to its last digit."""
    lows, highs = [], []
    for value, output in zip(values, made, strict=True):
        if value == 0:
            if output != 0:
                return None, None
            continue
        half = Decimal(5).scaleb(min(_exponent(output), 0) - 1)
        ends = sorted((_EXACT.divide(output - half, value), _EXACT.divide(output + half, value)))
        lows.append(ends[0])
        highs.append(ends[1])
    return (max(lows), min(highs)) if lows else (None, None)


def simplest(low: Decimal, high: Decimal) -> Decimal:
    """The number with the fewest digits between two."""
    middle = _EXACT.divide(low + high, Decimal(2))
    if not middle:
        return middle
    for digits in range(1, 12):
        near = Context(prec=digits).plus(middle)
        if low <= near <= high:
            return near.normalize()
    return Context(prec=12).plus(middle)


def _atom(column: int, source: Cut, step: Number, cost: float, ground: Ground) -> Iterator[Atom]:
    head = tuple(number_of(text or "", step) for text in source.values[: ground.known])
    if head == source.values[: ground.known] and not step.places:
        return
    if all(text and text in output for text, output in zip(head, ground.outputs, strict=True)):
        values = head + step_all(source.values[ground.known :], step)
        yield atom_of(column, (*source.steps, step), values, source.cost + cost)
