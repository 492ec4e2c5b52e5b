"""Whole columns of telephone numbers, by the same rules as `phonenumbers.parse` and `is_valid_number`.

The library's metadata is regular expressions; here Polars applies them to columns, in the library's order of steps.
Texts with anything but digits, spaces and ( ) . / - after an optional + are left open: the caller asks the library
itself for each different one of them.

Source: phonenumbers/phonenumberutil.py, `parse` and the functions that it calls, step by step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import polars as pl
from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    PhoneMetadata,
    country_code_for_region,
    region_code_for_country_code,
)

from ringback.steps.interpret.patterns import fits

_PLAIN = r"\(?\+?[0-9][0-9 ()./\-]{0,60}"
_MARKS = dict.fromkeys(" ().+/-", "")  # what _PLAIN has besides digits
_TYPES = (
    *("fixed_line", "mobile", "premium_rate", "toll_free", "shared_cost"),
    *("voip", "personal_number", "pager", "uan", "voicemail"),
)
_NSN_LENGTHS = (2, 17)  # _MIN_LENGTH_FOR_NSN, _MAX_LENGTH_FOR_NSN


class _Rules(NamedTuple):
    """What the library knows about one region, as patterns."""

    calling_code: str
    international_prefix: str | None
    national_prefix: str | None
    rewriting: str | None  # what replaces the national prefix, where it catches a part of the number
    general: str
    lengths: tuple[int, ...]  # ascending
    local_lengths: tuple[int, ...]
    leading_digits: str | None
    types: tuple[tuple[tuple[int, ...], str], ...]  # lengths, pattern


def read_phones(texts: pl.Series, region: str | None) -> pl.DataFrame:
    """Read a column of texts.

    Returns: `number` (E.164, null where the text is no valid number), and `open`: where the library must be asked.
    """
    frame = _split(pl.DataFrame({"text": texts}).with_row_index("row"), region)
    return pl.concat(_each_plan(frame, region)).sort("row").select("number", "open")


def _split(frame: pl.DataFrame, region: str | None) -> pl.DataFrame:
    """Adds `code`: the calling code, null where the number is national, "" where there is no such code;
    `rest`: the digits behind it; `asked`: where the library must be asked.

    In stages, so that no column is made twice.
    """
    text, digits, beyond, code = (pl.col(name) for name in ("text", "digits", "beyond", "code"))
    plus, dialled = pl.col("plus"), pl.col("dialled")
    return (
        frame.with_columns(text.str.replace_many(_MARKS).alias("digits"), text.str.contains(r"^\(?\+").alias("plus"))
        .with_columns(_dialled_abroad(digits, region))
        .with_columns(pl.when(plus).then(digits).when(dialled).then(beyond).alias("beyond"))
        .with_columns(beyond.str.slice(0, 3).replace_strict(_codes(), default="", return_dtype=pl.String).alias("code"))
        .with_columns(pl.when(beyond.is_null()).then(None).otherwise(code).alias("code"))
        .with_columns(
            pl.when(code.is_null()).then(digits).otherwise(beyond.str.slice(code.str.len_bytes())).alias("rest"),
            # after a plus without a calling code the library tries again without the plus
            (plus & (code == "") & (dialled | ~digits.str.starts_with("0"))).fill_null(value=False).alias("lost"),
        )
        .with_columns(
            (~fits(text, _PLAIN) | (digits.str.len_bytes() <= 3) | pl.col("lost")).fill_null(value=False).alias("asked")
        )
    )


def _dialled_abroad(digits: pl.Expr, region: str | None) -> list[pl.Expr]:
    """`beyond`: the digits behind the region's international prefix; `dialled`: whether they have it."""
    prefix = None if region is None else _rules(region, None).international_prefix
    if prefix is None:
        return [digits.alias("beyond"), pl.lit(value=False).alias("dialled")]
    start = _start(prefix)
    beyond = digits.str.replace(start, "")
    return [beyond.alias("beyond"), (digits.str.contains(start) & ~beyond.str.starts_with("0")).alias("dialled")]


def _each_plan(frame: pl.DataFrame, region: str | None) -> Iterator[pl.DataFrame]:
    """The rows (`row`, `number`, `open`), one frame for each numbering plan that they need."""
    skip = pl.col("asked") | pl.col("text").is_null() | (pl.col("code") == "").fill_null(value=region is None)
    yield frame.filter(skip).select("row", pl.lit(None, pl.String).alias("number"), pl.col("asked").alias("open"))
    for (code,), part in frame.filter(~skip).partition_by("code", as_dict=True, maintain_order=False).items():
        if code is not None:
            yield _abroad(part, str(code), region)
        else:
            yield from _at_home(part, str(region))


def _abroad(part: pl.DataFrame, code: str, region: str | None) -> pl.DataFrame:
    """Numbers with their calling code in `code`."""
    main = region_code_for_country_code(int(code))
    return _read(part, region if main == region and region is not None else main, code)


def _at_home(part: pl.DataFrame, region: str) -> Iterator[pl.DataFrame]:
    """National numbers; some of them are international ones without a plus."""
    rules = _rules(region, None)
    behind = pl.col("rest").str.strip_prefix(rules.calling_code)
    coded = pl.col("rest").str.starts_with(rules.calling_code) & (behind != "")
    maybe = part.filter(coded).with_columns(_without_prefix(behind, rules).alias("beyond"))
    digits, beyond, length = pl.col("rest"), pl.col("beyond"), pl.col("rest").str.len_bytes()
    too_long = (length > rules.lengths[-1]) & ~length.is_in(rules.local_lengths)
    better = ~fits(digits, rules.general) & fits(beyond, rules.general)
    yield _read(part.filter(~coded), region, rules.calling_code)
    yield _read(maybe.filter(~(better | too_long)), region, rules.calling_code)
    yield _abroad(maybe.filter(better | too_long).with_columns(beyond.alias("rest")), rules.calling_code, region)


def _read(part: pl.DataFrame, region: str, code: str) -> pl.DataFrame:
    """`rest` -> `number` under the rules of one region, all with the calling code `code`."""
    rules = _rules(region, code)
    digits, shorter, national = pl.col("rest"), pl.col("shorter"), pl.col("national")
    length = shorter.str.len_bytes()
    possible = (length.is_in(rules.lengths) | (length > rules.lengths[-1])) & ~length.is_in(rules.local_lengths)
    read = part.select("row", "rest", _without_prefix(digits, rules).alias("shorter")).with_columns(
        pl.when(possible).then(shorter).otherwise(digits).alias("national")
    )
    bounded = national.str.len_bytes().is_between(*_NSN_LENGTHS) & (digits.str.len_bytes() >= _NSN_LENGTHS[0])
    valid = _valid(read["national"], code) & read.select(bounded).to_series()
    number = pl.when(valid).then(pl.lit(f"+{code}") + national)
    return read.select("row", number.alias("number"), pl.lit(value=False).alias("open"))


def _without_prefix(digits: pl.Expr, rules: _Rules) -> pl.Expr:
    """Without the national prefix, or rewritten as its rule says, unless only the whole is a number of the region."""
    if not rules.national_prefix:
        return digits
    start = _start(rules.national_prefix)
    shorter = digits.str.replace(start, "")
    if rules.rewriting is not None:
        caught = digits.str.extract(start, re.compile(start).groups)
        shorter = pl.when(caught.is_null()).then(shorter).otherwise(digits.str.replace(start, rules.rewriting))
    return pl.when(fits(digits, rules.general) & ~fits(shorter, rules.general)).then(digits).otherwise(shorter)


def _valid(numbers: pl.Series, code: str) -> pl.Series:
    """Whether numbers are valid in the region of this calling code that they belong to: the first that fits."""
    regions = [_rules(region, code) for region in COUNTRY_CODE_TO_REGION_CODE[int(code)]]
    if len(regions) == 1:
        return _of_a_type(numbers, regions[0])
    frame = pl.DataFrame({"number": numbers}).with_row_index("row")
    valid: list[pl.DataFrame] = []
    for rules in regions:
        typed = frame.with_columns(_of_a_type(frame["number"], rules).alias("typed"))
        belongs = pl.col("typed")
        if rules.leading_digits is not None:
            belongs = pl.col("number").str.contains(_start(rules.leading_digits))
        valid.append(typed.filter(belongs & pl.col("typed")).select("row"))
        frame = typed.filter(~belongs).select("row", "number")
        if frame.is_empty():
            break
    found = np.zeros(len(numbers), dtype=np.bool_)
    found[pl.concat(valid)["row"].to_numpy()] = True
    return pl.Series(found)


def _of_a_type(numbers: pl.Series, rules: _Rules) -> pl.Series:
    """Whether the region has numbers of some type that look so."""
    number, length = pl.col("number"), pl.col("number").str.len_bytes()
    general = fits(number, rules.general) & (length.is_in(rules.lengths) if rules.lengths else pl.lit(value=True))
    types = [
        fits(number, pattern) & (length.is_in(lengths) if lengths else pl.lit(value=True))
        for lengths, pattern in rules.types
    ]
    return pl.DataFrame({"number": numbers}).select(valid=general & pl.any_horizontal(types)).to_series()


@lru_cache(maxsize=512)
def _rules(region: str, code: str | None) -> _Rules:
    calling_code = country_code_for_region(region) if code is None else int(code)
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(calling_code, region)
    if metadata is None:
        raise LookupError(f"phonenumbers has no region {region} with the calling code {calling_code}")
    types: dict[tuple[int, ...], list[str]] = {}
    for name in _TYPES:
        kind = getattr(metadata, name)
        if (
            kind is not None
            and kind.national_number_pattern
            and not (name == "mobile" and metadata.same_mobile_and_fixed_line_pattern)
        ):
            types.setdefault(tuple(kind.possible_length), []).append(_ascii(kind.national_number_pattern))
    general = metadata.general_desc
    if general is None or general.national_number_pattern is None:
        raise LookupError(f"phonenumbers has no numbers for {region}")
    return _Rules(
        calling_code=str(metadata.country_code),
        international_prefix=metadata.international_prefix,
        national_prefix=metadata.national_prefix_for_parsing,
        rewriting=_rewriting(metadata.national_prefix_transform_rule),
        general=_ascii(general.national_number_pattern),
        lengths=tuple(general.possible_length),
        local_lengths=tuple(general.possible_length_local_only),
        leading_digits=metadata.leading_digits,
        types=tuple((lengths, "|".join(f"(?:{one})" for one in patterns)) for lengths, patterns in types.items()),
    )


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """The first three digits of an international number -> its calling code."""
    starts = {}
    for first in range(1000):
        three = f"{first:03}"
        tried = (three[:length] for length in (1, 2, 3) if three[0] != "0")
        code = next((one for one in tried if int(one) in COUNTRY_CODE_TO_REGION_CODE), None)
        if code is not None:
            starts[three] = code
    return starts


def _rewriting(rule: str | None) -> str | None:
    """A rule of the library, in Rust's words: \\1 is ${1}."""
    return re.sub(r"\\([0-9])", r"${\1}", rule) if rule else None


def _start(pattern: str) -> str:
    return f"^(?:{_ascii(pattern)})"


def _ascii(pattern: str) -> str:
    return pattern.replace(r"\d", "[0-9]")  # the same for ASCII digits, and faster than all of Unicode's
