"""A person is trained on a copy: the feed itself stays as it is, and how well it went is measured, not believed."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ringback.errors import UsageError
from ringback.model.drill import Kind
from ringback.model.run import Outcome, RunKind
from ringback.model.training import HINTS, Begun, Noted, State, Training
from ringback.report.as_json import as_json
from ringback.report.receipt import run_text
from ringback.report.training import begun_text, ended_text, hint_text, names_text, records_text
from ringback.steps.chain import verify
from ringback.workflows import training
from ringback.workflows.import_file import Asked
from ringback.workflows.place import open_place
from ringback.workflows.scope import Scope
from ringback.workflows.show import show_run
from ringback.workflows.training_copy import Copying, Recipe, clear
from ringback.workflows.undo import undo_run

from .office import NOW, Office, asked, found_project, query

pytestmark = pytest.mark.sqlite_first

CLIENTS = 60


@pytest.fixture
def fed(office: Office) -> Office:
    """A feed with two deliveries: in the second one client is new, and one has moved money."""
    office.take_in(*_rows(CLIENTS), name="one.csv")
    office.take_in(*_rows(CLIENTS + 1, richer=7), name="two.csv")
    return office


@pytest.mark.every_store
@pytest.mark.parametrize("kind", list(Kind))
def test_who_finds_names_and_takes_back_has_all_points_and_the_feed_is_as_it_was(
    fed: Office, tmp_path: Path, kind: Kind
) -> None:
    before = _everything(fed)
    begun = _begin(fed, tmp_path / "copy", seed=_seed(fed, kind))
    assert _everything(fed) == before

    _undo(begun, at=_after(120))
    told = _what_it_is(fed, begun)
    ended = training.name(begun.training, told, begun.folder, fed.place, _at(180))

    assert isinstance(ended, Training)
    assert ended.result is not None
    assert (ended.result.accident.kind, ended.result.left.is_exact) == (kind, True)
    assert (ended.result.found_seconds, ended.result.taken_back_seconds) == (180, 120)
    assert ended.result.points.total == 100
    assert fed.place.store.trainings("clients") == (ended,)
    assert _everything(fed) == before
    assert verify(fed.place.store.chain()).faults == ()


def test_an_answer_before_anything_is_taken_back_is_noted_and_its_time_counts(fed: Office, tmp_path: Path) -> None:
    begun = _begin(fed, tmp_path / "copy")

    noted = training.name(begun.training, _what_it_is(fed, begun), begun.folder, fed.place, _at(60))
    assert isinstance(noted, Noted)
    _undo(begun, at=_after(240))
    ended = training.end(noted.training, begun.folder, fed.place, _at(900))

    assert noted.seconds == 60
    assert ended.result is not None
    assert (ended.result.found_seconds, ended.result.taken_back_seconds) == (60, 240)
    assert ended.result.points.total == 100


def test_who_takes_nothing_back_is_told_how_many_values_are_false(fed: Office, tmp_path: Path) -> None:
    begun = _begin(fed, tmp_path / "copy")

    ended = training.end(begun.training, begun.folder, fed.place, _at(60))

    assert ended.result is not None
    assert ended.result.left.false >= 5
    assert ended.result.taken_back_seconds is None
    assert ended.result.points.total == 0
    assert "not said" in ended_text(ended, is_kept=False)


def test_who_undoes_another_field_leaves_the_false_values(fed: Office, tmp_path: Path) -> None:
    begun = _begin(fed, tmp_path / "copy")
    concerned = _what_it_is(fed, begun).split("=")[0]
    other = "balance" if concerned == "born_on" else "born_on"
    wrong = f"{other}={'date.epoch_unit' if other == 'born_on' else 'missing.left_out'}"

    _undo(begun, at=_after(60), field=other)
    ended = training.name(begun.training, wrong, begun.folder, fed.place, _at(90))

    assert isinstance(ended, Training)
    assert ended.result is not None
    assert not ended.result.left.is_exact
    assert (ended.result.is_field, ended.result.is_misreading) == (False, False)
    assert ended.result.points.total == 0


def test_the_good_changes_of_the_night_are_not_false_whether_they_are_kept_or_not(fed: Office, tmp_path: Path) -> None:
    begun = _begin(fed, tmp_path / "copy", seed=_seed(fed, Kind.CONTRACT, field="born_on"))

    _undo(begun, at=_after(60))
    ended = training.end(begun.training, begun.folder, fed.place, _at(90))

    assert ended.result is not None
    assert (ended.result.left.false, ended.result.left.stale) == (0, 1)
    assert "1 good change of the night went with it" in ended_text(ended, is_kept=True)


def test_nothing_that_is_printed_before_the_end_tells_what_it_is(fed: Office, tmp_path: Path) -> None:
    openings = set()
    for seed in range(4):
        begun = _begin(fed, tmp_path / "copy", seed=seed)
        code = _what_it_is(fed, begun).split("=")[1]
        with open_place(begun.folder, environ={}) as copy:
            runs = copy.store.runs("clients")
            shown = run_text(show_run(runs[0].id, copy, field=None, limit=0), contract_name="feeds/clients.yaml")
            notes = copy.store.releases("clients")[0].notes
        printed = f"{begun_text(begun)} {json.dumps(as_json(begun))} {notes} {shown}"
        openings.add(begun_text(replace(begun, training=replace(begun.training, id=1), clients=60, caller=("0001",))))
        clear(begun.folder)

        assert [(run.kind, run.outcome, run.findings) for run in runs] == [(RunKind.IMPORT, Outcome.PUBLISHED, ())] * 2
        assert code not in printed
        assert "seed" not in printed

    assert len(openings) == 1


def test_a_seed_makes_the_same_accident_and_others_make_others(fed: Office) -> None:
    told = [_copying(fed, seed).accident.told for seed in range(12)]

    assert told == [_copying(fed, seed).accident.told for seed in range(12)]
    assert len({(each.fields, each.code) for each in told}) >= 4
    assert {each.kind for each in told} == {*Kind}


def test_hints_cost_points_until_there_are_none_left(fed: Office, tmp_path: Path) -> None:
    begun = _begin(fed, tmp_path / "copy")
    answer, step, told = _what_it_is(fed, begun), begun.training, []
    for _ in HINTS:
        given = training.hint(step, fed.place, _at(10))
        step, told = given.training, [*told, hint_text(given)]

    with pytest.raises(UsageError, match="there are no more hints"):
        training.hint(step, fed.place, _at(10))
    _undo(begun, at=_after(60))
    ended = training.name(step, answer, begun.folder, fed.place, _at(90))

    assert isinstance(ended, Training)
    assert answer.split("=")[0] in told[1]
    assert answer.split("=")[1] in told[2]
    assert ended.result is not None
    assert ended.result.points.total == 100 - sum(HINTS)


@pytest.mark.parametrize(
    ("answer", "mend"),
    [
        ("born_on", "as: --answer born_on=date.day_month"),
        ("born=date.day_month", "did you mean born_on?"),
        ("born_on=date.day_month_swapped", "ringback drill clients --train --names"),
    ],
)
def test_an_answer_that_is_no_answer_is_not_taken_for_a_wrong_one(
    fed: Office, tmp_path: Path, answer: str, mend: str
) -> None:
    begun = _begin(fed, tmp_path / "copy")

    with pytest.raises(UsageError) as told:
        training.name(begun.training, answer, begun.folder, fed.place, _at(60))

    assert mend in told.value.mend
    assert fed.place.store.trainings("clients")[0].state is State.BEGUN


def test_a_misreading_that_makes_the_same_values_is_as_right_a_name(fed: Office) -> None:
    contract = fed.place.contract("clients").contract
    accident = next(
        found
        for seed in range(60)
        if (found := _copying(fed, seed).accident).told.code == "number.factor_100" and found.attempt.share == 1
    )

    assert accident.is_called("number.factor_100", "balance", contract)
    assert not accident.is_called("number.sign", "balance", contract)
    assert not accident.is_called("date.day_month", "balance", contract)


def test_a_feed_with_a_single_delivery_can_be_trained_on(office: Office, tmp_path: Path) -> None:
    office.take_in(*_rows(CLIENTS), name="one.csv")
    begun = _begin(office, tmp_path / "copy")

    _undo(begun, at=_after(60))
    ended = training.name(begun.training, _what_it_is(office, begun), begun.folder, office.place, _at(60))

    assert isinstance(ended, Training)
    assert ended.result is not None
    assert ended.result.points.total == 100
    assert ended.result.left.stale == 0


def test_a_feed_in_a_schema_of_postgresql_is_copied_all_the_same(postgresql: str, tmp_path: Path) -> None:
    found_project(tmp_path / "project", postgresql)
    with open_place(tmp_path / "project", environ={}) as place:
        office = Office(tmp_path / "project", postgresql, place)
        office.agree(target={"table": "clients", "schema": "public"})
        office.take_in(*_rows(CLIENTS))

        begun = _begin(office, tmp_path / "copy")

        assert begun.clients == CLIENTS
        assert training.end(begun.training, begun.folder, place, _at(60)).result is not None


def test_packed_deliveries_are_packed_in_the_copy_too(office: Office, tmp_path: Path) -> None:
    for number, rows in enumerate((_rows(CLIENTS), _rows(CLIENTS, richer=3))):
        plain = office.file(*rows, name="plain.csv").read_bytes()
        packed = office.folder / f"day{number}.csv.gz"
        packed.write_bytes(gzip.compress(plain))
        office.take_in_file(packed)

    begun = _begin(office, tmp_path / "copy")

    assert sorted(path.name for path in (begun.folder / "inbox").iterdir()) == ["day0.csv.gz", "day1.csv.gz"]
    assert begun.clients == CLIENTS


def test_without_a_delivery_or_with_too_few_rows_there_is_no_training(office: Office, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no published delivery of clients"):
        _begin(office, tmp_path / "copy")
    office.take_in(*_rows(3))
    with pytest.raises(UsageError, match="no accident can be played on clients"):
        _begin(office, tmp_path / "copy")

    assert not (tmp_path / "copy").exists()
    assert office.place.store.trainings("clients") == ()


def test_a_folder_that_is_somebody_elses_is_left_alone(fed: Office, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    begun = _begin(fed, tmp_path / "copy")
    (begun.folder / "my notes.txt").write_text("born_on?", encoding="utf-8")

    with pytest.raises(UsageError, match="is there already"):
        _begin(fed, tmp_path / "mine")
    with pytest.raises(UsageError, match="a training is under way in it"):
        _begin(fed, begun.folder)
    clear(begun.folder)

    assert [path.name for path in begun.folder.iterdir()] == ["my notes.txt"]
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_only_the_copys_own_training_is_under_way_in_it_and_none_twice(fed: Office, tmp_path: Path) -> None:
    begun = _begin(fed, tmp_path / "copy")

    assert training.under_way("clients", begun.folder, fed.place) == begun.training
    training.end(begun.training, begun.folder, fed.place, _at(60))

    for feed, folder, why in (
        ("clients", begun.folder, "training 1 of clients has ended"),
        ("branches", begun.folder, "not of branches"),
        ("clients", tmp_path / "nowhere", "no training is under way"),
    ):
        with pytest.raises(UsageError, match=why):
            training.under_way(feed, folder, fed.place)


def test_in_the_copys_own_folder_the_feeds_project_is_meant(fed: Office, tmp_path: Path) -> None:
    begun = _begin(fed, tmp_path / "copy")

    assert training.places(begun.folder, None) == (begun.folder, fed.folder)
    assert training.places(fed.folder, None) == (training.FOLDER, fed.folder)
    assert training.places(fed.folder, tmp_path) == (tmp_path, fed.folder)


def test_the_record_has_every_training_those_that_were_given_up_too(fed: Office, tmp_path: Path) -> None:
    first = _begin(fed, tmp_path / "first")
    training.end(first.training, first.folder, fed.place, _at(60))
    _begin(fed, tmp_path / "second", by="ben")

    told = training.records("clients", fed.place)

    lines = [line.split() for line in records_text(told).splitlines()]
    assert [line[:2] for line in lines[1:]] == [["2", "ben"], ["1", "ana"]]
    assert "not ended" in records_text(told)
    assert [each["state"] for each in as_json(told)["trainings"]] == ["begun", "ended"]
    assert "accident" not in as_json(told)["trainings"][0]


def test_the_names_of_misreadings_say_to_which_fields_they_can_happen(fed: Office) -> None:
    told = names_text(training.names("clients", fed.place))

    assert re.search("^date.day_month +day and month exchanged +born_on$", told, re.MULTILINE)
    assert "phone.region" not in told


def test_trainings_alarm_nobody_and_take_the_policy_along(fed: Office, tmp_path: Path) -> None:
    written = f"target: {fed.target}\nalerts: [mailto://x@example.com]\noperators: [ana]\napprovers: [ben]\n"
    policy = 'policy: {quarantined: {hold_above: "2.5 %"}}\n'
    (fed.folder / "ringback.yaml").write_text(written + policy, encoding="utf-8")
    with open_place(fed.folder, environ={}) as place:
        begun = _begin(replace(fed, place=place), tmp_path / "copy")

    with open_place(begun.folder, environ={}) as copy:
        settings = copy.project.settings

    assert (settings.alerts, settings.operators, settings.approvers) == ((), (), ())
    assert settings.policy == place.project.settings.policy
    assert settings.policy is not None
    assert settings.target == "sqlite:///training.db"


# -- what people do


def _rows(count: int, *, richer: int | None = None) -> list[str]:
    """Clients with a name, a day that can be read two ways for most, and an amount."""
    born = [date(1950, 1, 1) + timedelta(days=397 * number) for number in range(count)]
    return [
        f"{number:04};Client {number:03};{day:%d/%m/%Y};{'9.999,50' if number == richer else f'1.{number:03},25'}"
        for number, day in enumerate(born)
    ]


def _begin(office: Office, folder: Path, *, seed: int = 1, by: str = "ana") -> Begun:
    wanted = training.Wanted(folder=folder, seed=seed)
    prepared = training.prepare("clients", office.place, asked(by=by), wanted)
    return training.begin(prepared, office.place, now=NOW)


def _undo(begun: Begun, *, at: datetime, field: str | None = None) -> None:
    with open_place(begun.folder, environ={}) as copy:
        undo_run(begun.training.run, copy, replace(asked(), now=at), scope=Scope(field=field))


def _after(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


def _at(seconds: int) -> Asked:
    return replace(asked(by="ana"), now=_after(seconds))


def _copying(office: Office, seed: int) -> Copying:
    store = office.place.store
    runs = tuple(reversed(office.place.imports("clients")))
    recipe = Recipe(feed="clients", release=store.releases("clients")[0], runs=runs, sample=20_000, seed=seed)
    return Copying(recipe, office.place, asked())


def _seed(office: Office, kind: Kind, *, field: str | None = None) -> int:
    """One that makes an accident of this kind."""
    return next(
        seed
        for seed in range(60)
        if (told := _copying(office, seed).accident.told).kind is kind and field in (None, told.fields[0])
    )


def _what_it_is(office: Office, begun: Begun) -> str:
    told = _copying(office, begun.training.seed).accident.told
    return f"{told.fields[0]}={told.code}"


def _everything(office: Office) -> dict[str, Any]:
    """All that the feed is: tables in the database but those of trainings and events, archive, project folder."""
    tables = ("run", "release", "quarantine", "baseline", "reading", "trial", "drill", "history_clients")
    return {
        "live": office.live(),
        **{name: sorted(map(repr, query(office.target, f"select * from ringback_{name}"))) for name in tables},
        "files": {
            str(path.relative_to(office.folder)): path.read_bytes()
            for path in sorted(office.folder.rglob("*"))
            if path.is_file() and "clients.db" not in path.name
        },
    }
