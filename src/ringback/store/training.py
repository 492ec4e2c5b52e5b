"""Trainings: one row each, as it stands. Their order is that of their numbers."""

from __future__ import annotations

from dataclasses import replace

from pydantic import ValidationError

from ringback.errors import StoreError
from ringback.model.training import State, Training
from ringback.store.link import Link
from ringback.store.own import TRAINING, TRAINING_SHAPE, next_number
from ringback.store.shape import frame


def store(link: Link, training: Training) -> Training:
    """Write a training; a new one under a number of its own. Inside a transaction that no other of this kind overlaps.

    Raises: StoreError, when it is not there, or has ended.
    """
    if training.id:
        _require_open(link, training)
        link.run(f"delete from {TRAINING.sql} where id = $1", training.id)
    else:
        given = next_number(link, TRAINING)
        training = replace(training, id=given)
    told = {
        "id": training.id,
        "feed": training.feed,
        "state": str(training.state),
        "begun_at": training.begun_at,
        "done_by": training.by,
        "told": training.to_json(),
    }
    link.ingest(TRAINING, frame(TRAINING_SHAPE, told), TRAINING_SHAPE)
    return training


def of_feed(link: Link, feed: str) -> tuple[Training, ...]:
    """All of a feed, newest first; none in tables of an older ringback."""
    if TRAINING.name not in link.dialect.tables(link, (TRAINING.name,)):
        return ()
    found = link.fetch(TRAINING_SHAPE, f"from {TRAINING.sql} where feed = $1", feed).sort("id", descending=True)
    return tuple(_read(text, number) for text, number in found.select("told", "id").iter_rows())


def _require_open(link: Link, training: Training) -> None:
    states = link.fetch(TRAINING_SHAPE, f"from {TRAINING.sql} where id = $1", training.id)["state"].to_list()
    if states in ([], [State.ENDED]):
        raise StoreError(
            f"training {training.id} {'has ended' if states else 'is not in the database'}",
            why="Nothing of this is in the database.",
            mend=f"begin another: ringback drill {training.feed} --train",
        )


def _read(text: str, number: int) -> Training:
    try:
        return Training.from_json(text)
    except ValidationError:
        raise StoreError(
            f"training {number} is not as it was written",
            where=TRAINING.name,
            why="Somebody has changed it. Nothing was written.",
            mend="see what else: ringback check --audit-trail",
        ) from None
