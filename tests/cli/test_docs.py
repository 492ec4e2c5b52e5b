"""docs from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_the_manual_is_written_into_the_project_and_the_command_says_where(
    folder: Path, call: Any, deliver: Callable[..., str]
) -> None:
    call("approve", "clients")
    call("import", "clients", deliver("a.csv", "0001;03/04/1980"))

    told = call("docs", "--all")

    assert (told.code, told.err) == (0, "")
    assert "manual of clients: 4 files in manual\n" in told.out
    assert "<h1>clients</h1>" in (folder / "manual" / "clients.html").read_text(encoding="utf-8")


def test_machines_get_one_object_with_what_was_written(folder: Path, call: Any) -> None:
    told = call("docs", "clients", "--into", "site", "--only-written", "--json")

    files = ["index.html", "index.md", "clients.html", "clients.md"]
    assert told.json == {"into": "site", "feeds": ["clients"], "written": files, "faulty": [], "strays": []}
    assert sorted(path.name for path in (folder / "site").iterdir()) == sorted(files)
    assert not (folder / "clients.db").exists()


def test_which_feeds_must_be_said(folder: Path, call: Any) -> None:
    neither, both, unknown = call("docs"), call("docs", "clients", "--all"), call("docs", "client")

    assert [told.code for told in (neither, both, unknown)] == [2, 2, 2]
    assert "ringback docs --all" in neither.err
    assert 'Did you mean "clients"?' in unknown.err
    assert not (folder / "manual").exists()


def test_a_faulty_contract_is_told_with_the_way_to_its_faults(folder: Path, call: Any) -> None:
    (folder / "feeds" / "branches.yaml").write_text("feed: branches\n", encoding="utf-8")

    told = call("docs", "--all", "--only-written")

    assert told.code == 2
    assert "ringback check branches" in told.out
