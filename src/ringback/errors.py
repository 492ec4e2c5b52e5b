"""Every error ringback raises on purpose. Data that is wrong is a `Finding`, not an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringback.model.release import Difference

MANY = 20  # differences of a contract that a message lists


class RingbackError(Exception):
    """The set-up is wrong: what, where, why, and how to mend it. No client value appears in any of the four.

    `exit_code` is the command line's contract: 2 usage or contract, 4 refused.
    """

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", why: str = "", mend: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.why, self.mend = what, where, why, mend

    def __reduce__(self) -> tuple[object, ...]:  # engines run elsewhere: keyword arguments must survive pickling
        return (_rebuild, (type(self), self.what, self.where, self.why, self.mend))

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return "\n".join(part for part in (head, self.why, self.mend) if part)


def _rebuild(kind: type[RingbackError], what: str, where: str, why: str, mend: str) -> RingbackError:
    return kind(what, where=where, why=why, mend=mend)


class UsageError(RingbackError):
    """The command or call was given something that it cannot take."""


class ContractError(RingbackError):
    """A contract or project file has faults; `faults` has all of them, in the order of the file."""

    def __init__(
        self, what: str, *, where: str = "", why: str = "", mend: str = "", faults: tuple[str, ...] = ()
    ) -> None:
        super().__init__(what, where=where, why=why, mend=mend)
        self.faults = faults

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_contract_error, (self.what, self.where, self.why, self.mend, self.faults))


def _rebuild_contract_error(what: str, where: str, why: str, mend: str, faults: tuple[str, ...]) -> ContractError:
    return ContractError(what, where=where, why=why, mend=mend, faults=faults)


class DeliveryRefused(RingbackError):
    """The file cannot be received or read as a whole; nothing of it is in the database."""

    exit_code = 4


class NotApproved(RingbackError):
    """The contract or the software that would read the delivery is not an approved release.

    `differences` has what the contract says otherwise than the approved one.
    """

    exit_code = 4

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        why: str = "",
        mend: str = "",
        differences: tuple[Difference, ...] = (),
    ) -> None:
        super().__init__(what, where=where, why=why, mend=mend)
        self.differences = differences

    def __str__(self) -> str:
        head, mend = super().__str__().removesuffix(self.mend), self.mend
        return "\n".join([head.rstrip("\n"), *(f"  {each}" for each in self.differences[:MANY]), mend])

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_not_approved, (type(self), self.what, self.where, self.why, self.mend, self.differences))


def _rebuild_not_approved(
    kind: type[NotApproved], what: str, where: str, why: str, mend: str, differences: tuple[Difference, ...]
) -> NotApproved:
    return kind(what, where=where, why=why, mend=mend, differences=differences)


class ApprovalRefused(NotApproved):
    """A contract may not be approved like this: it was not tried, or not by this person. Nothing was written."""

    exit_code = 2


class StoreError(RingbackError):
    """The database or the archive cannot be used: away, locked, full, or not what the contract needs.

    Says in `why` what is and what is not in the database.
    """

    exit_code = 1


class StaleChangeSet(StoreError):
    """The held records are not those that the change set was made from; plan again."""


class ReadBackMismatch(StoreError):
    """The live table does not hold what the run was to write; the run was undone."""


class PlanChanged(RingbackError):
    """The held records are no longer those that a held run's plan was made from."""

    exit_code = 4
