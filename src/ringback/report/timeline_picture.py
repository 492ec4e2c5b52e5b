"""The timeline of an incident as a drawing: one line a moment, and a band where wrong values stood.

The lines stand equally far apart, for an accident has seconds and days; how long it was from one to the next is written
between them. Colours are those of the page, so that it is light, dark, or ink as the page is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from ringback.model.postmortem import Moment, MomentKind, Postmortem
from ringback.report.page import Picture
from ringback.report.spans import clock, length

_WIDTH, _ROW, _TOP = 760, 36, 40
_AXIS = 190  # where the line of time stands
_LETTERS = 66  # of a label
_GOOD = (MomentKind.UNDONE, MomentKind.REPAIRED, MomentKind.READ_BACK, MomentKind.CLOSED, MomentKind.DROPPED)
_BAD = (MomentKind.COMPLAINT, MomentKind.FAILED)
_LOOK = "font-family='system-ui, sans-serif'"


def timeline_picture(told: Postmortem) -> Picture:
    """The drawing. Every text in it is escaped."""
    moments = told.timeline
    height = _TOP + _ROW * max(len(moments) - 1, 0) + 14
    body = "".join([*_band(told), *_axis(moments), *_moments(told)])
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH} {height}' width='{_WIDTH}' height='{height}' "
        f"{_LOOK}>{body}</svg>"
    )
    told_in_words = f"{len(moments)} moments, as in the table below"
    return Picture(svg=svg, text=f"timeline: {told_in_words}")


def _y(place: int) -> int:
    return _TOP + _ROW * place


def _band(told: Postmortem) -> Iterator[str]:
    """Where wrong values stood in the live table: from the first run that brought some to the last correction."""
    live = [each for each in told.impacts if each.since is not None]
    since = min((_place(told.timeline, each.since) for each in live if each.since), default=None)
    if since is None:
        return
    ended = [_place(told.timeline, each.until) for each in live if each.until]
    stands = any(each.stands for each in live) or not ended
    until = len(told.timeline) - 1 if stands else max(ended)
    top, tall = _y(since), max(_y(until) - _y(since), 6)
    yield (
        f"<rect x='{_AXIS - 7}' y='{top}' width='14' height='{tall}' rx='7' fill='var(--bad, #b3261e)' "
        "fill-opacity='.25'/>"
    )
    yield _text(16, 14, "wrong values stood in the live table", "var(--bad, #b3261e)", size=12)
    yield "<rect x='2' y='5' width='9' height='9' rx='3' fill='var(--bad, #b3261e)' fill-opacity='.4'/>"


def _place(moments: Sequence[Moment], wanted: Moment) -> int:
    return next((place for place, moment in enumerate(moments) if moment == wanted), 0)


def _axis(moments: Sequence[Moment]) -> Iterator[str]:
    last = _y(max(len(moments) - 1, 0))
    yield f"<line x1='{_AXIS}' y1='{_TOP}' x2='{_AXIS}' y2='{last}' stroke='var(--quiet, #4d5762)' stroke-width='2'/>"
    for place, (moment, later) in enumerate(pairwise(moments)):
        took = later.at - moment.at
        if took.total_seconds() >= 1:
            middle = (_y(place) + _y(place + 1)) // 2 + 4
            yield _text(_AXIS - 14, middle, f"+ {length(took)}", "var(--quiet, #4d5762)", size=11, anchor="end")


def _moments(told: Postmortem) -> Iterator[str]:
    day = None
    entered = {each.since for each in told.impacts if each.since}
    for place, moment in enumerate(told.timeline):
        written = clock(moment.at)
        date, time = written.split(" ")
        label = time if date == day else written
        day = date
        y = _y(place)
        colour = _colour(moment, is_bad=moment in entered)
        yield f"<circle cx='{_AXIS}' cy='{y}' r='6' fill='{colour}' stroke='var(--paper, #fff)' stroke-width='2'/>"
        yield _text(_AXIS - 14, y + 4, label, "var(--ink, #1b2026)", size=12, anchor="end")
        yield _text(_AXIS + 16, y + 4, str(moment.kind), colour, size=13, weight="600")
        yield _text(_AXIS + 122, y + 4, _short(moment), "var(--ink, #1b2026)", size=12)


def _colour(moment: Moment, *, is_bad: bool) -> str:
    if is_bad or moment.kind in _BAD:
        return "var(--bad, #b3261e)"
    return "var(--good, #17703f)" if moment.kind in _GOOD else "var(--plain, #0a539e)"


def _short(moment: Moment) -> str:
    """The beginning of what happened; all of it is in the table."""
    what = " ".join(moment.what.split())
    return what if len(what) <= _LETTERS else f"{what[: _LETTERS - 1].rstrip()}…"


def _text(x: int, y: int, text: str, fill: str, *, size: int, anchor: str = "start", weight: str = "400") -> str:
    return (
        f"<text x='{x}' y='{y}' fill='{fill}' font-size='{size}' text-anchor='{anchor}' font-weight='{weight}'>"
        f"{escape(text)}</text>"
    )
