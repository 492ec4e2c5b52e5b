"""vCard and LDIF."""

from __future__ import annotations

import base64
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringback.errors import DeliveryRefused
from ringback.model.contract import Source

from .both import Told, read_both

VCARD, LDIF = Source(format="vcard"), Source(format="ldif")


def cards(*lines: str) -> Told:
    return read_both("".join(f"{line}\r\n" for line in lines).encode(), VCARD)


def entries(text: str) -> Told:
    return read_both(text.encode(), LDIF)


def test_a_cards_properties_are_columns_with_their_types() -> None:
    told = cards(
        "BEGIN:VCARD",
        "VERSION:3.0",
        "FN:Ada Lovelace",
        "N:Lovelace;Ada;;Lady;",
        "item1.TEL;TYPE=WORK,VOICE;PREF=1:+44 20 1234",
        "TEL;HOME:1",
        "TEL;TYPE=home;TYPE=pref:2",
        r"NOTE:first\nsecond\, third\; and \\n",
        "ADR;TYPE=HOME:;;12 Long St",
        " reet;London;;N1;UK",
        "END:VCARD",
        "",
        "begin:vcard",
        "FN:Zoë",
        "end:vcard",
    )

    assert told.rows[0] == {
        "VERSION": "3.0",
        "FN": "Ada Lovelace",
        "N.family": "Lovelace",
        "N.given": "Ada",
        "N.additional": "",
        "N.prefix": "Lady",
        "N.suffix": "",
        "TEL[VOICE,WORK]": "+44 20 1234",
        "TEL[HOME]": "1",
        "TEL[HOME]#2": "2",
        "NOTE": "first\nsecond, third; and \\n",
        "ADR[HOME].pobox": "",
        "ADR[HOME].extended": "",
        "ADR[HOME].street": "12 Long Street",
        "ADR[HOME].locality": "London",
        "ADR[HOME].region": "",
        "ADR[HOME].postcode": "N1",
        "ADR[HOME].country": "UK",
    }
    assert told.lines == [1, 13]
    assert told.reading.skipped == {"blank line": 1}


def test_quoted_printable_values_of_old_cards_are_decoded() -> None:
    told = cards(
        "BEGIN:VCARD",
        "N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=",
        "=F6rg",
        "END:VCARD",
    )

    assert (told.rows[0]["N.family"], told.rows[0]["N.given"]) == ("Müller", "Jörg")


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("no property", "no property"),
        ("N:a;b;c;d;e;f", "6 parts in N"),
        ("FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=FF", "CHARSET"),
        ("FN;ENCODING=QUOTED-PRINTABLE:=00", "NUL"),
        ("FN:a\0", "NUL"),
        ("BEGIN:VCARD", "without its END"),
    ],
)
def test_a_card_that_cannot_be_read_is_rejected_and_the_others_are_read(line: str, word: str) -> None:
    told = cards("BEGIN:VCARD", "FN:Ada", line, "END:VCARD", "stray", "BEGIN:VCARD", "FN:Zoë", "END:VCARD")

    assert [row["FN"] for row in told.rows][-1] == "Zoë"
    assert word in told.rejects[0][2]
    assert (5, "row.outside") in told.codes


def test_a_card_that_the_file_does_not_finish_is_rejected() -> None:
    assert cards("BEGIN:VCARD", "FN:Ada").codes == [(1, "row.vcard")]


def test_an_entrys_attributes_are_columns() -> None:
    name = base64.b64encode("Zoë".encode()).decode()
    told = entries(
        "version: 1\n# export\n\n"
        f"dn: uid=1,dc=example\nUID: 1\ncn:: {name}\nmail: a@example.com\nmail: b@exam\n ple.com\n"
        "# remark\ndescription:   late\njpegPhoto:: /9j/\n\n"
        "dn: uid=2,dc=example\nchangetype: add\nuid: 2\n"
    )

    assert told.rows[0] == {
        "dn": "uid=1,dc=example",
        "uid": "1",
        "cn": "Zoë",
        "mail": "a@example.com",
        "mail#2": "b@example.com",
        "description": "late",
        "jpegphoto;base64": "/9j/",
    }
    assert told.rows[1]["uid"] == "2"
    assert told.lines == [4, 14]
    assert told.reading.skipped == {"version": 1, "comment": 1, "blank line": 2}


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        ("uid 1", "no attribute"),
        ("cn:: %%%", "not base64"),
        ("photo:< file:///etc/passwd", "nothing is fetched"),
        ("changetype: delete", "is a change"),
        ("cn: a\0b", "NUL"),
    ],
)
def test_an_entry_that_cannot_be_read_is_rejected_and_the_others_are_read(lines: str, word: str) -> None:
    told = entries(f"dn: uid=1\n{lines}\n\nstray\n\ndn: uid=2\nuid: 2\n")

    assert [row["dn"] for row in told.rows] == ["uid=2"]
    assert word in told.rejects[0][2]
    assert (4, "row.outside") in told.codes


PIECES = ["BEGIN:VCARD\n", "END:VCARD\n", "TEL", "N", "dn:", ":", ";", "=", "\n", " ", "\\", '"', "\0", "é", "<", "#"]
BOOK = st.lists(st.sampled_from([*PIECES, "QUOTED-PRINTABLE"]), max_size=25).map("".join)


@given(BOOK, st.sampled_from(["vcard", "ldif"]))
@settings(max_examples=500, deadline=None)
def test_of_any_text_every_record_is_good_or_rejected(text: str, kind: str) -> None:
    with suppress(DeliveryRefused):
        read_both(text.encode(), Source(format=kind))  # type: ignore[arg-type]


@given(st.binary(max_size=80), st.sampled_from(["vcard", "ldif"]), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
@settings(max_examples=200, deadline=None)
def test_of_any_bytes_every_record_is_good_or_rejected(content: bytes, kind: str, encoding: str) -> None:
    with suppress(DeliveryRefused):
        read_both(content, Source(format=kind, encoding=encoding))  # type: ignore[arg-type]
