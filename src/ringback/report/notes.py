"""The notes of a release, drafted for operators: what is read otherwise now, in plain words and without client values.

Where a line of a contract is hard to picture, an invented value shows it: it is read under both contracts.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec, Unreadable
from ringback.model.measured import percent
from ringback.model.release import Approval, Difference, Release
from ringback.model.trial import FieldTrial, Trial
from ringback.report.trial import told_rows
from ringback.report.words import count

_LETTERS = {
    "%Y": "year",
    "%y": "two-digit year",
    "%m": "month",
    "%-m": "month",
    "%b": "month's short name",
    "%B": "month's name",
    "%d": "day",
    "%-d": "day",
    "%H": "hour",
    "%-H": "hour",
    "%I": "hour of 12",
    "%-I": "hour of 12",
    "%p": "AM or PM",
    "%M": "minute",
    "%S": "second",
    "%f": "fraction",
    "%z": "offset",
    "%%": "%",
}
_LETTER = re.compile(r"%-?[A-Za-z%]")
_MARKS = {".": "a point", ",": "a comma", " ": "a space", "'": "an apostrophe"}
_TWOFOLD = {  # texts that two readings of a type take for different things
    "decimal": ("1.234", "1,234", "1.234,50", "1,234.50", "1234,50", "1234.50"),
    "integer": ("1.234", "1,234", "1 234"),
    "phone": ("020 7946 0123", "030 901820"),
}
_WAYS = {
    ("missing", "keep"): "clients who are not in a delivery are kept",
    ("missing", "close"): "clients who are not in a delivery are closed",
    ("missing", "delete"): "clients who are not in a delivery are deleted",
    ("delivers", "snapshot"): "a delivery has every client",
    ("delivers", "changes"): "a delivery has only the clients that changed",
}
_WIDE = 110  # characters of a line on a screen
_MANY = 12  # differences that are told one by one


def drafted_notes(approval: Approval, new: Contract, old: Contract | None) -> str:
    """What operators must know, from the differences of the contracts and what the trial counted.

    `old`: the contract that it is compared with; None where there is none, or it cannot be read any more.
    """
    lines = [*_opening(approval, new), *_differences(approval, new, old), *_software(approval)]
    if approval.trial is not None:
        lines += _trial(approval.trial, told={name for each in approval.differences if (name := _field(each))})
    elif approval.compared_with is not None:
        lines.append(_untried(approval))
    return "\n".join(lines)


def notes_lines(release: Release) -> list[str]:
    """A release's notes as they are shown, under its number."""
    emergency = ", IN AN EMERGENCY" if release.emergency else ""
    head = (
        f"release {release.id} of {release.feed}, approved{emergency} by {release.approved_by} "
        f"on {release.approved_at:%Y-%m-%d}"
    )
    return [f"{head}:", *shown_notes(release, indent="  ")]


def shown_notes(release: Release, *, indent: str) -> list[str]:
    """The notes alone, as wide as a screen."""
    notes = release.notes or f"No notes were kept. {release.reason}".strip()
    return [
        line
        for written in notes.splitlines()
        for line in textwrap.wrap(
            written, _WIDE, initial_indent=indent, subsequent_indent=f"{indent}  ", break_long_words=False
        )
    ]


def _opening(approval: Approval, new: Contract) -> Iterator[str]:
    if approval.compared_with is None:
        yield (
            f"First release: {count(len(new.fields), 'field')} of each client are read "
            f"({', '.join(new.fields)}); {_WAYS['delivers', new.delivers.value]}, "
            f"and {_WAYS['missing', new.missing.value]}."
        )


def _differences(approval: Approval, new: Contract, old: Contract | None) -> Iterator[str]:
    trials = {each.field: each for each in approval.trial.fields} if approval.trial else {}
    for each in approval.differences[:_MANY]:
        name = _field(each)
        counted = trials.pop(name, None) if name else None
        parts = [f"{_told(each)}."]
        if counted is not None:
            parts.append(_counted(counted))
        if name and old is not None and name in old.fields and name in new.fields:
            parts.append(_pictured(old.fields[name], new.fields[name]))
        yield " ".join(part for part in parts if part)
    if len(approval.differences) > _MANY:
        yield f"And {len(approval.differences) - _MANY} more places of the contract say something else."


def _field(difference: Difference) -> str | None:
    """The field that it is about."""
    return difference.path[1] if difference.path[0] == "fields" else None


def _told(difference: Difference) -> str:
    """One difference as a person says it."""
    path, before, after = difference.path, difference.before, difference.after
    name = _field(difference)
    if name is None:
        return _of_the_feed(difference)
    if len(path) == 2:
        return f"`{name}` is read no longer" if after is None else f"`{name}` is read now: {after}"
    match path[2]:
        case "format" if before and after:
            return f"`{name}` is now read as {_format(after)}; it was {_format(before)}"
        case "from":
            return f"`{name}` now comes from the column {after}; it came from {before}"
        case "decimalChar":
            return f"the decimal mark of `{name}` is now {_mark(after)}; it was {_mark(before)}"
        case "groupChar":
            return f"the digits of `{name}` are now grouped by {_mark(after)}; it was {_mark(before)}"
    return f"{'.'.join(path[2:])} of `{name}` is now {_said(after)}; it was {_said(before)}"


def _of_the_feed(difference: Difference) -> str:
    now = _WAYS.get((difference.path[0], _plain(difference.after)))
    if now is not None:
        return f"from now on {now}; before: {_WAYS.get((difference.path[0], _plain(difference.before)), 'not said')}"
    return f"{'.'.join(difference.path)} is now {_said(difference.after)}; it was {_said(difference.before)}"


def _said(written: str | None) -> str:
    return "not written" if written is None else written


def _plain(written: str | None) -> str:
    """The text itself: a difference has it as JSON."""
    text = json.loads(written) if written else ""
    return text if isinstance(text, str) else ""


def _mark(written: str | None) -> str:
    if not written:
        return "nothing"
    return _MARKS.get(_plain(written), written)


def _format(written: str) -> str:
    """ "%d/%m/%Y" as day/month/year."""
    return _LETTER.sub(lambda found: _LETTERS.get(found[0], found[0]), _plain(written))


def _counted(told: FieldTrial) -> str:
    """What the trial counted in a field."""
    if told.changed is None:
        return "Some of its records read otherwise."
    if not told.changed:
        return f"None of {count(told.compared, 'record')} tried changes meaning."
    parts = [(told.blanked, "lose their value"), (told.filled, "had none")]
    more = "".join(f", {number:,} {what}" for number, what in parts if number)
    change = "changes" if told.changed == 1 else "change"
    head = f"Of {count(told.compared, 'record')} tried, {told.changed:,} {change} meaning"
    cause = f": {told.sentence}" if told.sentence else ""
    return f"{head} ({percent(told.share or 0)}{more}){cause}."


def _pictured(old: FieldSpec, new: FieldSpec) -> str:
    """An invented value that the two read otherwise; nothing where none does."""
    for text in _invented(old, new):
        before, after = _read(old, text), _read(new, text)
        if before == after:
            continue
        if after is None:
            return f'E.g. "{text}" cannot be read any more; it was {before}.'
        return f'E.g. "{text}" is {after} now; it was {before or "not to be read"}.'
    return ""


def _invented(old: FieldSpec, new: FieldSpec) -> Iterator[str]:
    yield from _TWOFOLD.get(new.type, ())
    yield from new.invented()
    yield from old.invented()


def _read(spec: FieldSpec, text: str) -> str | None:
    try:
        return str(spec.read_one(text))
    except Unreadable:
        return None


def _software(approval: Approval) -> Iterator[str]:
    if approval.software:
        yield f"Other software reads it: {', '.join(approval.software)}."


def _trial(trial: Trial, *, told: set[str]) -> Iterator[str]:
    """What was counted besides the fields that the contract's differences name."""
    if trial.changes_nothing:
        yield f"All of {count(len(trial.deliveries), 'delivery')} tried ({count(trial.rows, 'row')}) reads as before."
        return
    for each in trial.fields:
        if each.field not in told and each.is_other:
            yield f"`{each.field}` reads otherwise too. {_counted(each)}"
    rows = [line for line in told_rows(trial.changes) if not line.endswith(("record changes", "records change"))]
    if rows:
        yield f"Of {count(trial.rows, 'row')} tried: {', '.join(rows)}."
    stopped = [each for each in trial.deliveries if each.news or each.refused is not None]
    if stopped:
        names = ", ".join(f"R{each.run}" for each in stopped)
        again = "it" if len(stopped) == 1 else "they"
        yield f"{count(len(stopped), 'delivery')} tried ({names}) would be held or refused if {again} came again."


def _untried(approval: Approval) -> str:
    if approval.release.emergency:
        return f"Approved in an emergency and not tried: nobody has counted what it changes. {approval.release.reason}"
    return f"Not tried: {approval.untried}." if approval.untried else "Not tried."
