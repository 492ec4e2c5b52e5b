"""Audit: limits are reached, not passed; the gravest finding stands first."""

from __future__ import annotations

from typing import Any

import pytest

from ringback.model.change import Summary
from ringback.model.finding import Severity, Verdict, verdict
from ringback.model.reading import ReadingSummary
from ringback.steps.audit import Evidence, audit, share
from ringback.steps.audit_header import audit_header

from .records import contract


def _codes(reading: dict[str, Any] | None = None, changes: dict[str, Any] | None = None, **told: Any) -> list[str]:
    evidence = Evidence(
        contract=contract(**told),
        line_of=lambda *_: None,
        file_name="clients.csv",
        reading=ReadingSummary(**{"read": 1000, **(reading or {})}),
        changes=Summary(**(changes or {})),
        last=None,
    )
    return [finding.code for finding in audit(evidence) if finding.severity is Severity.HOLD]


@pytest.mark.parametrize(
    ("removed", "of", "held"),
    [(20, 20, False), (21, 2000, True), (21, 2100, False), (22, 2100, True), (100, 10_000, False), (101, 10_000, True)],
)
def test_one_percent_or_twenty_may_leave(removed: int, of: int, held: bool) -> None:
    assert (_codes(changes={"removed": removed, "held": of}) == ["rows.removed"]) is held
    assert (_codes(changes={"closed": removed, "held": of}) == ["rows.removed"]) is held


@pytest.mark.parametrize(("count", "held"), [(5, False), (6, True)])
def test_five_in_a_thousand_may_be_unreadable_or_share_a_key(count: int, held: bool) -> None:
    assert (_codes({"quarantined": count}) == ["rows.quarantined"]) is held
    assert (_codes({"duplicate": count}) == ["key.duplicate"]) is held


def test_two_faults_in_one_file_are_both_told_the_larger_first() -> None:
    told = _codes({"quarantined": 600, "duplicate": 900, "keyless": 1}, {"removed": 700, "held": 700})

    assert told == ["key.duplicate", "rows.removed", "rows.removal_doubtful", "rows.quarantined"]


def test_columns_that_are_absent_twice_or_unknown_are_all_told() -> None:
    header = ["branch", "client_no", "name", "name", "balance", "New", "Newer"]

    found = audit_header(header, [*dict.fromkeys(header)], contract(), line_of=lambda *_: None, file_name="clients.csv")

    assert [(finding.code, finding.field) for finding in found] == [
        ("header.duplicate", "name"),
        ("header.absent", "born_on"),
        ("header.unmapped", None),
    ]
    assert verdict(found) is Verdict.REFUSE


@pytest.mark.parametrize(
    ("part", "of", "told"), [(31, 100, "31.0 %"), (2, 10_000, "0.02 %"), (0, 0, "0 %"), (1, 3_000_000, "under 0.01 %")]
)
def test_shares_are_told_as_people_read_them(part: int, of: int, told: str) -> None:
    assert share(part, of) == told
