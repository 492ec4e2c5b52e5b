"""The demo shows what it says, and its figures are counted right."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from ringback.cli import app
from ringback.errors import UsageError
from ringback.model.demo import Act, Damage, Night, Wrong
from ringback.model.progress import Silent
from ringback.model.run import Outcome
from ringback.report.demo import act_text, closing_text, damage_text
from ringback.steps.invent import as_delivered, invent
from ringback.workflows.demo import play
from ringback.workflows.demo_damage import damage_of, measure_plain_load

Played = tuple[Night, list[Act]]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """One night with 2,000 clients."""
    acts: list[Act] = []
    folder = tmp_path_factory.mktemp("demo") / "my demo"
    night = play(folder, count=2_000, seed=10, progress=Silent(), tell=acts.append)
    return night, acts


def test_the_night_ends_without_a_wrong_value(played: Played) -> None:
    night, _ = played

    assert night.ends_well
    assert [damage.is_none for damage in (night.clean, night.undone, night.mended)] == [True] * 3
    assert [damage.of for damage in (night.clean, night.undone, night.mended)] == [2_020, 2_020, 2_040]


def test_ringback_refuses_then_holds_twice_where_a_plain_loader_says_nothing(played: Played) -> None:
    night, acts = played

    outcomes = [act.outcome for act in acts if act.outcome is not None]

    assert night.plain_loader.damage.clients > 1_900
    assert outcomes == [
        *(Outcome.PUBLISHED, Outcome.PUBLISHED),
        *(Outcome.REFUSED, Outcome.HELD, Outcome.HELD),
        *(Outcome.PUBLISHED, Outcome.PUBLISHED),
        Outcome.HELD,
    ]


def test_the_guard_names_what_the_gate_let_in_and_what_the_sender_did(played: Played) -> None:
    _, acts = played
    _, let_in, lie = [act.printed for act in acts if act.outcome is Outcome.HELD]

    for told, line in ((let_in, "line 37: format is"), (lie, "line 34")):
        assert told.startswith("held: ")
        assert "% of held clients would change born_on" in told.splitlines()[0]
        assert "new dates are the old date with day and month exchanged" in told
        assert f"feeds/clients.yaml{'' if 'format' in line else ','} {line}" in told
    assert "could not be read" not in lie


def test_the_refusal_shows_all_six_keys_that_the_update_touched(played: Played) -> None:
    _, acts = played
    (refused,) = [act.printed for act in acts if act.outcome is Outcome.REFUSED]

    named = [line.split()[0] for line in refused.splitlines() if " -> " in line]

    assert named == [
        *("born_on.format", "client_since.format"),
        *("balance.decimalChar", "balance.groupChar", "credit_limit.decimalChar", "credit_limit.groupChar"),
    ]


def test_what_is_let_through_has_false_dates_only_and_the_rest_is_of_yesterday(played: Played) -> None:
    night, _ = played
    damage = night.let_through

    false = {name for name, wrong in damage.by_field.items() if wrong.false}

    assert false == {"born_on", "client_since"}
    assert damage.by_field["balance"].stale > 0
    assert night.restored > damage.by_field["born_on"].false
    assert (night.kept, night.not_possible) == (0, 0)


def test_every_command_that_it_names_at_the_end_works(played: Played) -> None:
    night, _ = played
    named = [line.strip() for line in closing_text(night, program="ringback").splitlines() if "--project" in line]

    results = [run(*shlex.split(command)[1:]) for command in named]

    assert len(results) == 7
    assert [result.exit_code for result in results] == [0] * 7
    assert all(result.stdout.strip() for result in results)


def test_a_folder_that_the_demo_did_not_make_stays_as_it_is(tmp_path: Path) -> None:
    kept = tmp_path / "precious.txt"
    kept.write_text("mine", encoding="utf-8")

    with pytest.raises(UsageError, match="the demo did not make it"):
        play(tmp_path, count=1_000, seed=1, progress=Silent(), tell=lambda act: None)

    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]
    assert kept.read_text(encoding="utf-8") == "mine"


def test_what_somebody_put_beside_the_demo_stays_when_it_is_played_again_from_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("demo", "--folder", ".", "--clients", "1000")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")

    again = run("demo", "--folder", ".", "--clients", "1000")

    assert again.exit_code == 0
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    with pytest.raises(UsageError, match="is no folder"):
        play(tmp_path / "link", count=1_000, seed=1, progress=Silent(), tell=lambda act: None)

    assert (tmp_path / "link").is_symlink()


def test_a_place_where_no_folder_can_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(UsageError, match="cannot be made: Not a directory"):
        play(tmp_path / "file" / "demo", count=1_000, seed=1, progress=Silent(), tell=lambda act: None)


def test_the_demo_can_be_played_again_and_gives_one_json_object(tmp_path: Path) -> None:
    folder = str(tmp_path / "again")

    first, second = (run("demo", "--folder", folder, "--clients", "1000", "--json") for _ in range(2))

    told = json.loads(second.stdout)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert told == json.loads(first.stdout)
    assert told["ends_well"] is True
    assert told["mended"]["by_field"]["born_on"] == {"false": 0, "stale": 0, "empty": 0}


def test_wrong_values_are_told_apart_as_false_out_of_date_and_empty() -> None:
    truth = _clients(
        [("1", date(1980, 3, 4), 5), ("2", date(1980, 1, 1), 6), ("3", None, 7), ("4", date(1980, 5, 5), 8)]
    )
    held = _clients([("1", date(1980, 4, 3), 1), ("2", None, 6), ("3", None, 9), ("5", None, 0)])
    yesterday = truth.with_columns(balance=pl.Series([1, 6, 7, 8]))

    found = damage_of(held, truth, yesterday=yesterday)

    assert found == Damage(
        of=4,
        clients=3,
        absent=1,
        strangers=1,
        by_field={"born_on": Wrong(false=1, empty=1), "balance": Wrong(false=1, stale=1)},
    )
    assert not found.is_none
    assert damage_of(truth, truth).is_none


def test_a_table_with_a_client_too_many_is_not_the_truth() -> None:
    truth = _clients([("1", date(1980, 3, 4), 5)])

    assert not damage_of(truth.vstack(_clients([("2", None, None)])), truth).is_none
    assert not damage_of(truth.head(0), truth).is_none


def test_a_plain_load_is_counted_as_a_person_would_count_it(tmp_path: Path) -> None:
    truth = invent(300, seed=3)
    path = tmp_path / "clients.csv"
    as_delivered(truth).write_csv(path, separator=";")

    loaded = measure_plain_load(path, truth)

    born = [day for day in truth["born_on"] if day is not None]
    assert loaded.damage.by_field["born_on"] == Wrong(
        false=sum(day.day <= 12 and day.day != day.month for day in born), empty=sum(day.day > 12 for day in born)
    )
    assert loaded.dropped == sum(
        row["born_on"].day > 12 or row["client_since"].day > 12 for row in truth.iter_rows(named=True)
    )
    assert loaded.damage.by_field["balance"].false == sum(value != 0 for value in truth["balance"])


def test_an_act_is_shown_as_a_terminal_would_show_it() -> None:
    act = Act(
        opens="3. With ringback", command="ringback import clients a.csv", printed="refused R3", meaning="So.\nIt is."
    )

    assert act_text(act, exit_code=4) == (
        "\n3. With ringback\n$ ringback import clients a.csv   (exit code 4)\n  refused R3\n=> So.\n=> It is."
    )


def test_damage_is_told_by_its_kinds() -> None:
    fields = {"born_on": Wrong(false=1_200, stale=2), "phone": Wrong(stale=3, empty=4), "status": Wrong()}
    damage = Damage(of=5_000, clients=1_205, absent=1, strangers=2, by_field=fields)

    told = damage_text(damage)

    assert told == (
        "Compared with the truth: 1,209 wrong in 5,000 clients x 3 fields (1,205 clients), "
        "1 client not there, 2 clients too many:\nborn_on 1,200 false, 5 out of date, 4 empty"
    )


def run(*words: str) -> Result:
    """What a person types after `ringback`."""
    return CliRunner().invoke(app, list(words))


def _clients(rows: Sequence[tuple[str, date | None, int | None]]) -> pl.DataFrame:
    schema = {"client_no": pl.String(), "born_on": pl.Date(), "balance": pl.Int64()}
    return pl.DataFrame(rows, schema=schema, orient="row")
