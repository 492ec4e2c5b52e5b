"""One meaning of a telephone number, however it is asked for.

A caller's number comes as +49 30 123456, 0049 30 123456, 030 123456, 030-123456, " 49 30 123456" (a plus that a URL
lost) or 4930123456, and in SIP and tel URIs. What it can mean is decided here and nowhere else.
"""

from __future__ import annotations

import re

import phonenumbers

_LONGEST = 40  # characters of what can be a number with all its marks
_FEWEST_DIGITS = 5  # fewer are extensions and service codes; the shortest numbers with a country code have seven
_URI = re.compile(r"^(?:sips?|tel):(?P<user>[^@;?]*)", re.IGNORECASE)
_MARKS = re.compile(r"[ ()./\-\u00a0\u2010-\u2015]")
_NUMBER = re.compile(r"\+?[0-9]+")


def meanings(asked: str, region: str) -> tuple[str, ...]:
    """The E.164 numbers that the text can mean, the likeliest first; none, where it is no telephone number.

    Digits alone are a number of the home country first, then one with its country code: at most three meanings.
    Numbers that are possible count, not only valid ones: a lookup compares them with numbers that clients really have.
    """
    text = _plain(asked)
    if text is None:
        return ()
    international = f"+{text.lstrip('+')}"
    if text.startswith("+"):
        read = [_read(text, None)]
    else:
        read = [_read(text, region), _read(f"+{text[2:]}", None) if text.startswith("00") else None]
        lost_plus = asked[:1].isspace()
        read.insert(0 if lost_plus else len(read), _read(international, None))
    return tuple(dict.fromkeys(number for number in read if number is not None))


def _plain(asked: str) -> str | None:
    """Digits, with a plus before them where there is one; None where the text is no number at all."""
    if len(asked) > _LONGEST and not _URI.match(asked[:8]):
        return None
    uri = _URI.match(asked.strip())
    text = _MARKS.sub("", (uri["user"] if uri else asked).strip())
    if not _NUMBER.fullmatch(text) or not _FEWEST_DIGITS <= len(text.lstrip("+")) <= 20:
        return None
    return text


def _read(text: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
