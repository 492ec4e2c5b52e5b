"""Postmortems: their figures are the truth of accidents that are invented here, on both databases."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringback.model.incident import EntryKind
from ringback.model.postmortem import Basis, MomentKind, Postmortem
from ringback.model.run import Outcome, Run
from ringback.report.page import html, markdown
from ringback.report.postmortem import postmortem_parts, postmortem_text, postmortem_title
from ringback.workflows.approve import Wanted, approve
from ringback.workflows.import_file import import_file
from ringback.workflows.incident import Words, close_incident, list_incidents, note_incident, open_incident
from ringback.workflows.place import Place, open_place
from ringback.workflows.postmortem import postmortem
from ringback.workflows.repair import repair_run
from ringback.workflows.scope import Scope
from ringback.workflows.trial import Wanted as TrialWanted
from ringback.workflows.trial import trial

from ..report.reader import faults_of, read_page
from .office import FIELDS, NOW, OPEN_POLICY, Office, asked
from .truth import Row, Truth

pytestmark = pytest.mark.sqlite_first

NAMES = ("name", "born_on", "balance")
CLIENTS = [f"{number:04}" for number in range(1, 9)]
DAYS = st.dates(min_value=datetime(1980, 1, 1).date(), max_value=datetime(1981, 12, 31).date())  # noqa: DTZ001
NIGHT = st.dictionaries(st.sampled_from(CLIENTS), st.tuples(DAYS, st.sampled_from(["1.00", "2.50"])), min_size=1)
EXAMPLE = itertools.count(1)
CONSUMERS = """
consumers:
  - {name: phone system, reads: [clients.name]}
  - {name: statements, reads: [clients]}
  - {name: screens, reads: [clients.born_on, clients.balance]}
  - {name: branches, reads: [branches]}
"""


@pytest.mark.every_store
@given(nights=st.tuples(NIGHT, NIGHT), way=st.sampled_from(["repair", "undo"]))
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_its_figures_are_those_of_the_accident(office: Office, nights: tuple[Any, Any], way: str) -> None:
    office = replace(office, feed=f"clients{next(EXAMPLE)}")
    truth, (first, second) = Truth("keep", "reject"), map(_rows, nights)
    office.agree()
    _publish(truth, office.take_in_whatever(*map(_line, first)), first)
    office.agree(fields=_read_as("%m/%d/%Y"))
    accident = office.take_in_whatever(*map(_line, second))
    if accident.outcome is Outcome.UNCHANGED:
        return
    wrong = _wrong_cells(office, second)
    office.agree()
    right = office.repair(accident) if way == "repair" else office.undo(accident)
    if right.run.outcome is not Outcome.PUBLISHED:
        return
    if way == "undo":
        office.take_in_whatever(*map(_line, second))
    _publish(truth, accident, second)

    told = postmortem(list_incidents(office.place, feed=office.feed).incidents[0].id, office.place, asked())

    assert office.live(NAMES) == truth.table(NAMES)
    assert told.held_records == len(truth.live)
    (deed,) = told.deeds
    answers = right.answers
    assert (deed.restored, deed.kept) == (answers.restored, answers.kept.total())
    assert deed.impossible == answers.impossible.total()
    (impact,) = told.impacts
    assert impact.run.id == accident.id
    if wrong or impact.left_out:
        assert impact.basis is Basis.RIGHT
        assert impact.left_out == sum(int(row.values[1][8:]) > 12 for row in second if row.values[1])
        assert told.by_field == ({"born_on": len(wrong)} if wrong else {})
        assert (told.wrong_values, told.wrong_records) == (len(wrong), len({key for key, _ in wrong}))
    assert accident.rows.quarantined == impact.run.rows.quarantined


def test_the_night_of_10_august_with_its_times(office: Office) -> None:
    told = _night(office)

    took = {span.name: span.took for span in told.spans}

    assert took == {
        "to detect": timedelta(hours=9),
        "to the first complaint": timedelta(hours=9),
        "to find the cause": timedelta(hours=1, minutes=30),
        "to restore": timedelta(hours=2, minutes=30),
        "wrong values stood": timedelta(hours=11, minutes=30),
    }
    assert [str(moment.kind) for moment in told.timeline] == [
        *("deployed", "imported", "opened", "complaint", "cause found", "deployed", "repaired", "read back", "closed")
    ]
    assert all("event" in moment.evidence for moment in told.timeline)


def test_the_cause_is_the_line_that_was_changed_and_the_release_that_brought_it(office: Office) -> None:
    cause = _night(office).cause

    assert (cause.misreading, cause.fields, cause.explained) == ("date.day_month", ("born_on",), 8)
    assert [(line.name, line.before, line.after) for line in cause.lines] == [
        ("born_on.format", '"%d/%m/%Y"', '"%m/%d/%Y"')
    ]
    assert cause.release is not None
    assert (cause.release.id, cause.release.emergency) == (2, True)
    assert cause.told == ("line 24 was changed (ana, event 8)",)


def test_consumers_that_read_a_wrong_field_are_named_with_the_fields(office: Office) -> None:
    path = office.folder / "ringback.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}{CONSUMERS}", encoding="utf-8")

    with open_place(office.folder, environ={}) as place:
        told = _night(replace(office, place=place))

    assert [(each.name, each.fields) for each in told.reached] == [
        ("statements", ("born_on",)),
        ("screens", ("born_on",)),
    ]
    assert "consumers" not in " ".join(action.text for action in told.preventive)


def test_measures_name_what_evidence_shows_is_missing(office: Office) -> None:
    told = _night(office)

    proposed = [action.text for action in told.preventive if action.by is None]
    by_hand = [(action.text, action.by) for action in told.preventive if action.by is not None]

    assert by_hand == [("two people approve", "ana")]
    for part in (
        "release 2 was approved in an emergency, without a trial",
        "name approvers: in ringback.yaml",
        "changed: {born_on: {hold_above: 44.4 %}} would have held it",
        "ringback drill clients",
        "name under consumers:",
    ):
        assert any(part in text for text in proposed), part


def test_the_policy_line_that_it_proposes_would_have_held_the_run(office: Office) -> None:
    told = _night(office)
    assert any("changed: {born_on: {hold_above: 44.4 %}}" in action.text for action in told.preventive)

    proposed = {**OPEN_POLICY, "changed": {"born_on": {"hold_above": "44.4 %"}}}
    office.agree(fields=_read_as("%m/%d/%Y"), policy=proposed)
    again = office.plan(*(f"{key};Ann;0{number}/09/1980;2,00" for number, key in enumerate(CLIENTS, 1)))

    assert again.outcome is Outcome.HELD


def test_every_section_stands_on_the_page_and_gaps_are_marked(office: Office) -> None:
    told = _night(office)
    title, parts = postmortem_title(told), postmortem_parts(told)

    page, text, plain = html(title, parts), markdown(title, parts), postmortem_text(told)

    for section in ("Summary", "Timeline", "Impact", "Root cause", "Resolution", "Corrective", "Preventive"):
        assert f"## {section}" in text
        assert section.upper() in plain
        assert section in page
    assert "_to be filled in: what was learned_" in text
    assert "[to be filled in: what was learned]" in plain
    assert 'class="gap"' in page
    assert page.count("<svg") == 1
    assert faults_of(read_page(page)) == []
    assert "8 clients (88.9 % of the live table), 8 values (R2)" in plain


def test_what_a_caller_said_is_no_markup(office: Office) -> None:
    office.take_in("0001;Ann;03/04/1980;1,00")
    said = "<script>alert('1')</script>"
    open_incident("clients", office.place, asked(), [Words(text=said, kind=EntryKind.COMPLAINT)])

    told = postmortem(1, office.place, asked())

    page = html(postmortem_title(told), postmortem_parts(told))
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(&#x27;1&#x27;)") == 2


def test_a_file_that_lied_is_counted_in_history_and_named_from_its_before_images(office: Office) -> None:
    office.take_in(*(f"{key};Ann;0{number}/11/1980;1,00" for number, key in enumerate(CLIENTS, 1)))
    lie = office.take_in_whatever(*(f"{key};Ann;11/0{number}/1980;1,00" for number, key in enumerate(CLIENTS, 1)))
    office.undo(lie)

    told = postmortem(1, office.place, asked())

    (impact,) = told.impacts
    assert (impact.basis, told.by_field, told.cause.misreading) == (Basis.HISTORY, {"born_on": 8}, "date.day_month")
    assert told.cause.lines == ()
    assert "at most 8 clients" in postmortem_text(told)
    assert "R2, its values before and after" in postmortem_text(told)


@pytest.mark.every_store
def test_two_nights_with_the_same_wrong_value_count_a_client_once(office: Office) -> None:
    office.agree(fields=_read_as("%m/%d/%Y"))
    rows = [f"{key};Ann;0{number}/11/1980;1,00" for number, key in enumerate(CLIENTS, 1)]
    runs = [office.take_in(*rows), office.take_in(*rows, "0099;Zoë;02/03/1980;1,00")]
    office.agree()
    for run in runs:
        office.repair(run)

    told = postmortem(1, office.place, asked())

    assert [impact.values for impact in sorted(told.impacts, key=lambda each: each.run.id)] == [8, 9]
    assert (told.wrong_records, told.wrong_values) == (9, 9)


def test_a_run_that_was_kept_out_did_nothing_to_the_live_table(office: Office) -> None:
    office.agree(policy={**OPEN_POLICY, "changed": {"born_on": {"hold_above": "0 %"}}})
    office.take_in("0001;Ann;03/04/1980;1,00")
    held = office.drop(office.take_in("0001;Ann;03/04/1981;1,00"))

    told = postmortem(1, office.place, asked())

    assert (told.wrong_values, told.deeds, told.published) == (0, (), ())
    assert f"none in the live table: {held.name} was kept out" in postmortem_text(told)
    assert [span.took for span in told.spans if span.name == "wrong values stood"] == [None]


def test_wrong_values_that_nobody_took_out_are_said_to_stand(office: Office) -> None:
    office.agree(fields=_read_as("%m/%d/%Y"))
    office.take_in("0001;Ann;03/04/1980;1,00")
    open_incident("clients", office.place, asked(), [Words(text="?", kind=EntryKind.FOUND, run_id=1)])
    office.agree()

    told = postmortem(1, office.place, asked())

    assert told.impacts[0].stands
    assert "nobody has taken them out of the live table" in postmortem_text(told)
    assert any("still to do: wrong values of R1" in action.text for action in told.corrective)


def test_an_incident_of_which_no_run_is_known_says_what_to_write(office: Office) -> None:
    open_incident("clients", office.place, asked(), [Words(text="x", kind=EntryKind.COMPLAINT)])

    told = postmortem(1, office.place, asked())

    assert (told.impacts, told.wrong_values, told.cause.is_known) == ((), 0, False)
    assert 'ringback incident note 1 --run R... --found "..."' in postmortem_text(told)
    assert [moment.kind for moment in told.timeline] == [MomentKind.OPENED, MomentKind.COMPLAINT]


# -- accidents


def _night(office: Office) -> Postmortem:
    """Midnight: the wrong import; 09:00 a complaint; 10:30 the cause; 11:30 repaired; noon closed."""
    place, feed = office.place, office.feed
    office.take_in(*(f"{key};Ann;0{number}/09/1980;1,00" for number, key in enumerate(CLIENTS, 1)), "0099;Zoë;;1,00")
    office.write_contract(fields=_read_as("%m/%d/%Y"))
    approve(feed, place, asked(by="ana"), Wanted(reason="an update", emergency=True))
    rows = [f"{key};Ann;0{number}/09/1980;1,00" for number, key in enumerate(CLIENTS, 1)]
    file = office.file(*rows, "0099;Zoë;;2,00", name="two.csv")
    accident = import_file(file, feed, place, asked()).run
    assert accident.outcome is Outcome.PUBLISHED
    complaint = Words(text="wrong birthday", kind=EntryKind.COMPLAINT, at=_at(9))
    number = open_incident(feed, place, replace(asked(), now=_at(9)), [complaint]).id
    found = Words(text="line 24 was changed", kind=EntryKind.FOUND, run_id=accident.id)
    note_incident(number, place, replace(asked(by="ana"), now=_at(10.5)), [found])
    _mend(office, place, accident)
    measure = Words(text="two people approve", kind=EntryKind.MEASURE)
    note_incident(number, place, replace(asked(by="ana"), now=_at(12)), [measure])
    close_incident(number, place, replace(asked(by="ana"), now=_at(12)), "repaired")
    return postmortem(number, place, replace(asked(), now=_at(13)))


def _mend(office: Office, place: Place, accident: Run) -> None:
    office.write_contract()
    trial(office.feed, place, asked(), TrialWanted())
    approve(office.feed, place, replace(asked(by="ana"), now=_at(11)), Wanted(reason="day first"))
    repair_run(accident.id, place, replace(asked(by="ana"), now=_at(11.5)), scope=Scope())


def _at(hours: float) -> datetime:
    return NOW.astimezone(UTC) + timedelta(hours=hours)


def _read_as(written: str) -> dict[str, Any]:
    """The fields of the contract, with another format of birth dates."""
    return {**FIELDS, "born_on": {**FIELDS["born_on"], "format": written}}


def _rows(night: dict[str, Any]) -> list[Row]:
    return [Row(key, ("Ann", day.isoformat(), balance)) for key, (day, balance) in night.items()]


def _line(row: Row) -> str:
    name, born, balance = row.values
    assert born is not None
    assert balance is not None
    return f"{row.key};{name};{'/'.join(reversed(born.split('-')))};{balance.replace('.', ',')}"


def _publish(truth: Truth, run: Run, rows: list[Row]) -> None:
    truth.publish(truth.expect(rows).change, run.id)


def _wrong_cells(office: Office, delivered: list[Row]) -> set[tuple[str, str]]:
    """Cells of the live table that are not what their row says, of rows that the wrong contract could read."""
    live = office.live(NAMES)
    taken = [row for row in delivered if row.values[1] and int(row.values[1][8:]) <= 12]
    return {
        (row.key, name)
        for row in taken
        for name, is_there, true in zip(NAMES, live[row.key], row.values, strict=True)
        if is_there != true
    }
