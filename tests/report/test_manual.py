"""The manual's page of a feed from its model alone: no store, no archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ringback.contracts import parse
from ringback.model.acknowledgement import Acknowledgement
from ringback.model.drill import DrillCount, Drilled
from ringback.model.limits import Limit, Measure
from ringback.model.manual import FeedManual, ProjectManual, ReleaseManual, Standing
from ringback.model.release import Release
from ringback.report.manual_field import usual_grid
from ringback.report.manual_page import feed_parts, feed_title
from ringback.report.page import html, markdown
from ringback.report.policy import policy_sentences
from ringback.workflows.manual_feed import written_feed

from .reader import faults_of, read_page

CONTRACT = """feed: clients
title: Nightly clients
key: client_no
source: {delimiter: ";", skip: [{name: totals, pattern: "^TOTAL"}]}
target: {table: clients}
fields:
  client_no: {from: Client No, type: string}
  born_on: {from: Born, type: date, format: "%d/%m/%Y", title: Date of birth, constraints: {minimum: 01/01/1900}}
ignored: [Internal Ref]
"""
PROJECT = ProjectManual(target="sqlite:///clients.db", archive="archive", approvers=("ana", "ben"))
DAY = datetime(2024, 8, 10, 9, tzinfo=UTC)
FIRST = Release(
    id=1,
    feed="clients",
    fingerprint="a" * 64,
    contract_text=CONTRACT,
    software={},
    approved_by="ana",
    approved_at=DAY,
    reason="first",
)
DRILLED = Drilled(
    id=1,
    feed="clients",
    fingerprint="a" * 64,
    caught=3,
    total=5,
    sample_rows=400,
    seed=0,
    run=7,
    at=DAY,
    by="ana",
    counts=(
        DrillCount(code="date.day_month", fields=("born_on",), by_guard=3, by_constraints=0, published=0),
        DrillCount(code="of.tomorrow", fields=(), by_guard=0, by_constraints=0, published=2, lines=("a: 1 %",)),
    ),
)


def _manual(contract: str = CONTRACT, **told: Any) -> FeedManual:
    return replace(written_feed(parse(contract, name="feeds/clients.yaml")), **told)


def _words(manual: FeedManual) -> str:
    page = read_page(html(feed_title(manual), feed_parts(manual, PROJECT)))
    assert faults_of(page) == []
    return page.words


def test_a_page_tells_the_contract_with_its_lines() -> None:
    words = _words(_manual())

    assert "clients: Nightly clients" in words
    assert "semicolon (;) (line 4)" in words
    assert '"totals"' in words
    assert "Date of birth." in words
    assert "(contract line 8)" in words
    assert "is below 01/01/1900" in words
    assert "Internal Ref. (line 9)" in words
    assert "ana, ben" in words


def test_what_operators_were_told_and_who_knows_it_stands_with_the_release() -> None:
    told = replace(FIRST, notes="Births are read day first.\nAsk ana.")
    olga = Acknowledgement(id=1, feed="clients", release=1, at=DAY, by="olga")

    words = _words(_manual(releases=(ReleaseManual(release=told, acknowledged=(olga,)),), waiting=("omar",)))

    assert "Births are read day first." in words
    assert "olga (2024-08-10)" in words
    assert "Still to acknowledgeomar" in words


def test_markdown_has_the_same_words_as_the_page() -> None:
    manual = _manual(drill=DRILLED, releases=(ReleaseManual(release=FIRST),), standing=Standing.NEVER)

    page = read_page(html(feed_title(manual), feed_parts(manual, PROJECT)))
    text = markdown(feed_title(manual), feed_parts(manual, PROJECT)).replace("\\", "")
    said = [words for tag in ("h1", "h2", "h3", "p", "li", "dt", "dd", "th", "td") for words in page.text(tag)]

    assert len(said) > 80
    assert [words for words in said if words not in text] == []


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("quarantined: {hold_above: 20 rows}", "more than 20 of its rows cannot be read"),
        ("duplicates: last", "the last is taken"),
        ("shrunk: {hold_above: 5 %}", "by more than 5 % of them"),
        ("changed: {born_on: {hold_above: 0.1 %}}", "born_on would change for more than 0.1 % of the held clients"),
        ("guard: {false_alarms: 1 in 50}", "about 1 in 50 ordinary deliveries"),
    ],
)
def test_the_policy_is_told_in_words_with_its_line(written: str, told: str) -> None:
    manual = _manual(f"{CONTRACT}policy:\n  {written}\n")

    assert told in " ".join(text for _, text in policy_sentences(manual.contract))
    assert "(line 11)" in _words(manual)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("missing: close", "more than 20 clients and more than 1 % of them would be closed"),
        (
            "missing: delete\npolicy: {removed: {hold_above: 3 rows}}",
            "more than 3 of the held clients would be deleted",
        ),
    ],
)
def test_who_would_leave_is_part_of_the_policy_where_somebody_can_leave(written: str, told: str) -> None:
    assert told in _words(_manual(f"{CONTRACT}{written}\n"))
    assert "would be" not in " ".join(text for _, text in policy_sentences(_manual().contract))


def test_limits_are_shares_and_never_a_value_that_could_be_a_clients() -> None:
    shares = Limit(measure=Measure.REPLACED, field="born_on", expected=0.0002, low=None, high=0.003)
    day = Limit(measure=Measure.MIDDLE_DAY, field="born_on", expected=3745, low=3000, high=4000)
    busy = replace(shares, measure=Measure.BLANKED, busy_day="sunday", busy_high=0.25)
    none = replace(shares, measure=Measure.UNREADABLE, high=1.0)

    grid = usual_grid((shares, day, busy, none))

    assert grid is not None
    assert grid.rows == (
        ("held clients that change it", "0.02 %", "0.3 %"),
        ("held clients that lose it", "0.02 %", "0.3 % (Sundays 25.0 %)"),
    )
    assert usual_grid((day, none)) is None


def test_a_release_whose_contract_only_an_older_ringback_could_read_says_so() -> None:
    second = replace(FIRST, id=2, emergency=True)
    told = ReleaseManual(release=second, before=FIRST, differences=None)

    words = _words(_manual(releases=(told, ReleaseManual(release=FIRST)), standing=Standing.APPROVED, release=second))

    assert "What changed since release 1 only an older ringback can tell." in words
    assert "Release 2, 2024-08-10, IN AN EMERGENCY" in words
    assert "none: untried" in words


def test_a_release_of_other_software_tells_which_and_one_without_a_change_says_that() -> None:
    second, third = replace(FIRST, id=2, approved_by="ringback"), replace(FIRST, id=3)
    releases = (
        ReleaseManual(release=third, before=second),
        ReleaseManual(release=second, before=FIRST, software=("polars 1.9 -> 2.1",)),
    )

    words = _words(_manual(releases=releases))

    assert "other software reads it: polars 1.9 -> 2.1" in words
    assert "ringback itself" in words
    assert "Nothing of its meaning changed since release 2." in words


def test_a_drill_is_told_by_field_by_misreading_and_at_the_field_itself() -> None:
    words = _words(_manual(drill=DRILLED, misreadings={"date.day_month": "day and month exchanged"}))

    assert "60 % caught, 3 of 5 that do damage" in words
    assert "Of 3 misreadings that the drill put into it alone, all were caught." in words
    assert "The contract was another then" in words
    assert "of.tomorrow" in words
    assert "a: 1 %" in words


def test_a_score_that_an_older_ringback_kept_alone_is_told_alone() -> None:
    words = _words(_manual(drill=replace(DRILLED, counts=()), drill_is_of_this=True))

    assert "An older ringback kept the score alone." in words
    assert "The contract was another then" not in words
