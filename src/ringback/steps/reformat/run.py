"""A recipe over whole columns, as Polars expressions. What it means is in `reference.py`; tests hold the two equal.

Marks are found by splitting: where one is a run of characters, a NUL is put on both sides of every run first, so a text
with a NUL has no answer. Numbers and moments are read once for each different text.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import polars as pl

from ringback.model.field import Unreadable
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
    Run,
    Side,
    Step,
    Text,
    Upto,
)
from ringback.steps.interpret.uniques import each_unique
from ringback.steps.reformat.kinds import BARE, rust_pattern
from ringback.steps.reformat.reference import SHAPES, shape, take_step

NUL = "\0"


def reformatted(rules: Rules, columns: Sequence[pl.Expr]) -> pl.Expr:
    """What rows become.

    Shapes:
        columns: one expression of texts for each column of the recipe.
    Returns: one expression of texts; null is no answer.
    """
    whole = pl.all_horizontal(*(_readable(column) for column in columns))
    made = formula_made(rules.formula, columns)
    if not rules.rivals:
        return pl.when(whole).then(made)
    known = _shaped_as_examples(rules, columns)
    agreed = pl.all_horizontal(*(_agrees(formula_made(rival, columns), made) for rival in rules.rivals))
    return pl.when(whole & (known | agreed)).then(made)


def _readable(column: pl.Expr) -> pl.Expr:
    return column.is_not_null() & ~column.str.contains(NUL, literal=True).fill_null(value=True)


def _agrees(rival: pl.Expr, made: pl.Expr) -> pl.Expr:
    return (rival == made).fill_null(value=False)


def _shaped_as_examples(rules: Rules, columns: Sequence[pl.Expr]) -> pl.Expr:
    shapes = dict.fromkeys(tuple(map(shape, example.inputs)) for example in rules.examples)
    texts = [
        reduce(lambda text, pair: text.str.replace_all(rust_pattern(pair[0]), pair[1]), SHAPES, column)
        for column in columns
    ]
    ways = (pl.all_horizontal(*(text == seen for text, seen in zip(texts, each, strict=True))) for each in shapes)
    return pl.any_horizontal(pl.lit(value=False), *ways)


def formula_made(formula: Formula, columns: Sequence[pl.Expr]) -> pl.Expr:
    """What the first case that fits makes."""
    made = pl.lit(None, pl.String)
    for case in reversed(formula.cases):
        if case.when:
            met = pl.all_horizontal(*(_meets(condition, columns) for condition in case.when))
            made = pl.when(met).then(_joined(case.join, columns)).otherwise(made)
        else:
            made = _joined(case.join, columns)
    return made


def _meets(condition: Condition, columns: Sequence[pl.Expr]) -> pl.Expr:
    text, mark = columns[condition.column], condition.mark
    pattern = pl.escape_regex(mark.text) if isinstance(mark, Literal) else rust_pattern(mark.kind)
    match condition.holds:
        case Holds.CONTAINS:
            holds = text.str.count_matches(pattern) >= condition.number
        case Holds.STARTS:
            holds = text.str.contains(f"^(?:{pattern})")
        case Holds.ENDS:
            holds = text.str.contains(f"(?:{pattern})$")
        case Holds.IS:
            holds = text.str.contains(f"^(?:{pattern})$")
    return holds if condition.met else ~holds


def _joined(pieces: Sequence[Piece], columns: Sequence[pl.Expr]) -> pl.Expr:
    made = [_made(piece, columns) for piece in pieces]
    return made[0] if len(made) == 1 else pl.concat_str(*made)


def _made(piece: Piece, columns: Sequence[pl.Expr]) -> pl.Expr:
    if isinstance(piece, Text):
        return pl.lit(piece.text)
    return reduce(_stepped, piece.steps, columns[piece.column])


def _stepped(text: pl.Expr, step: Step) -> pl.Expr:
    match step:
        case From(place) | Upto(place):
            return _cut(text, place, keeps_right=isinstance(step, From))
        case InLetters(letters):
            return _in_letters(text, letters)
        case Replace(mark, by):
            return _replaced(text, mark, by)
        case Plain():
            return text.str.replace_many(list(BARE), list(BARE.values()))
        case Each():
            return _each(text, step)
        case Lookup(table):
            return text.replace_strict(dict(table), default=None, return_dtype=pl.String)
        case Number() | Moment():
            return each_unique(text, lambda value: _one(value, step))


def _one(value: str, step: Step) -> str:
    made = take_step(value, step)
    if made is None:
        raise Unreadable
    return made


def _cut(text: pl.Expr, place: Place, *, keeps_right: bool) -> pl.Expr:
    if isinstance(place, Count):
        return _counted(text, place.at, keeps_right=keeps_right)
    if isinstance(place.mark, Literal):
        cut = _beside_literal(text, place, place.mark.text, keeps_right=keeps_right)
    else:
        cut = _beside_run(text, place, place.mark, keeps_right=keeps_right)
    return pl.coalesce(cut, text) if place.lenient else cut


def _counted(text: pl.Expr, at: int, *, keeps_right: bool) -> pl.Expr:
    there = text.str.len_chars() >= abs(at)
    if keeps_right:
        return pl.when(there).then(text.str.slice(at) if at >= 0 else text.str.tail(-at))
    return pl.when(there).then(text.str.head(at))


def _beside_literal(text: pl.Expr, place: Beside, mark: str, *, keeps_right: bool) -> pl.Expr:
    """Between the first fields and the others there is the mark; which side has it, the place says."""
    if place.number > 0:
        fields = text.str.splitn(mark, place.number + 1).struct
        left = [fields.field(f"field_{at}") for at in range(place.number)]
        right = fields.field(f"field_{place.number}")
        if keeps_right:
            return right if place.side is Side.AFTER else pl.lit(mark) + right
        before = pl.concat_str(*left, separator=mark) if len(left) > 1 else left[0]
        return pl.when(right.is_not_null()).then(before if place.side is Side.BEFORE else before + mark)
    fields_list = text.str.split(mark)
    size = fields_list.list.len().cast(pl.Int64)
    there = size + place.number > 0
    if keeps_right:
        last = fields_list.list.slice(place.number).list.join(mark)
        return pl.when(there).then(last if place.side is Side.AFTER else pl.lit(mark) + last)
    first = fields_list.list.slice(0, pl.max_horizontal(size + place.number, 0)).list.join(mark)
    return pl.when(there).then(first if place.side is Side.BEFORE else first + mark)


def _beside_run(text: pl.Expr, place: Beside, mark: Run, *, keeps_right: bool) -> pl.Expr:
    """Parts alternate: before, run, between, run, ..., behind. The cut is before part `at`."""
    parts = _alternating(text, mark)
    size = parts.list.len().cast(pl.Int64)
    after = place.side is Side.AFTER
    if place.number > 0:
        at = pl.lit(2 * place.number - 1 + after, pl.Int64)
        there = size > 2 * place.number
    else:
        at = size + 2 * place.number + after
        there = size + 2 * place.number > 0
    kept = parts.list.slice(at) if keeps_right else parts.list.slice(0, pl.max_horizontal(at, 0))
    return pl.when(there).then(kept.list.join(""))


def _alternating(text: pl.Expr, mark: Run) -> pl.Expr:
    return text.str.replace_all(rust_pattern(mark.kind), f"{NUL}${{0}}{NUL}").str.split(NUL)


def _in_letters(text: pl.Expr, letters: Letters) -> pl.Expr:
    match letters:
        case Letters.UPPER:
            return text.str.to_uppercase()
        case Letters.LOWER:
            return text.str.to_lowercase()
        case Letters.TITLE:
            part = pl.element()
            word = part.str.slice(0, 1).str.to_uppercase() + part.str.slice(1).str.to_lowercase()
            is_word = part.str.contains(f"^{rust_pattern(Kind.LETTERS)}")
            titled = pl.when(is_word).then(word).otherwise(part)
            return _alternating(text, Run(Kind.LETTERS)).list.eval(titled).list.join("")
        case Letters.SENTENCE:
            return text.str.slice(0, 1).str.to_uppercase() + text.str.slice(1).str.to_lowercase()
        case Letters.FIRST_UPPER:
            return text.str.slice(0, 1).str.to_uppercase() + text.str.slice(1)


def _replaced(text: pl.Expr, mark: Mark, by: str) -> pl.Expr:
    if isinstance(mark, Literal):
        return text.str.replace_all(mark.text, by, literal=True)
    return text.str.replace_all(rust_pattern(mark.kind), by.replace("$", "$$"))


def _each(text: pl.Expr, each: Each) -> pl.Expr:
    if isinstance(each.by, Literal):
        parts = text.str.split(each.by.text)
    else:
        parts = text.str.extract_all(rust_pattern(each.by.kind))
    some = _sliced(parts, each.first, each.last)
    made = some.list.eval(_joined(each.join, [pl.element()])) if each.join else some
    return pl.when(some.list.len() > 0).then(made.list.join(each.joint, ignore_nulls=False))


def _sliced(parts: pl.Expr, first: int, last: int | None) -> pl.Expr:
    """As Python slices a list."""
    if first == 0 and last is None:
        return parts
    size = parts.list.len().cast(pl.Int64)
    start, stop = (_from_start(at, size) for at in (first, last))
    return parts.list.slice(start, pl.max_horizontal(stop - start, 0))


def _from_start(at: int | None, size: pl.Expr) -> pl.Expr:
    if at is None:
        return size
    wanted = pl.lit(at, pl.Int64) if at >= 0 else size + at
    return pl.max_horizontal(pl.min_horizontal(wanted, size), 0)
