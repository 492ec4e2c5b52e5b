"""Read an archived delivery under two contracts at once, piece by piece, and compare what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO

import polars as pl

from ringback.contracts import ContractFile
from ringback.engine.local import Workspace, ahead
from ringback.errors import DeliveryRefused
from ringback.model.contract import Source
from ringback.model.delivery import Delivery
from ringback.model.finding import Finding, Verdict, verdict
from ringback.model.rows import LINE, no_rejects
from ringback.model.trial import RowChanges
from ringback.steps.audit_header import audit_header
from ringback.steps.read import Reading, RowChunk, read
from ringback.steps.trial.compare import Comparison
from ringback.steps.trial.piece import Piece, aligned
from ringback.steps.trial.sample import drawn
from ringback.store.archive import Archive
from ringback.workflows.reading import Gathered, Read

Advance = Callable[[int], None]  # bytes of the delivery that are behind


class OldUnreadable(Exception):
    """The approved contract cannot read the delivery any more; `told` says why, without values."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Where deliveries are read again, and how much of them."""

    archive: Archive
    workspace: Workspace
    share: float = 1.0  # of the rows, 0 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """One delivery under both contracts."""

    old: Read
    new: Read
    changes: RowChanges


def reread(
    delivery: Delivery,
    contracts: tuple[ContractFile, ContractFile],
    pages: Pages,
    comparison: Comparison,
    *,
    advance: Advance,
) -> Reread:
    """Read under (the approved contract, the working copy). The text is split once where both split it alike.

    Raises: DeliveryRefused, where the working copy cannot read it; OldUnreadable; StoreError, where the bytes are gone.
    """
    with ExitStack() as stack:
        new = _Side(delivery, contracts[1], pages, stack)
        try:
            old = _Side(delivery, contracts[0], pages, stack)
        except DeliveryRefused as refusal:
            raise OldUnreadable(refusal.what) from None
        _require_readable(old, new)
        alike = dialect(old.source) == dialect(new.source)
        pieces = _together(old, new, advance) if alike else _apart(old, new, advance)
        changes = sum((comparison.take(before, after) for before, after in pieces), RowChanges())
        rows_from = old if alike else new
        return Reread(old=old.finish(old.reading), new=new.finish(rows_from.reading), changes=changes)


def _require_readable(old: _Side, new: _Side) -> None:
    for finding in _refusing(old.findings):
        raise OldUnreadable(finding.why)
    for finding in _refusing(new.findings):
        raise DeliveryRefused(finding.why, where=new.delivery.file_name, mend=finding.mend)


def _refusing(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(each for each in findings if verdict((each,)) is Verdict.REFUSE)


def dialect(source: Source) -> Source:
    """What decides how bytes become rows."""
    return source.model_copy(update={"files": None, "issued": None})


class _Side:
    """One contract's reading of a delivery."""

    def __init__(self, delivery: Delivery, contract: ContractFile, pages: Pages, stack: ExitStack) -> None:
        self.delivery, self._file, self._pages, self._stack = delivery, contract, pages, stack
        self.source = contract.contract.source
        stored: BinaryIO = stack.enter_context(pages.archive.open(delivery.sha256))
        self.reading: Reading = read(stored, self.source, file_name=delivery.file_name)
        self.findings = audit_header(
            self.reading.header,
            self.reading.columns,
            contract.contract,
            line_of=contract.line,
            file_name=delivery.file_name,
        )
        self._gathered = Gathered(contract.contract, pages.workspace, seed=int(delivery.sha256[:15], 16))

    def none(self) -> Piece:
        """An empty piece."""
        fields = {name: spec.dtype for name, spec in self._file.contract.fields.items()}
        rows = {LINE: pl.Int64(), **dict.fromkeys(self.reading.columns, pl.String())}
        return Piece(
            rows=pl.DataFrame(schema=rows),
            records=pl.DataFrame(schema={LINE: pl.Int64(), **fields}),
            rejects=no_rejects(),
        )

    def chunks(self, *, by_key: bool) -> Iterator[RowChunk]:
        """The rows, or those of the sample: drawn by key where both contracts see the same rows."""
        contract = self._file.contract if by_key else None
        for chunk in ahead(self.reading.chunks()):
            yield chunk if self._pages.share >= 1 else drawn(chunk, contract, self._pages.share)

    def take(self, chunk: RowChunk) -> Piece:
        """Interpret some rows, and keep what comes of them."""
        taken = self._gathered.take(chunk)
        return Piece(rows=chunk.rows, records=taken.records, rejects=taken.rejects)

    def pieces(self) -> Iterator[Piece]:
        """All of the delivery."""
        for chunk in self.chunks(by_key=False):
            yield self.take(chunk)

    def finish(self, reading: Reading) -> Read:
        """The whole, as an import would have it; `reading` gave the rows."""
        return self._gathered.finish(self._file, reading, self.findings)


def _together(old: _Side, new: _Side, advance: Advance) -> Iterator[tuple[Piece, Piece]]:
    for chunk in old.chunks(by_key=True):
        yield old.take(chunk), new.take(chunk)
        advance(old.reading.byte_count)


def _apart(old: _Side, new: _Side, advance: Advance) -> Iterator[tuple[Piece, Piece]]:
    for pair in aligned(_told_apart(old.pieces()), new.pieces(), (old.none(), new.none())):
        yield pair
        advance(new.reading.byte_count)


def _told_apart(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Raises: OldUnreadable, instead of the refusal that the working copy would have."""
    try:
        yield from pieces
    except DeliveryRefused as refusal:
        raise OldUnreadable(refusal.what) from None
