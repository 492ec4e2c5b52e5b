"""Two at once in processes of their own; and people who read while somebody writes."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest

from ringback.model.run import Outcome, RunKind

from .children import context, outcome, start
from .office import Office, values

ANN, BOB, EVE = "0001;Ann;03/04/1980;12,50", "0002;Bob;31/12/1999;-1.234,00", "0003;Eve;;0,00"
THREE = {"0001": "Ann 1980-04-03 12.50", "0002": "Bob 1999-12-31 -1234.00", "0003": "Eve - 0.00"}


@pytest.mark.parametrize("meet_at", ["gate.passed", "read.done"])
def test_of_two_importers_of_one_file_one_publishes_it_and_the_other_has_nothing_to_do(
    office: Office, meet_at: str
) -> None:
    office.file(ANN, BOB, EVE, name="next.csv")
    order = {"act": "import", "file": "next.csv", "meet_at": meet_at}

    told = _at_once(office, order, order)

    assert Counter(told) == Counter([Outcome.PUBLISHED, Outcome.UNCHANGED])
    assert office.live() == values(THREE)
    assert Counter(run.outcome for run in office.ledger()) == Counter([Outcome.PUBLISHED, Outcome.UNCHANGED])


def test_two_files_at_once_both_come_in_one_after_the_other(office: Office) -> None:
    office.agree(delivers="changes")
    office.take_in(ANN, BOB)
    office.file("0001;Anna;03/04/1980;12,50", name="one.csv")
    office.file("0002;Bobby;31/12/1999;-1.234,00", EVE, name="two.csv")

    told = _at_once(
        office, *({"act": "import", "file": f"{name}.csv", "meet_at": "read.done"} for name in ("one", "two"))
    )

    assert told == [Outcome.PUBLISHED] * 2
    assert office.live() == values(
        {"0001": "Anna 1980-04-03 12.50", "0002": "Bobby 1999-12-31 -1234.00", "0003": "Eve - 0.00"}
    )
    _require_chain(office)


def test_an_import_and_an_undo_at_once_both_come_in_and_neither_is_lost(office: Office) -> None:
    office.agree(delivers="changes")
    office.take_in(ANN, BOB)
    second = office.take_in("0001;Anna;03/04/1980;12,50")
    office.file("0002;Bobby;31/12/1999;-1.234,00", name="next.csv")

    told = _at_once(
        office,
        {"act": "import", "file": "next.csv", "meet_at": "read.done"},
        {"act": "undo", "run": second.id, "meet_at": "undo.decided"},
    )

    assert told == [Outcome.PUBLISHED] * 2
    assert office.live(("name",)) == values({"0001": "Ann", "0002": "Bobby"})
    _require_chain(office)


def test_of_two_who_release_a_held_run_one_does(office: Office) -> None:
    held = office.take_in(f"{ANN};x", header="Client No;Name;Born;Balance;New")
    order = {"act": "release", "run": held.id, "meet_at": "read.done"}

    told = _at_once(office, order, order)

    assert Outcome.PUBLISHED in told
    assert Counter(told)[Outcome.PUBLISHED] == 1
    assert [run.outcome for run in office.ledger()] == [Outcome.PUBLISHED]
    assert office.live() == values({"0001": THREE["0001"]})


def test_readers_see_all_of_an_import_or_none_of_it_and_so_with_its_undo(office: Office) -> None:
    old = [f"{number:04};old;01/01/2000;1,00" for number in range(10_000)]
    new = [row.replace("old", "new") for row in old[:-100]]
    office.agree(missing="delete")
    office.take_in(*old)
    seen: set[tuple[int, int]] = set()

    with _Reading(office, seen):
        run = office.take_in_whatever(*new)
        office.undo(run)

    assert seen == {(10_000, 0), (9_900, 9_900)}


def _at_once(office: Office, *orders: dict[str, Any]) -> list[Outcome | int]:
    """What becomes of acts that are all at the boundary where they meet before any of them goes on."""
    barrier = context().Barrier(len(orders))
    children = [start(office.folder, barrier=barrier, **order) for order in orders]
    return [outcome(child) for child in children]


def _require_chain(office: Office) -> None:
    """Each published run follows another one, and no two the same."""
    published = [run for run in office.ledger() if run.outcome is Outcome.PUBLISHED]
    assert [run.previous for run in published] == [None, *(run.id for run in published[:-1])]
    assert all(run.rows.add_up() or run.kind is RunKind.UNDO for run in published)


class _Reading:
    """Somebody counts clients, again and again, for as long as the block lasts."""

    def __init__(self, office: Office, seen: set[tuple[int, int]]) -> None:
        self._office, self._seen, self._done = office, seen, threading.Event()
        self._thread = threading.Thread(target=self._read)

    def _read(self) -> None:
        while not self._done.is_set():
            self._look()

    def _look(self) -> None:
        names = [told for (told,) in self._office.live(("name",)).values()]
        self._seen.add((len(names), names.count("new")))

    def __enter__(self) -> None:
        self._look()
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        self._look()
