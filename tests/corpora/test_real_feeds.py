"""Real feeds, issue after issue: every row is accounted for, and every hold has its reason in the file itself."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from ringback.model.run import Outcome

from .accounts import table_of
from .evidence import Issue
from .feeds import CORPORA, OLDER, STALE, Corpus
from .operator import Decision, Met, Operator, Terms

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "corpora"

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="../shared/corpora is not beside the project")

EVERY = 80  # of the ordinary files, in the fast tier


def issues(name: str) -> list[Path]:
    """All files of a corpus, in the order of time."""
    return sorted((FOLDER / name / "snapshots").glob("*.csv"))


def thinned(name: str) -> list[Path]:
    """The files of the decisions (of accidents and new layouts their neighbours too), and a few ordinary ones."""
    files, decisions = issues(name), CORPORA[name].decisions
    near = {
        at + step for at, file in enumerate(files) if file.name in decisions for step in steps(decisions[file.name])
    }
    again = {file.read_bytes() for file in files if file.name in decisions and STALE in decisions[file.name].codes}
    return [file for at, file in enumerate(files) if at in near or at % EVERY == 0 or file.read_bytes() in again]


def steps(decision: Decision) -> tuple[int, ...]:
    """From the file of a decision to those that show it; of new columns the file itself is enough."""
    return (0,) if decision.act in ("ignore", "map") else (-1, 0, 1)


def hired(name: str, corpus: Corpus, folder: Path, target: str, *, whole: bool = False) -> Operator:
    """An operator with a corpus's table of decisions; in a whole series each hold by the guard is one of them."""
    return Operator(
        corpus=name,
        project=folder / "project",
        target=target,
        terms=corpus.terms,
        decisions=corpus.decisions,
        encoding=corpus.encoding,
        guarded=corpus.guarded if whole else None,
    )


def play(name: str, files: list[Path], folder: Path, target: str, *, whole: bool = False) -> None:
    operator = hired(name, CORPORA[name], folder, target, whole=whole)
    for file in files:
        run = operator.take(file)
        if run.outcome is Outcome.PUBLISHED and name == "br_banks":
            assert_as_published_in_json(file, operator)
    operator.end_era()

    assert operator.met == {
        name: Met(decision.outcome, tuple(sorted(decision.codes))) for name, decision in operator.decisions.items()
    }
    if whole:
        assert operator.by_guard.keys() == CORPORA[name].guarded.keys()
        for file_name, guarded in CORPORA[name].guarded.items():
            assert guarded.fields <= operator.by_guard[file_name], file_name


def assert_as_published_in_json(file: Path, operator: Operator) -> None:
    """The publisher's JSON of the same moment is the truth about a CSV whose columns stand below wrong names."""
    path = file.with_suffix(".json")
    if not path.exists():
        return
    told = json.loads(path.read_text(encoding="utf-8-sig"))
    names = ("ISPB", "COMPE", "Network", "Type", "PixType")
    named = Counter(bank["ISPB"] for bank in told)  # two rows of one number are in quarantine
    truth = {tuple((bank[name] or "").strip() or None for name in names) for bank in told if named[bank["ISPB"]] == 1}

    held = table_of(operator.target, operator.feed, ("ispb", "compe", "network", "type", "pix_type"))

    assert truth <= held.keys()


@pytest.mark.parametrize("name", CORPORA)
def test_a_thinned_series_of_a_real_feed_is_published_or_held_for_a_reason_in_the_file(
    name: str, tmp_path: Path, sqlite: str
) -> None:
    play(name, thinned(name), tmp_path, sqlite)


def test_a_real_feed_on_postgresql_is_published_or_held_for_the_same_reasons(tmp_path: Path, postgresql: str) -> None:
    play("es_isciii", thinned("es_isciii"), tmp_path, postgresql.replace(":@", "@"))  # without a password


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", CORPORA)
def test_every_issue_of_a_real_feed_is_published_or_held_for_a_reason_in_the_file(
    name: str, tmp_path: Path, sqlite: str
) -> None:
    play(name, issues(name), tmp_path, sqlite, whole=True)


@pytest.mark.parametrize("name", CORPORA)
def test_the_reason_of_every_decision_is_seen_in_the_file_and_the_one_before_it(name: str) -> None:
    corpus, files = CORPORA[name], issues(name)
    places = {file.name: at for at, file in enumerate(files)}

    for file_name, decision in (*corpus.decisions.items(), *corpus.guarded.items()):
        before, now = (Issue(files[places[file_name] + step], corpus.encoding) for step in (-1, 0))
        for number, claim in enumerate(decision.shown):
            assert claim(before, now), f"{file_name}: claim {number} of: {decision.why}"


@pytest.mark.parametrize("name", CORPORA)
def test_accidents_of_real_feeds_that_nothing_holds_yet_are_known_by_name(name: str) -> None:
    with (FOLDER / name / "drift.csv").open(encoding="utf-8", newline="") as file:
        labels = {row["file"] for row in csv.DictReader(file) if row["reaction"] == "hold"}

    files = {file.name for file in issues(name)}

    corpus = CORPORA[name]
    assert (labels & files) - {*corpus.decisions, *corpus.guarded} == set(corpus.unheld)


def test_a_past_day_that_is_issued_again_is_held_as_older_than_what_is_held(tmp_path: Path, sqlite: str) -> None:
    reissue = Decision(codes=(OLDER,), why="22 March again, under its old name", shown=(), act="drop")
    first, *later = sorted((FOLDER / "csse_daily" / "reissues").glob("*.csv"))
    layout = CORPORA["csse_daily"].decisions["2020-03-24.csv"]
    decisions = {"2020-03-24.csv": layout, **{file.name: reissue for file in later}}
    terms = Terms(decide={"last_update.zone": "UTC", "key": "province_state,country_region"})
    operator = hired("csse_daily", Corpus(terms=terms, decisions=decisions, unheld=()), tmp_path, sqlite)
    snapshots = {file.stem: file for file in issues("csse_daily")}
    series = [
        snapshots["2020-03-22"],
        first,
        *(snapshots[day] for day in ("2020-03-23", "2020-03-24")),
        *later,
    ]

    outcomes = []
    for file in series:
        delivered = tmp_path / f"{file.name[:10]}.csv"
        shutil.copy(file, delivered)
        outcomes.append(operator.take(delivered, file.name).outcome)
    operator.end_era()

    assert outcomes[1] is Outcome.UNCHANGED  # the same bytes
    assert set(operator.met) == set(decisions)
