"""Evidence in words, for the file and the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ringback.contracts.draft.doubts import called
from ringback.contracts.draft.evidence import UNDECIDED, FieldDraft
from ringback.contracts.draft.scalar import shown


def counts(field: FieldDraft) -> str:
    """How many values, how many of them different, how many missing."""
    if not field.value_count:
        return f"{field.missing_count:,} rows, all without a value"
    different = f"{field.distinct_count:,} different"
    if field.distinct_count in (1, field.value_count):
        different = "all the same" if field.distinct_count == 1 else "all different"
    values = "1 value" if field.value_count == 1 else f"{field.value_count:,} values, {different}"
    missing = f", {field.missing_count:,} missing" if field.missing_count else ""
    return values + missing


def against(field: FieldDraft) -> Iterator[str]:
    """What decided: how many values the reading reads, and how many rule out the next best one."""
    reading = field.reading
    if reading.type in ("string", UNDECIDED) or field.doubts or not field.value_count:
        return
    if reading.unread_count:
        unread = ", ".join(shown(text) for text in reading.unread)
        yield f"{reading.unread_count:,} values cannot be read so, as {unread}: they will go to quarantine"
    others = (rival for rival in field.rivals if rival.type == reading.type and called(rival) != called(reading))
    for rival in islice(others, 1):
        if rival.unread_count:
            rule = "value rules" if rival.unread_count == 1 else "values rule"
            yield f"{rival.unread_count:,} {rule} out {called(rival)}, as {shown(rival.unread[0])}"
