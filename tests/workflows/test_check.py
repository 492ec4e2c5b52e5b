"""check tells every fault of a project in one pass, and one line for every good feed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringback.errors import UsageError
from ringback.workflows.check import check_project

CONTRACT = """feed: {feed}
key: [client_no]
target: {{table: {feed}}}
fields:
  client_no: {{from: Client No, type: string}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ringback.yaml").write_text("target: sqlite:///clients.db\n")
    (tmp_path / "feeds").mkdir()
    for feed in ("branches", "clients"):
        (tmp_path / "feeds" / f"{feed}.yaml").write_text(CONTRACT.format(feed=feed))
    return tmp_path


def test_a_project_without_faults_has_one_line_for_each_feed(folder: Path) -> None:
    report = check_project(folder, (), {})

    assert report.exit_code == 0
    assert report.faults == ()
    assert [str(feed) for feed in report.feeds] == [
        "branches: 1 field, key client_no, snapshot, missing: keep, into branches (feeds/branches.yaml)",
        "clients: 1 field, key client_no, snapshot, missing: keep, into clients (feeds/clients.yaml)",
    ]


def test_faults_of_the_project_and_of_every_contract_are_told_together(folder: Path) -> None:
    (folder / "ringback.yaml").write_text("target: sqlite:///clients.db\narchiv: kept\n")
    (folder / "feeds" / "branches.yaml").write_text(CONTRACT.format(feed="branches").replace("string", "strnig"))
    (folder / "feeds" / "visits.yaml").write_text("feed: visits\n\tkey: x\n")
    (folder / "feeds" / "old.yml").write_text("feed: old\n")

    report = check_project(folder, (), {})

    assert report.exit_code == 2
    assert [fault.split(": ")[0] for fault in report.faults] == [
        "ringback.yaml, line 2, column 1",
        "feeds/branches.yaml, line 5, column 38",
        "feeds/visits.yaml, line 2, column 1",
        "feeds/old.yml",
    ]
    assert [feed.feed for feed in report.feeds] == ["clients"]


def test_only_the_feeds_named_are_checked(folder: Path) -> None:
    (folder / "feeds" / "branches.yaml").write_text("feed: branches\n")

    report = check_project(folder, ("clients",), {})

    assert report.exit_code == 0
    assert [feed.feed for feed in report.feeds] == ["clients"]


def test_a_feed_that_is_not_there_is_a_mistake_of_the_call(folder: Path) -> None:
    with pytest.raises(UsageError, match='there is no feed "client"'):
        check_project(folder, ("client",), {})


def test_a_feed_that_deletes_what_another_feed_delivers_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "ringback.yaml").write_text("target: sqlite:///clients.db\n", encoding="utf-8")
    (tmp_path / "feeds").mkdir()
    for feed, missing in {"north": "delete", "south": "keep"}.items():
        contract = (
            f"feed: {feed}\nkey: [no]\nmissing: {missing}\ntarget: {{table: clients}}\n"
            "fields: {no: {from: No, type: string}}\n"
        )
        (tmp_path / "feeds" / f"{feed}.yaml").write_text(contract, encoding="utf-8")

    report = check_project(tmp_path, (), {})

    assert report.faults == (
        'feeds/north.yaml: "missing: delete" would delete the clients of south, which has the same table clients: '
        "write missing: keep, or another table",
    )


def test_what_a_consumer_cannot_read_is_a_fault(folder: Path) -> None:
    (folder / "ringback.yaml").write_text(
        "target: sqlite:///clients.db\nconsumers:\n- {name: statements, reads: [clients, clients.client_no]}\n"
        "- {name: screens, reads: [clints, clients.born_on]}\n"
    )

    report = check_project(folder, (), {})

    assert report.faults == (
        'ringback.yaml: screens reads "clints", but clints is no feed; there are: branches, clients',
        'ringback.yaml: screens reads "clients.born_on", but born_on is no field of clients; there are: client_no',
    )
