"""What the tests of all field types share: awkward texts, and the two readers held against each other."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import polars as pl
import pytest

from ringback.model.field import FieldSpec, Unreadable, Value

# digits of other scripts, marks that look like marks, white space of all kinds, letters that fold into ASCII, controls
AWKWARD = (
    "00112233445566778899٣٢١１９²½"
    "++--..,,''’  \t\n\r\x0b\x0c\x1c\x1f\x85\xa0\u1680\u2009\u202f\u2028\u3000\u200b\ufeff"
    '//::;;__##**()[]{}<>@@%%$^|~`"\\\\?!&=‐−＋／'
    "aAbBeEfFjJkKmMnNoOpPsStTuUxXyYzZſKİıßé😀\x00\x01\x7f"
)

ReadersAgree = Callable[[FieldSpec, Sequence[str]], None]


def awkward_texts(samples: Sequence[str], count: int, seed: int) -> list[str]:
    """Samples, some as they are, most with a few characters put in, left out, exchanged, doubled or replaced."""
    dice = random.Random(seed)
    return ["", *samples, *(_bent(dice.choice(samples), dice) for _ in range(count))]


def _bent(text: str, dice: random.Random) -> str:
    for _ in range(dice.choice((0, 1, 1, 1, 2, 3))):
        at = dice.randrange(len(text) + 1)
        new = dice.choice(AWKWARD)
        text = dice.choice(
            (
                text[:at] + new + text[at:],
                text[:at] + new + text[at + 1 :],
                text[:at] + dice.choice("0123456789") + text[at + 1 :],
                text[:at] + text[at + 1 :],
                text[:at] + text[at - 2 : at] + text[at:],
                text[at:] + text[:at],
                text.swapcase(),
            )
        )
    return text


def read_columns(spec: FieldSpec, texts: Sequence[str | None]) -> list[Value | None]:
    """A column as the fast reader reads it."""
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    value = frame.select(value=spec.read(pl.col("text")))["value"]
    assert value.dtype == spec.dtype
    return value.to_list()


def read_one(spec: FieldSpec, text: str) -> Value | None:
    """One text as the reference reader reads it."""
    try:
        return spec.read_one(text)
    except Unreadable:
        return None


@pytest.fixture(params=[3_000, pytest.param(100_000, marks=pytest.mark.slow)], ids=["few", "many"])
def readers_agree(request: pytest.FixtureRequest) -> ReadersAgree:
    """Asserts that both readers of a field give the same for the samples, and for many texts made of them."""
    count: int = request.param

    def agree(spec: FieldSpec, samples: Sequence[str]) -> None:
        texts = awkward_texts(samples, count, seed=count)

        fast = read_columns(spec, [*texts, None])
        slow = [read_one(spec, text) for text in texts]

        differing = [(text, one, other) for text, one, other in zip(texts, fast, slow, strict=False) if one != other]
        assert differing[:20] == []
        assert fast[-1] is None
        assert 0.05 < sum(value is not None for value in slow) / len(slow) < 0.99  # a test that tries both kinds

    return agree


@pytest.fixture
def read() -> Callable[[FieldSpec, str], Value | None]:
    """One text by both readers, which must agree."""

    def by_both(spec: FieldSpec, text: str) -> Value | None:
        (fast,) = read_columns(spec, [text])
        assert fast == read_one(spec, text)
        return fast

    return by_both
