"""A drill: what would have been published, which line of the contract would catch it, and a score that is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from ringback.errors import UsageError
from ringback.model.drill import Catch, Drill, Drilled, Kind, Tried
from ringback.model.progress import Silent
from ringback.report.approval import approval_text
from ringback.report.as_json import as_json
from ringback.report.drill import drill_text
from ringback.report.runs import runs_text
from ringback.workflows.drill import Wanted, drill, with_scores
from ringback.workflows.place import open_place
from ringback.workflows.show import list_runs

from .office import FIELDS, NOW, OPEN_POLICY, Office, asked, found_project

CLIENTS = 240
STRICT = {name: rule for name, rule in OPEN_POLICY.items() if name == "removed"}  # else as it is without a policy
FEW = {name: FIELDS[name] for name in ("client_no", "born_on")}
REST = ["Name", "Balance"]  # what FEW leaves out


def row(number: int, night: int) -> str:
    """A client; every night some balances are others. No two names or days are alike by accident."""
    born = date(1950, 1, 1) + timedelta(days=number * 83)
    syllables = ("ka", "lo", "mi", "ne", "ru", "sa", "to")
    name = "".join(syllables[number // 7**place % 7] for place in range(4)).capitalize()
    mark = "-" if number % 40 == 0 else " "
    balance = number * 37 + (night if number % 50 == night else 0)
    return f"{number:04};{name}{mark}Ann O'Neil;{born:%d/%m/%Y};{balance},{number % 90 + 10}"


def nights(office: Office, *, count: int = 3, **told: Any) -> None:
    """Some nights of a feed, each as the one before but for a few balances."""
    office.agree(policy=STRICT, **told)
    for night in range(count):
        run = office.take_in(*(row(number, night) for number in range(1, CLIENTS)), name=f"clients_{night}.csv")
        assert str(run.outcome) == "published"


def drilled(office: Office, **wanted: Any) -> Drill:
    """A drill of the feed."""
    return drill(office.feed, office.place, asked(), Wanted(**wanted))


def ways(found: Drill) -> dict[tuple[Any, ...], Tried]:
    """What was tried, by what was done."""
    return {(each.code, each.fields, each.kind, each.told, each.share): each for each in found.tried}


def with_lines(lines: set[str]) -> dict[str, Any]:
    """The contract's fields and policy, with the lines that a drill tells: fields.name.stable: true."""
    written: dict[str, Any] = json.loads(json.dumps({"fields": FIELDS, "policy": STRICT}))
    for line in lines:
        path, _, value = line.partition(": ")
        *around, key = path.split(".")
        place = written
        for name in around:
            place = place.setdefault(name, {})
        place[key] = value[1:-1].replace("''", "'") if value[0] in "'\"" else value
    return written


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Three nights of a feed on SQLite; tests only look."""
    folder = tmp_path_factory.mktemp("drilled")
    found_project(folder, f"sqlite:///{folder / 'clients.db'}")
    with open_place(folder, environ={}) as place:
        office = Office(folder, f"sqlite:///{folder / 'clients.db'}", place)
        nights(office)
        yield office


@pytest.fixture(scope="module")
def found(feed: Office) -> Drill:
    """Its drill."""
    return drilled(feed)


def test_with_the_lines_that_it_tells_the_drill_catches_what_would_have_been_published(
    feed: Office, found: Drill
) -> None:
    open_ = {way: each.line for way, each in ways(found).items() if not each.is_caught}
    lines = {line for line in open_.values() if line is not None}

    feed.write_contract(**with_lines(lines))
    try:
        after = ways(drilled(feed))
    finally:
        feed.write_contract(policy=STRICT)

    assert any(line.startswith("policy.changed.") for line in lines)
    assert "policy.shrunk.hold_above: 1 %" in lines
    assert len(open_) < len(found.tried) / 4
    for way, line in open_.items():
        if line is not None and way in after:
            assert after[way].is_caught, (way, line)


def test_every_contract_that_misreads_is_stopped_at_the_gate(found: Drill) -> None:
    assert found.gated_count == found.contract_count > 20


def test_the_same_seed_gives_the_same_drill(feed: Office, found: Drill) -> None:
    again = drilled(feed)

    assert again.tried == found.tried
    assert again.drilled.score == found.drilled.score


def test_a_drill_says_what_was_tried_what_is_open_and_its_score_without_a_client_in_it(found: Drill) -> None:
    text, told = drill_text(found), json.dumps(as_json(found))

    assert json.loads(told) == as_json(found)
    assert f"{CLIENTS - 1} of the {CLIENTS - 1} rows of R3" in text
    assert text.splitlines()[-1].startswith("score: ")
    assert all(f"\n{name} " in text for name in FIELDS)
    caught = sum(each.is_caught for each in found.tried)
    assert f"{caught} of {len(found.tried)} that do damage" in text
    assert "Neil" not in text + told
    assert max(len(line) for line in text.splitlines()) <= 140


def test_an_earlier_delivery_that_comes_again_is_known_by_its_content(found: Drill) -> None:
    (stale,) = [each for each in found.tried if each.code == "delivery.stale"]

    assert stale.catch is Catch.CONSTRAINTS


def test_dates_with_day_and_month_exchanged_are_held_by_the_guard_and_nothing_is_imported(office: Office) -> None:
    nights(office, fields=FEW, ignored=REST)
    held, ledger = office.live(("born_on",)), office.ledger()

    told = drilled(office, sample=230, seed=4)

    exchanged = [each for each in told.tried if each.code == "date.day_month" and each.kind is Kind.DELIVERY]
    assert [(each.catch, each.names_field, each.names_cause) for each in exchanged] == [(Catch.GUARD, True, True)] * 2
    assert (office.live(("born_on",)), office.ledger()) == (held, ledger)
    assert office.place.store.drills("clients") == (told.drilled,)
    assert (told.drilled.id, told.drilled.sample_rows, told.drilled.seed) == (1, 230, 4)


def test_the_newest_score_of_a_feed_stands_below_its_runs(office: Office) -> None:
    nights(office, count=2)
    ledger = list_runs(office.place, feed=None, limit=5)
    assert with_scores(ledger, office.place) == ledger

    scored(office, caught=8)
    scored(office, caught=9)
    told = with_scores(ledger, office.place)

    assert [each.caught for each in told.drills] == [9]
    assert "drill of clients: 90 % caught, 9 of 10 misreadings" in runs_text(told)
    assert as_json(told)["drills"][0]["score"] == 0.9


@pytest.mark.parametrize(("then", "now", "is_told"), [(9, 8, True), (9, 9, False), (8, 9, False)])
def test_a_score_lower_than_at_the_last_approval_is_told_when_a_contract_is_approved(
    office: Office, then: int, now: int, is_told: bool
) -> None:
    scored(office, caught=1)  # an older drill of the same contract says nothing any more
    scored(office, caught=then)
    office.write_contract(ignored=["Remark"])
    scored(office, caught=now)

    approval = office.approve()

    assert [finding.code for finding in approval.findings] == (["drill.lower"] if is_told else [])
    if is_told:
        told = "the drill of this contract catches 8 of 10 misreadings (80 %); under release 1 it caught 9 of 10"
        assert told in approval_text(approval)
        assert as_json(approval)["findings"][0]["code"] == "drill.lower"


def test_a_contract_that_was_never_drilled_is_approved_without_a_word_about_it(office: Office) -> None:
    scored(office, caught=9)
    office.write_contract(ignored=["Remark"])

    assert office.approve().findings == ()


def scored(office: Office, *, caught: int, total: int = 10) -> Drilled:
    """The score of a drill of the working copy."""
    contract = office.place.contract(office.feed)
    return office.place.store.drilled(
        Drilled(
            id=0,
            feed=office.feed,
            fingerprint=office.place.fingerprint(contract),
            caught=caught,
            total=total,
            sample_rows=100,
            seed=0,
            run=1,
            at=NOW,
            by="night shift",
        )
    )


@pytest.mark.parametrize("target", ["sqlite"], indirect=True)
class TestOnOneDatabase:
    """What the database makes no difference to."""

    def test_where_no_client_is_held_under_its_key_all_but_changes_is_tried_and_the_drill_says_so(
        self, office: Office
    ) -> None:
        nights(office, fields=FEW, ignored=REST)
        office.edit("delete from clients")

        told = drilled(office)

        assert "No client of the sample is held under its key" in told.remarks[0]
        assert {each.catch for each in told.tried} == set(Catch)

    def test_a_guard_that_has_learned_nothing_says_so(self, office: Office) -> None:
        nights(office, count=1, fields=FEW, ignored=REST)
        office.edit("delete from ringback_baseline")

        told = drilled(office)

        assert told.delivery_count == 0
        assert told.remarks[0].startswith("No accepted delivery has taught the guard anything yet")

    def test_what_the_delivery_has_as_it_is_counts_for_nothing(self, office: Office) -> None:
        nights(office, fields=FEW, ignored=REST)
        office.edit("update clients set born_on = '1900-01-01'")

        told = drilled(office)

        assert told.remarks == (
            "The delivery as it is would be held now (guard.replaced of born_on): "
            "these findings count for nothing here.",
        )
        exchanged = [each for each in told.tried if each.code == "date.day_month" and each.kind is Kind.DELIVERY]
        assert [each.catch for each in exchanged] == [Catch.NOTHING] * 2

    def test_an_older_delivery_is_drilled_when_it_is_named_and_only_a_delivery_of_the_feed(
        self, office: Office
    ) -> None:
        nights(office, fields=FEW, ignored=REST, count=2)
        undone = office.undo(office.ledger()[-1])

        assert drilled(office, sample=20).drilled.run == 1  # R2 was taken back
        assert drilled(office, sample=20, run_id=2).drilled.run == 2
        with pytest.raises(UsageError, match=f"R{undone.run.id} is no published import"):
            drilled(office, run_id=undone.run.id)

    def test_without_a_published_import_there_is_nothing_to_drill(self, office: Office) -> None:
        with pytest.raises(UsageError, match="no published import of clients yet"):
            drilled(office)

    def test_a_delivery_that_the_contract_cannot_read_is_told_before_anything_is_tried(self, office: Office) -> None:
        nights(office, count=1)
        office.write_contract(fields={**FIELDS, "email": {"from": "E-mail", "type": "email"}})

        with pytest.raises(UsageError, match="cannot read the delivery of R1") as told:
            drilled(office)

        assert 'column "E-mail" is not in the file' in told.value.why

    def test_progress_is_told_from_nothing_to_nearly_all(self, office: Office) -> None:
        nights(office, count=1, fields=FEW, ignored=REST)
        steps: list[tuple[int, int]] = []

        class Watching(Silent):
            def advance(self, step: str, *, done: int, total: int | None) -> None:
                steps.append((done, total or 0))

        drill(office.feed, office.place, replace(asked(), progress=Watching()), Wanted(sample=20))

        done, totals = [done for done, _ in steps], {total for _, total in steps}
        assert done == sorted(done)
        assert len(set(done)) > 20
        assert len(totals) == 1
        assert 0 <= done[0] < done[-1] < max(totals) < 1.5 * done[-1]
