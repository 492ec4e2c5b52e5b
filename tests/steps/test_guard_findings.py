"""Findings of the guard: one a cause, in words that a support desk understands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ringback.model.diagnosis import Diagnosis
from ringback.model.finding import Example, Finding, Severity
from ringback.model.limits import Exceeded, Measure
from ringback.model.release import Difference, Release, Since
from ringback.steps.guard.findings import Suspicion, suspected
from ringback.steps.guard.wording import sentence

from .records import contract

RELEASE = Release(
    id=4,
    feed="clients",
    fingerprint="f",
    contract_text="",
    software={},
    approved_by="owner",
    approved_at=datetime(2024, 7, 2, tzinfo=UTC),
    reason="",
)


def _over(measure: Measure, field: str | None = None, **told: Any) -> Exceeded:
    return Exceeded(measure=measure, field=field, **{"expected": 0.0002, "seen": 0.312, "limit": 0.003, **told})


def _diagnosis(code: str, *fields: str, share: float = 1.0) -> Diagnosis:
    return Diagnosis(
        code=code,
        sentence="day and month exchanged",
        fields=fields,
        changed_count=36_104,
        explained_count=round(36_104 * share),
        record_count=36_104,
    )


def _findings(*exceeded: Exceeded, diagnoses: tuple[Diagnosis, ...] = (), since: Since | None = None) -> list[Finding]:
    suspicion = Suspicion(exceeded=exceeded, diagnoses=diagnoses, since=since or Since(), records=100_000)
    examples = {name: (Example(key=("1",), before=name, after="x"),) for name in ("name", "born_on")}
    return list(suspected(suspicion, contract(), line_of=lambda *keys: len(keys), examples=examples))


def test_what_would_change_is_told_with_what_is_usual_and_the_limit() -> None:
    told = sentence(_over(Measure.REPLACED, "born_on", part=31_204, whole=100_000))

    assert told == "31.2 % of held clients would change born_on; 0.02 % is usual (limit 0.3 %)"


def test_the_misreading_and_the_changed_line_of_the_contract_are_in_the_finding() -> None:
    changed = Difference(path=("fields", "born_on", "format"), before='"%d/%m/%Y"', after='"%m/%d/%Y"', line=18)
    other = Difference(path=("fields", "name", "trim"), before="true", after="false", line=9)

    (finding,) = _findings(
        _over(Measure.REPLACED, "born_on", part=36_104, whole=115_000),
        _over(Measure.EXPLAINED, "born_on", part=36_104, whole=115_000),
        diagnoses=(_diagnosis("date.day_month", "born_on"),),
        since=Since(release=RELEASE, differences=(other, changed)),
    )

    assert finding.because == ("36,104 of these 36,104 new dates are the old date with day and month exchanged",)
    assert finding.since == ('line 18: format is "%m/%d/%Y"; it was "%d/%m/%Y" in the approved release 4 (2024-07-02)',)
    assert (finding.line, finding.mend, finding.severity) == (18, "mend line 18", Severity.HOLD)
    assert (finding.code, finding.row_count, finding.measure) == ("guard.replaced", 36_104, "replaced")
    assert finding.examples[0].before == "born_on"


def test_two_fields_that_one_misreading_exchanged_are_one_finding() -> None:
    (finding,) = _findings(
        _over(Measure.REPLACED, "name", part=30_000, whole=100_000),
        _over(Measure.REPLACED, "born_on", part=90, whole=100_000),
        diagnoses=(_diagnosis("columns.exchanged", "name", "born_on"),),
    )

    assert (finding.field, finding.fields) == ("name", ("name", "born_on"))


def test_fields_that_lose_their_values_in_as_many_rows_have_one_cause() -> None:
    findings = _findings(
        _over(Measure.BLANKED, "name", part=30_000, whole=100_000),
        _over(Measure.BLANKED, "born_on", part=29_500, whole=100_000),
        _over(Measure.BLANKED, "balance", part=9_000, whole=100_000),
    )

    assert [finding.fields or (finding.field,) for finding in findings] == [("name", "born_on"), ("balance",)]


def test_fields_that_one_misreading_spoilt_in_as_many_rows_are_one_finding_that_counts_each() -> None:
    (finding, other) = _findings(
        _over(Measure.BLANKED, "name", part=30_000, whole=100_000),
        _over(Measure.BLANKED, "born_on", part=29_500, whole=100_000),
        _over(Measure.BLANKED, "balance", part=29_000, whole=100_000),
        diagnoses=(
            _diagnosis("missing.left_out", "name"),
            _diagnosis("missing.left_out", "born_on"),
            _diagnosis("missing.as_missing", "balance"),
        ),
    )

    assert finding.fields == ("name", "born_on")
    assert [told.partition(":")[0] for told in finding.because] == ["name", "born_on"]
    assert (other.field, other.misreading) == ("balance", "missing.as_missing")


def test_a_changed_delimiter_is_the_cause_of_all_that_follows() -> None:
    changed = Difference(path=("source", "encoding"), before='"utf-8"', after='"cp1252"', line=5)

    (finding,) = _findings(
        _over(Measure.REPLACED, "name", part=30_000, whole=100_000),
        _over(Measure.SHAPES, "name"),
        _over(Measure.LENGTH, "balance", seen=12.0, expected=8.0, limit=9.0),
        since=Since(release=RELEASE, differences=(changed,)),
    )

    assert set(finding.fields) == {"name", "balance"}
    assert finding.line == 5


def test_clients_that_came_and_went_are_one_finding_and_their_keys_are_named() -> None:
    (finding,) = _findings(
        _over(Measure.ROWS, seen=50_000.0, expected=100_000.0, limit=90_000.0),
        _over(Measure.GONE, part=50_000, whole=100_000),
        _over(Measure.ADDED, part=50_000, whole=100_000),
        diagnoses=(_diagnosis("key.leading_zeros", "client_no"),),
    )

    assert (finding.code, finding.misreading) == ("guard.added", "key.leading_zeros")
    assert finding.because == ("36,104 of these 36,104 new clients are held ones: day and month exchanged",)


def test_what_else_is_beyond_its_limit_is_told_where_no_misreading_explains_it() -> None:
    (finding,) = _findings(
        _over(Measure.MIDDLE_DAY, "born_on", seen=10_957.0, expected=3_653.0, limit=4_000.0),
        _over(Measure.MISSING, "born_on", seen=0.2),
    )

    assert finding.why == "20.0 % of the records have no born_on; 0.02 % is usual (limit 0.3 %)"
    assert finding.because == (
        "also: half of the values of born_on are before 2000-01-01; 1980-01-02 is usual (limit 1980-12-14)",
    )
    assert finding.mend == "ask the sender what changed"


@pytest.mark.parametrize("measure", list(Measure))
def test_every_measure_has_words(measure: Measure) -> None:
    told = sentence(_over(measure, "born_on"))

    assert "{" not in told
    assert "is usual (limit" in told
