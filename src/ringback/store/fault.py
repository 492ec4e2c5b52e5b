"""What a database says when it refuses, without the client values that its messages may hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from ringback.errors import StaleChangeSet, StoreError


class Cause(StrEnum):
    """Why the database refused."""

    UNIQUE = "unique"
    CONSTRAINT = "constraint"
    REQUIRED = "required"
    LOCKED = "locked"
    CONFLICT = "conflict"
    FULL = "full"
    READ_ONLY = "read-only"
    DENIED = "denied"
    GONE = "gone"
    AWAY = "away"
    TOO_LARGE = "too large"
    UNSTORABLE = "unstorable"
    ABSENT = "absent"
    DAMAGED = "damaged"
    OTHER = "other"


_SAID = {
    Cause.UNIQUE: ("a value would be there twice, against {name}", "Correct the delivery, or the table's constraint."),
    Cause.CONSTRAINT: ("a record breaks the table's own constraint {name}", "Correct the records or the constraint."),
    Cause.REQUIRED: ("{name} may not be empty", "Give the column a default, or bring it into the contract."),
    Cause.LOCKED: ("the database is locked by somebody else", "Wait until the other work is done, and try again."),
    Cause.CONFLICT: ("somebody else was changing the same records", "Try again."),
    Cause.FULL: ("the disk or the database is full", "Make room, and try again."),
    Cause.READ_ONLY: ("the database cannot be written to", "Make its file and folder, or the server, writable."),
    Cause.DENIED: ("the database user may not do this", "Grant the user the right to it."),
    Cause.GONE: ("the connection to the database was lost", "Try again when the database is back."),
    Cause.AWAY: ("the database cannot be reached", "Check the target, and that the server runs."),
    Cause.TOO_LARGE: ("a number is too large for its column", "Widen the column, or limit the field (maximum)."),
    Cause.UNSTORABLE: ("a value is not one that its column can hold", "Compare the contract's types with the table's."),
    Cause.ABSENT: ("a table, column or schema is not there ({name})", "Create it, or correct the contract's target."),
    Cause.DAMAGED: ("the file is not a sound database", "Restore it from a backup; do not write to it."),
    Cause.OTHER: ("the database refused ({name})", "Look into the database's own log at this time."),
}


class DatabaseRefused(Exception):
    """A refusal on its way to becoming a StoreError. Inside the store only."""

    def __init__(self, cause: Cause, name: str = "") -> None:
        super().__init__(cause, name)
        self.cause, self.name = cause, name

    def told(self, where: str, why: str) -> StoreError:
        """The same for people. `why` says what is and what is not in the database."""
        what, mend = _SAID[self.cause]
        kind = StaleChangeSet if self.cause is Cause.CONFLICT else StoreError
        return kind(what.format(name=self.name or "no more is known"), where=where, why=why, mend=mend)


@contextmanager
def speaking(where: str, why: str) -> Iterator[None]:
    """Turn a refusal inside the block into a StoreError that says what is and what is not in the database."""
    try:
        yield
    except DatabaseRefused as refused:
        raise refused.told(where, why) from None
