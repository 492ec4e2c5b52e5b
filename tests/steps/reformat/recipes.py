"""Recipes of every kind, drawn for properties."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from ringback.model.recipe import (
    Beside,
    Case,
    Condition,
    Count,
    Each,
    Example,
    Formula,
    From,
    Holds,
    InLetters,
    Kind,
    Letters,
    Literal,
    Lookup,
    Moment,
    Number,
    Plain,
    Replace,
    Rules,
    Run,
    Side,
    Take,
    Text,
    Toward,
    Upto,
)

WORDS = (
    "",
    "a",
    "Ada",
    "LOVELACE",
    "12",
    "007",
    "1,204.50",
    "-3.5",
    "é",
    "ß",
    "Ünal",
    "Ωμς",
    "Жук",
    "$1",
    "2024-08-09",
    "09:30",
)
JOINTS = ("", " ", "  ", ", ", "-", ".", "@", "aa", "\n", "\u00a0")

texts = st.lists(st.sampled_from([*WORDS, *JOINTS]), max_size=7).map("".join) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
)
literals = st.sampled_from([",", " ", "-", "a", "aa", ", ", ".", "$", "é"]).map(Literal)
marks = literals | st.sampled_from(list(Kind)).map(Run)
places = st.integers(-4, 4).map(Count) | st.builds(
    Beside, marks, st.sampled_from([1, 2, 3, -1, -2, -3]), st.sampled_from(list(Side)), st.booleans()
)
numbers = st.builds(
    Number,
    group=st.sampled_from(["", ","]),
    times=st.sampled_from([Decimal(1), Decimal("0.01"), Decimal("1.8"), Decimal("-3")]),
    plus=st.sampled_from([Decimal(0), Decimal(32)]),
    step=st.sampled_from([None, Decimal("0.05"), Decimal(5)]),
    toward=st.sampled_from(list(Toward)),
    digits=st.sampled_from([None, 3]),
    places=st.sampled_from([None, 0, 2]),
    written_point=st.sampled_from([".", ","]),
    written_group=st.sampled_from(["", "'"]),
    width=st.sampled_from([0, 5]),
)
_DAYS = (("%Y-%m-%d",), ("%Y-%m-%d", "%H:%M")), ("%d.%m.%y", "%A, %-d %B", "Q%q", "%j%%")
_CLOCKS = (("%H:%M",), ("%H:%M", "%Y-%m-%d")), ("%-I:%M %p", "%H h")


def _moments(formats: tuple[tuple[str, ...], ...], written: tuple[str, ...]) -> st.SearchStrategy[Moment]:
    return st.builds(
        Moment,
        formats=st.sampled_from(formats),
        shift=st.sampled_from([0, -3600, 86_400]),
        every=st.sampled_from([0, 1800]),
        toward=st.sampled_from(list(Toward)),
        written=st.sampled_from(written),
    )


moments = _moments(*_DAYS) | _moments(*_CLOCKS)
simple_steps = st.one_of(
    places.map(From),
    places.map(Upto),
    st.sampled_from(list(Letters)).map(InLetters),
    st.builds(Replace, marks, st.sampled_from(["", "-", "$1"])),
    st.just(Plain()),
    st.just(Lookup((("a", "x"), ("12", "")))),
    numbers,
    moments,
)


def _pieces(columns: int, steps: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    takes = st.builds(Take, st.integers(0, columns - 1), st.lists(steps, max_size=3).map(tuple))
    return takes | st.sampled_from(["-", "x. ", ""]).map(Text)


eaches = st.builds(
    Each,
    marks,
    st.sampled_from([0, 1, -2]),
    st.sampled_from([None, -1, 2]),
    st.lists(_pieces(1, simple_steps), max_size=2).map(tuple),
    st.sampled_from(["", "-", ", "]),
)
steps = simple_steps | eaches
conditions = st.builds(
    Condition,
    column=st.integers(0, 1),
    holds=st.sampled_from(list(Holds)),
    mark=marks,
    number=st.integers(1, 3),
    met=st.booleans(),
)
cases = st.builds(
    Case,
    when=st.lists(conditions, max_size=1).map(tuple),
    join=st.lists(_pieces(2, steps), min_size=1, max_size=3).map(tuple),
)
formulas = st.builds(Formula, columns=st.just(2), cases=st.lists(cases, min_size=1, max_size=2).map(tuple))
rows = st.tuples(texts, texts)
rules = st.builds(
    Rules,
    formula=formulas,
    rivals=st.lists(formulas, max_size=1).map(tuple),
    examples=st.lists(st.builds(Example, inputs=rows, output=texts), max_size=2).map(tuple),
)
