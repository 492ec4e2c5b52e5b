"""Read back inside the run's own transaction: what readers would see, before they see it."""

from __future__ import annotations

import polars as pl

from ringback.errors import ReadBackMismatch
from ringback.model.canonical import from_text, text_of
from ringback.model.contract import Contract
from ringback.model.progress import Progress
from ringback.model.rows import LINE
from ringback.steps.digest import Digest, change_digest
from ringback.steps.interpret.reference import read_records
from ringback.steps.plan import compared
from ringback.steps.read.reference import split
from ringback.steps.readback import LiveCheck, Mismatch
from ringback.store.protocol import Publication
from ringback.workflows.planning import Planned


def prepare(planned: Planned) -> LiveCheck:
    """Read the sample with the reference reader: what the live table will be held against.

    Raises: ReadBackMismatch, where the reference reader cannot read what the fast reader read.
    """
    contract = planned.contract
    return LiveCheck(contract.key, compared(contract), _read_sample(planned, contract))


def read_back(publication: Publication, planned: Planned, check: LiveCheck, progress: Progress) -> None:
    """Compare the live table with the plan (all records) and with the delivered bytes (the sample).

    Raises: ReadBackMismatch; the caller's transaction is rolled back by it.
    """
    contract, columns = planned.contract, compared(planned.contract)
    for frame in publication.held():
        check.take(frame.select(columns))
    progress.at("readback.read")
    require_agreement(check.against(_planned_digest(planned, columns)) or check.against_delivered(), contract)
    progress.at("readback.agreed")


def require_agreement(mismatch: Mismatch | None, contract: Contract) -> None:
    """Raises: ReadBackMismatch, when there is a mismatch."""
    if mismatch is not None:
        raise _error(mismatch, contract)


def _planned_digest(planned: Planned, columns: list[str]) -> Digest:
    total = planned.held_digest
    for changes in planned.change_sets():
        leaves, enters = change_digest(changes, columns)
        total = total - leaves + enters
    return total


def _read_sample(planned: Planned, contract: Contract) -> pl.DataFrame:
    """The sampled rows as the reference reader reads them: `line`, typed key, canonical texts of the other fields."""
    sample = planned.sample()
    cells = [dict(zip(planned.read.columns, split(text, contract.source), strict=False)) for text in sample["text"]]
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
