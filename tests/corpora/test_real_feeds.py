"""Real feeds, issue after issue: every row is accounted for, and every hold has its reason in the file itself."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

import ringback
from ringback.model.run import Outcome

_SPEC = importlib.util.spec_from_file_location("corpora_operator", Path(__file__).with_name("operator.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
operator = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = operator
_SPEC.loader.exec_module(operator)
Decision, Operator = operator.Decision, operator.Operator

pytestmark = pytest.mark.skipif(not operator.CORPORA.exists(), reason="the shared corpora are not beside the project")

UNMAPPED, ABSENT, QUARANTINED = "header.unmapped", "header.absent", "rows.quarantined"
SHRUNK, NONE, STALE = "rows.shrunk", "rows.none", "delivery.stale"


def new_column(why: str) -> object:
    return Decision(codes=(UNMAPPED,), why=why, act="ignore")


FEEDS: dict[str, tuple[dict[str, str], dict[str, object]]] = {
    "us_congress_members": (
        {},
        {
            "2018-02-23T1441.csv": new_column("senate_class was put in after district"),
            "2018-05-12T1306.csv": new_column("fec_ids was put in"),
            "2018-09-26T1155.csv": new_column("four columns for names were put in at position 3"),
            "2021-01-03T1713.csv": Decision(codes=(QUARANTINED,), why="60 new members have no id yet", act="drop"),
            "2021-01-03T1755.csv": Decision(codes=(QUARANTINED,), why="60 new members still have no id", act="drop"),
            "2021-01-03T1950.csv": Decision(codes=(QUARANTINED,), why="3 new members still have no id", act="drop"),
            "2022-12-22T0015.csv": new_column("twitter_id and mastodon were put in at two places"),
        },
    ),
    "dotgov_domains": (
        {},
        {
            "2016-06-30T0000.csv": new_column("Status was put at the end"),
            "2016-09-09T0000.csv": new_column("12 columns without names and values, left by a spreadsheet"),
            "2018-04-27T0112.csv": new_column("Organization was put in after Agency"),
            "2018-04-28T0225.csv": Decision(
                codes=(STALE,), why="the file of the morning before again, after one in the old layout", act="release"
            ),
            "2018-12-07T2248.csv": new_column("Security Contact Email was put at the end"),
            "2021-04-26T1227.csv": Decision(
                codes=(ABSENT, UNMAPPED), why="the whole file is one sentence: the data has moved", act="drop"
            ),
            "2024-01-30T1757.csv": Decision(
                codes=(ABSENT, UNMAPPED), why="the names in the header changed their case, and all keys", act="draft"
            ),
            "2024-02-28T2115.csv": Decision(codes=(SHRUNK,), why="896 of 9,892 rows", act="drop"),
            "2024-03-06T0612.csv": Decision(codes=(NONE,), why="a header and no rows", act="drop"),
            "2026-04-18T0637.csv": Decision(
                codes=(ABSENT, UNMAPPED), why="Agency is gone, Suborganization name stands in its place", act="draft"
            ),
        },
    ),
    "br_banks": (
        {"date_pix_started.zone": "UTC"},
        {
            "2022-06-23T1348.csv": new_column("four names more in the header"),
            "2023-07-22T2317.csv": new_column("LegalCheque was put in"),
            "2023-07-23T0106.csv": new_column("DetectaFlow was put in"),
            "2023-08-30T1451.csv": Decision(
                codes=(STALE,), why="the content of an earlier file again, four minutes after a newer one", act="drop"
            ),
            "2023-09-25T1206.csv": Decision(
                codes=(UNMAPPED, QUARANTINED),
                why="HasChanges stands first in the header only: 20 names over 19 values in every row",
                act="drop",
            ),
            "2024-05-15T1207.csv": new_column("PCR and PCRP were put in, empty"),
            "2026-08-20T1249.csv": new_column("LogoUrl was put in"),
        },
    ),
    "es_isciii": (
        {"fecha": "%-d/%-m/%Y"},  # dd/mm/yyyy and d/m/yyyy take turns
        {
            "2020-03-31T1251.csv": new_column("Recuperados was put at the end"),
            "2020-04-07T1055.csv": Decision(
                codes=(UNMAPPED, QUARANTINED), why="an empty column at the end, and 19 rows without it", act="drop"
            ),
            "2020-04-08T1150.csv": Decision(codes=(ABSENT, UNMAPPED), why="three columns were renamed", act="draft"),
            "2020-04-25T1934.csv": new_column("PCR+ and TestAc+ were put in after CASOS"),
        },
    ),
    "csse_daily": (
        {"last_update.zone": "UTC", "key": "province_state,country_region"},
        {
            "2020-02-01.csv": Decision(codes=(QUARANTINED,), why="35 of 67 dates are in another form", act="drop"),
            "2020-02-02.csv": Decision(
                codes=(QUARANTINED,), why="all dates are in another form, for good", act="draft"
            ),
            "2020-03-01.csv": new_column("Latitude and Longitude were put at the end"),
            "2020-03-10.csv": Decision(
                codes=(SHRUNK,), why="266 -> 206 rows: counties were replaced by states", act="release"
            ),
            "2020-03-24.csv": Decision(
                codes=(ABSENT, UNMAPPED),
                why="another header, a row a county",
                act="draft",
                decide={"key": "combined_key"},
            ),
            "2020-03-31.csv": Decision(
                codes=(SHRUNK,),
                why="3,439 -> 2,434 rows: counties without a case are left out from now on",
                act="release",
            ),
            "2020-04-01.csv": Decision(codes=(SHRUNK,), why="256 rows: all counties of the US are missing", act="drop"),
            "2020-04-12.csv": new_column("five columns more, for a day"),
            "2020-05-29.csv": new_column("Incidence_Rate and Case-Fatality_Ratio, for good"),
            "2020-06-29.csv": Decision(codes=(QUARANTINED,), why="Active is written 106.0, for a day", act="drop"),
            "2020-10-28.csv": Decision(codes=(QUARANTINED,), why="Deaths is written 1529.0, for a day", act="drop"),
            "2020-11-09.csv": new_column("two columns were renamed that nobody maps"),
        },
    ),
}


def issues(corpus: str) -> list[Path]:
    return sorted((operator.CORPORA / corpus / "snapshots").glob("*.csv"))


def thinned(corpus: str, *, every: int) -> list[Path]:
    """The files of the decisions with their neighbours, and a few ordinary ones."""
    files, decided = issues(corpus), FEEDS[corpus][1]
    near = {at + step for at, file in enumerate(files) if file.name in decided for step in (-1, 0, 1)}
    again = {file.read_bytes() for file in files if STALE in getattr(decided.get(file.name), "codes", ())}
    return [file for at, file in enumerate(files) if at in near or at % every == 0 or file.read_bytes() in again]


def play(corpus: str, files: list[Path], folder: Path) -> None:
    decide, decisions = FEEDS[corpus]
    person = Operator(corpus=corpus, folder=folder, decide=dict(decide), decisions=decisions)
    published = [run for file in files if (run := person.take(file)) is not None]

    met = {name: tuple(sorted(seen.codes)) for name, seen in person.met.items()}
    assert met == {name: tuple(sorted(decision.codes)) for name, decision in decisions.items()}
    assert len(published) >= len(files) / 2
    assert_undo_is_exact(person)


def assert_undo_is_exact(person: object) -> None:
    """The last published import is taken back, and that again: the table is as it was before, and after."""
    project, feed = person.project, person.corpus
    runs = ringback.runs(feed, limit=100, project=project).runs
    last = next(run for run in runs if run.outcome is Outcome.PUBLISHED)

    back = ringback.undo(last.id, by="operator", project=project)
    again = ringback.undo(back.run.id, by="operator", project=project)

    assert not back.answers.kept
    assert not back.answers.impossible
    assert again.answers.restored == back.answers.restored
    assert not again.answers.kept


@pytest.mark.parametrize("corpus", FEEDS)
def test_a_thinned_series_of_a_real_feed_is_published_or_held_for_a_reason_in_the_file(
    corpus: str, tmp_path: Path
) -> None:
    play(corpus, thinned(corpus, every=40), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("corpus", FEEDS)
def test_every_issue_of_a_real_feed_is_published_or_held_for_a_reason_in_the_file(corpus: str, tmp_path: Path) -> None:
    play(corpus, issues(corpus), tmp_path)
