"""Verify the audit trail: that no event was changed, taken out, put in or moved, and that it agrees with the ledger.

The chain is not signed. Somebody who may write to the database, and who seals every event after his change anew,
leaves a chain without a flaw; and who cuts off the newest events with the runs and releases that they tell of, leaves a
shorter one. Both are seen by whoever kept the hash of an event that is no longer there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ringback.model.event import BEFORE_ALL, Chain, ChainReport, EventKind, Row, content, seal
from ringback.model.training import State

_AFTER_HELD = {EventKind.RELEASED, EventKind.DROPPED}  # all that may be told of a run that was told of before


def verify(chain: Chain, *, head: str | None = None) -> ChainReport:
    """Every fault of the trail. `head`: the hash of an event that somebody kept elsewhere."""
    events = chain.events
    words = _Words()
    faults = [*_links(events, words), *_agreement(words.runs, chain.runs, "run"), *words.faults]
    faults += _agreement(words.releases, chain.releases, "release")
    faults += _agreement(words.acknowledgements, chain.acknowledgements, "acknowledgement")
    faults += _agreement(words.trainings, chain.trainings, "training")
    faults += _agreement(words.entries, chain.entries, "entry")
    faults += _evidence(chain)
    known = next((_sequence(event) for event in events if head is not None and event["hash"] == head), None)
    if head is not None and known is None:
        faults.append(f"no event has the hash {head}: events up to it were cut off or written anew")
    began = events[0]["happened_at"] if events else None
    return ChainReport(
        faults=tuple(faults),
        event_count=len(events),
        run_count=len(chain.runs),
        release_count=len(chain.releases),
        acknowledgement_count=len(chain.acknowledgements),
        training_count=len(chain.trainings),
        entry_count=len(chain.entries),
        began_at=began if isinstance(began, datetime) else None,
        head=str(events[-1]["hash"]) if events else None,
        known_head=known,
    )


class _Words:
    """The newest word on each run, release, acknowledgement, training and entry of an incident, as events tell it."""

    def __init__(self) -> None:
        self.runs: dict[int, str] = {}
        self.releases: dict[int, str] = {}
        self.acknowledgements: dict[int, str] = {}
        self.trainings: dict[int, str] = {}
        self.entries: dict[int, str] = {}
        self.faults: list[str] = []
        self._kinds: dict[int, str] = {}
        self._ended: set[int] = set()  # trainings

    def hear(self, event: Row) -> None:
        """Take in what an event tells, whether it is as it was written or not."""
        try:
            what = json.loads(str(event["what"]))
            self._take(event, what)
        except (ValueError, TypeError, KeyError, AttributeError):
            self.faults.append(f"event {event['sequence']} cannot be read")

    def _take(self, event: Row, what: dict[str, Any]) -> None:
        if event["kind"] == EventKind.BEGAN:
            self.runs |= {int(number): str(told) for number, told in what["runs"].items()}
            self.releases |= {int(number): str(told) for number, told in what["releases"].items()}
            self._kinds |= {int(number): EventKind.HELD for number in what["held"]}
        elif "run" in what:
            self._take_run(event, int(what["run"]), str(what["content"]))
        elif "training" in what:
            self._take_training(event, int(what["training"]), what)
        elif "acknowledgement" in what:
            self._take_once(event, "acknowledgement", what, self.acknowledgements)
        elif "entry" in what:
            self._take_once(event, "entry", what, self.entries)
        else:
            self._take_once(event, "release", what, self.releases)

    def _take_run(self, event: Row, run: int, told: str) -> None:
        before, kind = self._kinds.get(run), str(event["kind"])
        if run in self.runs and not (before == EventKind.HELD and kind in _AFTER_HELD):
            self.faults.append(f"event {event['sequence']} tells of R{run} what was told before")
        self.runs[run], self._kinds[run] = told, kind

    def _take_once(self, event: Row, noun: str, what: dict[str, Any], words: dict[int, str]) -> None:
        number = int(what[noun])
        if number in words:
            self.faults.append(f"event {event['sequence']} tells of {_name(noun, number)} what was told before")
        words[number] = str(what["content"])

    def _take_training(self, event: Row, training: int, what: dict[str, Any]) -> None:
        """Told of as often as it moves on, until it ends."""
        if training in self._ended:
            self.faults.append(f"event {event['sequence']} tells of training {training}, which had ended")
        if what["state"] == State.ENDED:
            self._ended.add(training)
        self.trainings[training] = str(what["content"])


def _links(events: tuple[Row, ...], words: _Words) -> Iterator[str]:
    """Faults of the chain itself. What the events tell goes to `words`."""
    previous = BEFORE_ALL
    for place, event in enumerate(events, start=1):
        if event["sequence"] != place:
            yield f"event {place} is missing: event {event['sequence']} comes in its place"
        if (event["kind"] == EventKind.BEGAN) != (place == 1):
            yield f"event {event['sequence']} is {'no beginning' if place == 1 else 'a second beginning'} of the trail"
        if event["hash"] != seal(event):
            yield f"event {event['sequence']} is not as it was written"
        elif event["previous"] != previous:
            yield f"event {event['sequence']} does not follow the one before it"
        words.hear(event)
        previous = str(event["hash"])


def _agreement(words: dict[int, str], rows: tuple[Row, ...], noun: str) -> Iterator[str]:
    """Where the events and what they tell of do not agree."""
    standing = {row["id"]: content(row) for row in rows}
    if len(standing) != len(rows):
        yield f"there are two {noun}s of one number"
    for number, found in standing.items():
        told = words.get(number) if isinstance(number, int) else None
        if told is None:
            yield f"{_name(noun, number)} is in the database, and no event tells of it"
        elif told != found:
            yield f"{_name(noun, number)} is not as its newest event tells"
    for number in words.keys() - standing.keys():
        yield f"{_name(noun, number)} is told of by an event, and is not in the database"


def _evidence(chain: Chain) -> Iterator[str]:
    """Trials that releases were approved on and that are not as they were then."""
    for row in chain.releases:
        trial = row["trial"]
        if isinstance(trial, int) and chain.evidence.get(trial) != row["evidence"]:
            yield f"trial {trial}, on which release {row['id']} was approved, is not as it was then"


def _name(noun: str, number: object) -> str:
    named = {"run": "R{}", "entry": "entry {} of the incidents"}
    return named.get(noun, f"{noun} {{}}").format(number)


def _sequence(event: Row) -> int | None:
    sequence = event["sequence"]
    return sequence if isinstance(sequence, int) else None
