"""The drawing of an incident: every moment, the band where wrong values stood, and no markup of clients."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as Xml

import pytest

from ringback.model.incident import Entry, EntryKind, Incident
from ringback.model.postmortem import Cause, Moment, MomentKind, Postmortem
from ringback.report.spans import clock, length
from ringback.report.timeline_picture import timeline_picture

MIDNIGHT = datetime(2024, 8, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "under 1 s"),
        (0.9, "under 1 s"),
        (61, "1 min 1 s"),
        (9 * 3600, "9 h"),
        (34_200, "9 h 30 min"),
        (86_400 + 59, "1 day"),
        (2 * 86_400 + 3_600 + 60, "2 days 1 h"),
    ],
)
def test_a_length_of_time_is_told_in_at_most_two_units(seconds: float, told: str) -> None:
    assert length(timedelta(seconds=seconds)) == told


def test_times_are_told_in_utc() -> None:
    assert clock(datetime.fromisoformat("2024-08-10T02:00:01+02:00")) == "2024-08-10 00:00:01"


def test_each_moment_has_its_line_and_what_lies_between_is_written() -> None:
    svg = timeline_picture(_told("x", "y")).svg

    words = [element.text for element in Xml.fromstring(svg).iter() if element.tag.endswith("text")]

    assert words == ["+ 9 h", "2024-08-10 00:00:00", "imported", "x", "09:00:00", "complaint", "y"]


def test_what_a_caller_said_is_text_and_long_texts_are_cut() -> None:
    svg = timeline_picture(_told("<script>'\"&", "z" * 500)).svg

    assert "<script" not in svg
    assert Xml.fromstring(svg) is not None
    assert max(map(len, re.findall("z+", svg))) < 100


def test_without_a_moment_there_is_a_drawing_too() -> None:
    assert Xml.fromstring(timeline_picture(_told()).svg).get("height") == "54"


def _told(*what: str) -> Postmortem:
    kinds = (MomentKind.IMPORTED, MomentKind.COMPLAINT)
    moments = tuple(
        Moment(at=MIDNIGHT + timedelta(hours=9 * order), kind=kind, what=text, by="ana", evidence="", order=order)
        for order, (kind, text) in enumerate(zip(kinds, what, strict=False))
    )
    opened = Entry(feed="clients", kind=EntryKind.OPENED, at=MIDNIGHT, written_at=MIDNIGHT, by="ana")
    return Postmortem(
        incident=Incident(id=1, feed="clients", entries=(opened,)),
        timeline=moments,
        spans=(),
        impacts=(),
        wrong_records=0,
        wrong_values=0,
        by_field={},
        held_records=0,
        reached=(),
        consumers_named=False,
        cause=Cause(),
        deeds=(),
        corrective=(),
        preventive=(),
        written_at=MIDNIGHT,
    )
