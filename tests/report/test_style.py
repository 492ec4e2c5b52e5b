"""Colours: what is written can be read, in the light and in the dark."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from ringback.report.style import DARK, LIGHT, STYLE

# WCAG 2.2: 1.4.6 for text, 1.4.3 for links and what is said quietly, 1.4.11 for lines that carry meaning
_ENOUGH = {
    **dict.fromkeys((("ink", ground) for ground in ("paper", "band", "warm")), 7.0),
    **dict.fromkeys((("link", ground) for ground in ("paper", "band")), 4.5),
    **dict.fromkeys((("quiet", ground) for ground in ("paper", "band")), 4.5),
    **dict.fromkeys(((line, "paper") for line in ("good", "bad", "plain", "edge")), 3.0),
}


def _luminance(colour: str) -> float:
    """Source: WCAG 2.2, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("named", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_written_stands_out_from_its_ground(named: Mapping[str, str]) -> None:
    too_little = {
        pair: round(_contrast(named[pair[0]], named[pair[1]]), 2)
        for pair, enough in _ENOUGH.items()
        if _contrast(named[pair[0]], named[pair[1]]) < enough
    }

    assert too_little == {}


def test_every_colour_has_a_name_and_is_there_in_the_light_and_in_the_dark() -> None:
    used = set(re.findall(r"var\(--([a-z]+)\)", STYLE))
    plain = set(re.findall(r"#[0-9a-f]{6}", STYLE)) - {*LIGHT.values(), *DARK.values()}

    assert used == set(LIGHT) == set(DARK)
    assert plain == set()


def test_the_contrast_is_that_of_the_standard() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
