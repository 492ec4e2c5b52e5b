"""A person on shift sees in ten seconds what waits for him."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ringback.model.run import Outcome
from ringback.report.as_json import as_json
from ringback.report.status import ago, status_text
from ringback.workflows.drill import Wanted, drill
from ringback.workflows.status import status

from .office import FIELDS, NOW, OPEN_POLICY, Office, asked

ANN, BOB = "0001;Ann;03/04/1980;1,00", "0002;Bob;05/06/1970;2,00"
pytestmark = pytest.mark.sqlite_first

STRICT = {**OPEN_POLICY, "quarantined": {"hold_above": "1 %"}}


@pytest.mark.every_store
def test_held_runs_stand_first_however_old_they_are(office: Office) -> None:
    office.agree(policy=STRICT)
    office.take_in(ANN)
    held = office.take_in(ANN, "0002;Bob;never;2,00")
    newest = office.take_in(ANN, BOB)

    told = status(office.place, now=NOW + timedelta(hours=3))

    assert held.outcome is Outcome.HELD
    first, second, *others = status_text(told).splitlines()
    assert first.startswith(f"HELD       clients: {held.name} 3 h ago, clients.csv: 1 of 2 rows (50.0 %) could not")
    name = held.name
    assert second.strip() == f"ringback show {name}, then: ringback release {name}, or: ringback drop {name}"
    assert others[-1].split()[:5] == ["clients", newest.name, "published", "3", "h"]
    assert as_json(told)["feeds"][0]["held"] == [held.name]


def test_the_most_urgent_feed_stands_first(office: Office) -> None:
    office.take_in(ANN)
    for name in ("aaa", "zzz"):
        (office.folder / "feeds" / f"{name}.yaml").write_text(
            (office.folder / "feeds" / "clients.yaml").read_text(encoding="utf-8").replace('"clients"', f'"{name}"'),
            encoding="utf-8",
        )
    other = replace(office, feed="zzz")
    other.approve_untried()
    refused = other.take_in("what is this", header=None)

    told = status(office.place, now=NOW)

    assert [(each.feed, each.urgency) for each in told.feeds] == [("zzz", 1), ("aaa", 2), ("clients", 4)]
    printed = status_text(told)
    assert f"REFUSED    zzz: {refused.name} just now" in printed
    assert "NEXT ONE   aaa: will be refused: feeds/aaa.yaml was never approved: ringback approve aaa" in printed


def test_a_contract_that_is_not_the_approved_one_is_told_before_the_night_comes(office: Office) -> None:
    office.take_in(ANN)
    office.write_contract(fields={**FIELDS, "name": {**FIELDS["name"], "constraints": {"maxLength": "3"}}})

    changed = status(office.place, now=NOW)
    (office.folder / "feeds" / "clients.yaml").write_text("feed: clients\nkeys: []\n", encoding="utf-8")
    broken = status(office.place, now=NOW)

    assert "is not what was approved: ringback trial clients" in status_text(changed)
    assert "feeds/clients.yaml has faults: ringback check" in status_text(broken)


def test_an_emergency_is_told_until_a_regular_approval_follows(office: Office) -> None:
    office.take_in(ANN)
    office.write_contract(fields={**FIELDS, "name": {**FIELDS["name"], "constraints": {"maxLength": "9"}}})
    office.approve_untried(emergency=True, reason="now")

    hasty = status_text(status(office.place, now=NOW + timedelta(days=3)))
    office.approve()
    calm = status_text(status(office.place, now=NOW))

    assert "EMERGENCY  clients: release 2 by owner 3 d ago; a regular approval is due: ringback trial clients" in hasty
    assert "2 EMERGENCY" in hasty
    assert calm.splitlines()[0] == "all quiet: 1 feed, nothing held, nothing refused"


def test_the_score_of_the_drill_has_its_age_and_is_of_this_contract_or_another(office: Office) -> None:
    office.take_in(*(f"{number:04};Client {number};03/04/1980;1,00" for number in range(30)))
    never = status_text(status(office.place, now=NOW))
    drill("clients", office.place, asked(), Wanted())
    fresh = status_text(status(office.place, now=NOW + timedelta(days=12)))
    office.agree(fields={**FIELDS, "name": {**FIELDS["name"], "constraints": {"maxLength": "99"}}})
    other = status_text(status(office.place, now=NOW + timedelta(days=12)))

    assert " never " in never
    assert "%, 12 d ago  " in fresh
    assert "%, 12 d ago, of another contract" in other


def test_a_project_without_feeds_says_how_to_begin(bare_office: Office) -> None:
    assert "ringback init FILE" in status_text(status(bare_office.place, now=NOW))


def test_ages_are_told_in_the_unit_that_people_use() -> None:
    spans = {"now": 59, "1 min": 60, "119 min": 7_199, "2 h": 7_200, "47 h": 172_799, "2 d": 172_800}

    assert {ago(NOW, NOW + timedelta(seconds=seconds)): seconds for seconds in spans.values()} == spans
