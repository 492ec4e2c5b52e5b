"""Which reading of a column the sample decides for, and what it cannot decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from ringback.contracts.draft.candidates import Candidate, Tried, try_all, try_one
from ringback.contracts.draft.columns import ColumnTexts
from ringback.contracts.draft.dates import candidate_of, date_candidates
from ringback.contracts.draft.doubts import settle
from ringback.contracts.draft.evidence import ColumnReading, FieldDraft
from ringback.contracts.draft.naming import says_date, says_identifier
from ringback.contracts.draft.numbers import DIGITS, decimal_candidates, integer_candidates, number_candidates
from ringback.contracts.draft.remarks import remarks_on_text, remarks_on_values
from ringback.contracts.draft.words import boolean_candidates, form_candidates, is_plain_boolean, phone_candidate
from ringback.errors import UsageError
from ringback.steps.interpret import FIELD_TYPES

BY_A_PERSON = "decided by a person"
SURE_OF_COMPACT_DATE = 20  # so many different eight-digit texts that are all dates are no numbers by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a person decided about one field: a reading as a whole, and single keys of it."""

    reading: str = ""  # "%d/%m/%Y", "string", "GB", ","
    keys: Mapping[str, str] = field(default_factory=dict)  # "pivot" -> "1930"
    zone: str | None = None  # for every datetime that has none of its own


def draft_field(column: ColumnTexts, name: str, decided: Decided) -> FieldDraft:
    """Draft one field from all its values. Raises: UsageError, when a decision is no reading of this field."""
    best, rivals = _obey(column, name, decided) if decided.reading else _choose(column, name, decided)
    draft = FieldDraft(
        name=name,
        column=column.column,
        reading=ColumnReading(type="string", read_count=column.value_count, unread_count=0, decide="string"),
        value_count=column.value_count,
        missing_count=column.missing_count,
        distinct_count=column.distinct_count,
        rivals=tuple(one.reading() for one in (*best[1:], *rivals)),
    )
    asked = (BY_A_PERSON,) if decided.reading or decided.keys else ()
    if not best:
        told = remarks_on_values(column) if decided.reading else remarks_on_text(column, name, rivals)
        return replace(draft, remarks=(*asked, *told))
    reading, doubts = settle(best, name)
    return replace(draft, reading=reading, doubts=doubts, remarks=(*asked, *remarks_on_values(column)))


Outcome = tuple[tuple[Tried, ...], tuple[Tried, ...]]  # readings of every value, all unlike; readings of some


def _choose(column: ColumnTexts, name: str, decided: Decided) -> Outcome:
    candidates = chain(
        number_candidates(column), date_candidates(column), boolean_candidates(column), form_candidates(column)
    )
    tried = try_all(column, _given(candidates, decided))
    full = [one for one in tried if one.unread_count == 0 and _may_stand(one, column, name)]
    best = _unlike(full)
    if decided.keys and not best:
        raise UsageError(
            f"no reading of every value takes {', '.join(f'{key}={value}' for key, value in decided.keys.items())}",
            where=f"--decide {name}",
            mend=f"Decide the reading too, as {name}=%d/%m/%Y.",
        )
    return tuple(_without_chance(best, column, name)), _unlike(one for one in tried if one.unread_count)


def _obey(column: ColumnTexts, name: str, decided: Decided) -> Outcome:
    if decided.reading == "string":
        return (), ()
    candidates = tuple(_given(_decided_candidates(column, name, decided.reading), decided))
    tried = [one for candidate in candidates if (one := try_one(column, candidate)) is not None]
    most = max((one.read_count for one in tried), default=0)
    if not tried or (most == 0 and column.value_count):
        raise UsageError(
            f"{name}={decided.reading} reads none of the {column.value_count:,} values",
            where=f"--decide {name}",
            mend="Run init without this decision and see which readings the evidence has.",
        )
    best = _unlike(one for one in tried if one.read_count == most)
    return best, _unlike(one for one in tried if one.read_count < most)


def _decided_candidates(column: ColumnTexts, name: str, reading: str) -> Iterator[Candidate]:
    if "%" in reading:
        yield candidate_of(reading)
    elif re.fullmatch(r"[A-Z]{2}", reading):
        yield phone_candidate(reading)
    elif reading in (".", ","):
        yield from (one for one in decimal_candidates(column) if _has_mark(one, reading))
    else:
        yield from _of_type(column, name, reading)


def _has_mark(candidate: Candidate, mark: str) -> bool:
    """Whether the decimal mark may be `mark`: with whole numbers, whatever does not stand between their groups."""
    settings = {setting.key: setting.value for setting in candidate.settings}
    return settings.get("decimalChar", mark) == mark and settings.get("groupChar") != mark


def _of_type(column: ColumnTexts, name: str, kind: str) -> Iterator[Candidate]:
    if kind not in FIELD_TYPES:
        raise UsageError(
            f'"{kind}" is no reading of {name}',
            where=f"--decide {name}",
            mend=f"Give a type ({', '.join(sorted(FIELD_TYPES))}), a format such as %d/%m/%Y, a region such as GB, "
            "or the decimal mark.",
        )
    of_type = {
        "integer": integer_candidates,
        "decimal": decimal_candidates,
        "boolean": boolean_candidates,
        "date": date_candidates,
        "time": date_candidates,
        "datetime": date_candidates,
    }.get(kind)
    if of_type is None:
        yield Candidate(type=kind, decide=kind)
    else:
        yield from (one for one in of_type(column) if one.type == kind)


def _given(candidates: Iterable[Candidate], decided: Decided) -> Iterator[Candidate]:
    for candidate in candidates:
        asked = candidate.with_settings(decided.keys) if decided.keys else candidate
        zoned = decided.zone is not None and "zone" in asked.open_keys
        yield asked.with_settings({"zone": str(decided.zone)}) if zoned else asked


def _may_stand(tried: Tried, column: ColumnTexts, name: str) -> bool:
    """Whether a reading of every value may be drafted without being asked for."""
    if tried.candidate.type == "boolean":
        return is_plain_boolean(tried.candidate)
    digits_only = column.count(~DIGITS) == 0
    return not (says_identifier(name) and (digits_only or tried.candidate.type in ("integer", "decimal")))


def _without_chance(best: Sequence[Tried], column: ColumnTexts, name: str) -> Sequence[Tried]:
    """Eight digits: a date and a number. Enough of them, or the column's name, decide for the date."""
    dates = [one for one in best if one.candidate.type == "date"]
    if not dates or len(dates) == len(best):
        return best
    return dates if says_date(name) or column.distinct_count >= SURE_OF_COMPACT_DATE else best


def _unlike(tried: Iterable[Tried]) -> tuple[Tried, ...]:
    """One of each meaning, the first: padding and unused group marks make no other meaning."""
    found: dict[tuple[str, str], Tried] = {}
    for one in tried:
        found.setdefault(_meaning(one.candidate), one)
    return tuple(found.values())


def _meaning(candidate: Candidate) -> tuple[str, str]:
    settings = {setting.key: setting.value for setting in candidate.settings}
    telling = {"decimal": "decimalChar", "integer": "groupChar", "phone": "region"}.get(candidate.type, "format")
    return candidate.type, str(settings.get(telling, "")).replace("%-", "%")
