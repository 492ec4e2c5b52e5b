"""Read back inside the run's own transaction: what readers would see, before they see it."""

from __future__ import annotations

import polars as pl

from ringback.engine.local import ahead
from ringback.errors import ReadBackMismatch
from ringback.model.canonical import from_text, text_of
from ringback.model.change import Digest, Summary
from ringback.model.contract import Contract
from ringback.model.rows import LINE
from ringback.steps.digest import digest_all
from ringback.steps.interpret.reference import read_records
from ringback.steps.plan import compared
from ringback.steps.read.row_reference import row_of
from ringback.steps.readback import LiveCheck, Mismatch
from ringback.store.protocol import Publication
from ringback.workflows.planning import Planned


def prepare(planned: Planned) -> LiveCheck:
    """Read the sample with the reference reader: what the live table will be held against.

    Raises: ReadBackMismatch, where the reference reader cannot read what the fast reader read.
    """
    contract = planned.contract
    return LiveCheck(contract.key, compared(contract), _read_sample(planned, contract))


def standing(publication: Publication, contract: Contract) -> Digest:
    """What the table holds before anything is written; only its size, where the database tells later what was."""
    if publication.tells_written:
        return Digest(publication.row_count())
    return digest_all(publication.held(), contract.key, compared(contract))


def read_back(
    publication: Publication, check: LiveCheck, planned: Summary, contract: Contract, *, before: Digest
) -> None:
    """Compare the live table with what was planned: every record that can have changed, and their number.

    before: the table's `standing`. Where the database tells what this transaction wrote, only that is read: the rest is
        the snapshot that was planned from.
    Raises: ReadBackMismatch; the caller's transaction is rolled back by it.
    """
    columns, after = compared(contract), before - planned.leaves + planned.enters
    for frame in ahead(publication.written() if publication.tells_written else publication.held()):
        check.take(frame.select(columns))
    row_count = publication.row_count() if publication.tells_written else after.row_count
    expected = planned.enters if publication.tells_written else after
    require_agreement(check.against(expected) or _size_mismatch(after.row_count, row_count), contract)


def compare_delivered(publication: Publication, check: LiveCheck, planned: Planned) -> None:
    """Compare the sample's records with the delivered bytes, after `read_back`.

    Raises: ReadBackMismatch; the caller's transaction is rolled back by it.
    """
    if publication.tells_written:
        for number in range(planned.held.count):
            check.take_unwritten(planned.held.part(number))
    require_agreement(check.against_delivered(), planned.contract)


def _size_mismatch(planned: int, found: int) -> Mismatch | None:
    return Mismatch(fields=(), row_count=abs(planned - found)) if planned != found else None


def require_agreement(mismatch: Mismatch | None, contract: Contract) -> None:
    """Raises: ReadBackMismatch, when there is a mismatch."""
    if mismatch is not None:
        raise _error(mismatch, contract)


def _read_sample(planned: Planned, contract: Contract) -> pl.DataFrame:
    """The sampled rows as the reference reader reads them: `line`, typed key, canonical texts of the other fields."""
    sample = planned.sample()
    cells = [row_of(text, contract.source, planned.read.columns) for text in sample["text"]]
    records = read_records(cells, contract)
    unread = [line for line, record in zip(sample[LINE], records, strict=True) if record.faults]
    if unread:
        mismatch = Mismatch(fields=(), row_count=len(unread), lines=tuple(unread[:5]), kind="delivered")
        raise _error(mismatch, contract)
    rows = [
        [line, *(text_of(record.values[name]) for name in contract.fields)]
        for line, record in zip(sample[LINE], records, strict=True)
    ]
    schema = {"line": pl.Int64(), **dict.fromkeys(contract.fields, pl.String())}
    texts = pl.DataFrame(rows, schema=schema, orient="row")
    return texts.with_columns(from_text(pl.col(name), contract.fields[name].dtype).alias(name) for name in contract.key)


def _error(mismatch: Mismatch, contract: Contract) -> ReadBackMismatch:
    fields = ", ".join(mismatch.fields) or "all fields"
    count = "some" if mismatch.row_count is None else f"{mismatch.row_count:,}"
    lines = f"; delivered in line {', '.join(map(str, mismatch.lines))}" if mismatch.lines else ""
    other = "as planned" if mismatch.kind == "planned" else "as the reference reader reads the delivered bytes"
    return ReadBackMismatch(
        f"the live table does not hold {fields} {other} ({count} records{lines})",
        where=f"table {contract.target.table}",
        why="the run was undone before any reader saw it; the table is as it was",
        mend="look for triggers or rules that change values; if there are none, this is a bug of ringback",
    )
