"""A run's delivery read again from the archive: what an import under a contract took of it, and what not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from ringback.contracts import ContractFile
from ringback.engine.local import Partitions, Spool, Workspace
from ringback.errors import DeliveryRefused
from ringback.model.contract import Contract
from ringback.model.finding import Severity
from ringback.model.rows import LINE
from ringback.model.run import Run
from ringback.steps.plan import compared, held_schema, set_apart
from ringback.workflows.import_file import Asked
from ringback.workflows.place import Place
from ringback.workflows.reading import Read, read_delivery
from ringback.workflows.release import delivery_of
from ringback.workflows.stopwatch import Stopwatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Redelivered:
    """A delivery read again.

    records  LINE, then the columns that a held record has under the contract `like`; null where this reading has none.
    rejects  rows that could not be read (REJECT_SCHEMA).
    apart    lines of rows that were not taken, for they share their key with another.
    spared   key columns of clients whom the delivery names in rows that were not taken.
    """

    records: Partitions
    rejects: Spool
    apart: pl.DataFrame
    spared: pl.DataFrame


def read_again(
    run: Run, contract: ContractFile, place: Place, asked: Asked, *, like: Contract, workspace: Workspace
) -> Redelivered:
    """Read an import's delivery under a contract; its records come in the shape of another contract of the feed.

    Raises: DeliveryRefused; StoreError, when the archive does not have the bytes.
    """
    read = read_delivery(
        delivery_of(run),
        contract,
        place.archive,
        workspace=workspace,
        progress=asked.progress,
        watch=Stopwatch(),
    )
    if read.refused:
        raise _refused(run, contract, read)
    schema = pl.Schema({LINE: pl.Int64(), **held_schema(like)})
    records, apart = Partitions(workspace, schema, key=like.key), [pl.DataFrame(schema={LINE: pl.Int64()})]
    shape, spared = tuple(_shape(contract.contract, like)), [read.spared]
    for number in range(read.records.count):
        every = read.records.part(number)
        shared = set_apart(every, contract.contract)
        apart.append(shared.select(LINE))
        spared.append(shared.select(read.spared.columns))
        records.append(every.join(apart[-1], on=LINE, how="anti", maintain_order="left").select(shape))
    return Redelivered(records=records, rejects=read.rejects, apart=pl.concat(apart), spared=pl.concat(spared))


def says(contract: Contract, like: Contract) -> tuple[str, ...]:
    """The columns of `like` that a record read under this contract has a value for."""
    schema = held_schema(contract)
    return tuple(name for name, dtype in held_schema(like).items() if schema.get(name) == dtype)


def _refused(run: Run, contract: ContractFile, read: Read) -> DeliveryRefused:
    reasons = [finding.why for finding in read.findings if finding.severity is Severity.REFUSE]
    return DeliveryRefused(
        f"the delivery of {run.name} cannot be read again",
        where=contract.name,
        why="; ".join(reasons),
        mend="the contract must fit this delivery too; nothing was written",
    )


def _shape(contract: Contract, like: Contract) -> Iterator[pl.Expr]:
    said, schema = says(contract, like), held_schema(like)
    yield pl.col(LINE)
    for name in compared(like):
        if name in contract.fields and name in said:
            yield pl.col(name)
        elif name in said:  # a delivered client is not closed
            yield pl.lit(value=False).alias(name)
        else:
            yield pl.lit(None, dtype=schema[name]).alias(name)
