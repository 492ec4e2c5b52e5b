"""What could be promised about a field: constraints that the whole sample keeps. No client's value is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

import polars as pl

from ringback.model.rows import LINE
from ringback.steps.drill.ground import Ground
from ringback.steps.interpret.date import DateField
from ringback.steps.interpret.decimal import DecimalField
from ringback.steps.interpret.integer import IntegerField

_LEAST_VALUES = 100  # that must agree: of fewer, the next one may be the first of its kind
_SHAPES = 4  # alternatives of a pattern: a longer one says nothing
_LISTED = 12  # different values that a list has
_OFTEN = 15  # clients who share each of them
_CLASSES = {"9": "[0-9]", "A": r"\p{Lu}", "a": r"\p{Ll}"}
_UNTOLD = r"[\p{Lo}\p{Lt}\p{Lm}]"  # letters of no case: they would stand in a pattern as they are
_MARKS = r"([\\.+*?()|\[\]{}^$])"  # that mean something in a pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One constraint; `told` is how a contract writes it."""

    key: str
    value: object
    told: str


def promises(name: str, ground: Ground) -> Iterator[Promise]:
    """Constraints that the field does not have yet and that the sample keeps, the plainest first."""
    spec, values = ground.contract.fields[name], ground.records[name]
    known = spec.constraints
    present = values.drop_nulls()
    if present.len() < _LEAST_VALUES:
        return
    if not known.required and not values.null_count() and _never_missing(name, ground):
        yield Promise(key="required", value=True, told="required: true")
    if known.pattern is None and known.enum is None and isinstance(spec.dtype, pl.String) and spec.type != "code":
        yield from _of_texts(_texts(name, ground))
    if not known.unique and ground.share == 1 and present.n_unique() == present.len():  # a part hides twins
        yield Promise(key="unique", value=True, told="unique: true")
    yield from (promise for promise in _bounds(spec, present) if getattr(known, promise.key) is None)


def _never_missing(name: str, ground: Ground) -> bool:
    """In whole deliveries that were accepted."""
    return all(each.fields[name].missing_share == 0 for each in ground.baseline if name in each.fields)


def _texts(name: str, ground: Ground) -> pl.Series:
    """The trimmed texts of the field's values, as delivered."""
    spec = ground.contract.fields[name]
    rows = ground.rows.join(ground.records.filter(pl.col(name).is_not_null()).select(LINE), on=LINE, how="semi")
    texts = rows[str(spec.column)].alias("text")
    return texts.str.strip_chars() if spec.trim else texts


def _of_texts(texts: pl.Series) -> Iterator[Promise]:
    shapes = texts.str.replace_all(r"\p{Nd}", "9").str.replace_all(r"\p{Lu}", "A").str.replace_all(r"\p{Ll}", "a")
    runs = shapes.str.replace_all("9+", "9").str.replace_all("A+", "A").str.replace_all("a+", "a")
    for kinds, repeated in ((shapes.unique(), ""), (runs.unique(), "+")):
        if kinds.len() <= _SHAPES and kinds.str.contains("9").all() and not kinds.str.contains(_UNTOLD).any():
            pattern = "|".join(_pattern(kind, repeated) for kind in sorted(kinds))
            yield Promise(key="pattern", value=pattern, told=f"pattern: {_quoted(pattern)}")
    counts = texts.value_counts()
    if counts.height <= _LISTED and counts["count"].min() >= _OFTEN:  # type: ignore[operator]  # counts are whole
        values = tuple(sorted(counts[texts.name]))
        yield Promise(key="enum", value=values, told=f"enum: [the {len(values)} values in use]")


def _pattern(shape: str, repeated: str) -> str:
    r"""99 AA -> [0-9]{2} \p{Lu}{2}, or with `repeated`, [0-9]+ \p{Lu}+."""
    parts = []
    for run in re.findall(r"9+|A+|a+|[^9Aa]+", shape):
        kind = _CLASSES.get(run[0])
        length = repeated or (f"{{{len(run)}}}" if len(run) > 1 else "")
        parts.append(re.sub(_MARKS, r"\\\1", run) if kind is None else f"{kind}{length}")
    return "".join(parts)


def _quoted(text: str) -> str:
    """As YAML takes it, letter by letter."""
    return "'" + text.replace("'", "''") + "'"


def _bounds(spec: object, values: pl.Series) -> Iterator[Promise]:
    """Rounded outwards, so that they are nobody's, and leave room."""
    least, most = values.min(), values.max()
    if isinstance(spec, DateField) and "%-" not in spec.format:
        years = cast(date, least).year // 10 * 10, cast(date, most).year // 10 * 10 + 9
        days = date(max(years[0], 1), 1, 1), date(min(years[1], 9999), 12, 31)
        texts = [day.strftime(spec.format) for day in days]
    elif isinstance(spec, IntegerField | DecimalField):
        mark = spec.decimal if isinstance(spec, DecimalField) else "."
        limits = _below(Decimal(str(least))), _above(Decimal(str(most)))
        texts = [f"{limit:f}".replace(".", mark) for limit in limits]
    else:
        return
    for key, text in zip(("minimum", "maximum"), texts, strict=True):
        yield Promise(key=key, value=text, told=f'{key}: "{text}"')


def _below(value: Decimal) -> Decimal:
    """0, or the power of ten below a negative number."""
    return Decimal(0) if value >= 0 else -(Decimal(10) ** (value.adjusted() + 1))


def _above(value: Decimal) -> Decimal:
    """0, or the power of ten above a positive number."""
    return Decimal(0) if value <= 0 else Decimal(10) ** (value.adjusted() + 1)
