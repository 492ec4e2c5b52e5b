"""Plan and audit one delivery that was read, partition by partition."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import polars as pl

from ringback.engine.local import Partitions, Spool, Workspace, align
from ringback.model.baseline import Measures
from ringback.model.change import ChangeSet, Digest, Summary
from ringback.model.contract import Contract
from ringback.model.delivery import Delivery
from ringback.model.diagnosis import Diagnosis
from ringback.model.finding import Finding
from ringback.model.phone import PhoneSettings
from ringback.model.reading import ReadingSummary
from ringback.model.rows import LINE, REJECT_SCHEMA
from ringback.model.run import Run
from ringback.steps.audit import Evidence, audit
from ringback.steps.callers import ShownNames
from ringback.steps.diagnose import diagnose_keys
from ringback.steps.digest import digest_all
from ringback.steps.gauge import Gauge
from ringback.steps.guard.findings import Suspicion
from ringback.steps.measure import Counts, measure
from ringback.steps.plan import compared, held_schema, plan, set_apart
from ringback.steps.summarise import summarise
from ringback.workflows.reading import Read

COMPARED_KEYS = 2_000_000  # of new clients, and of those who are gone: beyond, some stand for all

Held = Callable[[], Iterator[pl.DataFrame]]  # all held records, in frames
DeliveredRows = Callable[[pl.Series], pl.DataFrame]  # lines -> rows as delivered


class Planned:
    """What an import would do: change sets, their sum, and the findings.

    Change sets of one partition are kept; those of many are made anew each time they are asked for.
    """

    def __init__(
        self,
        read: Read,
        held: Held,
        workspace: Workspace,
        delivered: DeliveredRows,
        *,
        phone: PhoneSettings | None = None,
    ) -> None:
        self.read, self.delivered = read, delivered
        self.held = Partitions(workspace, held_schema(self.contract), key=self.contract.key)
        if read.records.count > 1:
            self.held.split()  # both sides outgrow memory together
        for frame in held():
            self.held.append(frame.select(compared(self.contract)))
        align(read.records, self.held)
        self._apart = _set_apart(read.records, self.contract, workspace)
        self._kept = tuple(self._make()) if read.records.count == 1 else None
        self._gauge = Gauge(self.contract)
        self.names = ShownNames(phone, self.contract)
        watched = self.names.watch(self._gauge.watch(self.change_sets()))
        self.summary: Summary = summarise(watched, self.contract, held_count=self.held.row_count)
        self.reading: ReadingSummary = replace(read.summary, duplicate=self._apart.row_count)

    @property
    def contract(self) -> Contract:
        """The contract that it was planned under."""
        return self.read.contract.contract

    def held_digest(self) -> Digest:
        """The digest of all that is held."""
        parts = (self.held.part(number) for number in range(self.held.count))
        return digest_all(parts, self.contract.key, compared(self.contract))

    def change_sets(self) -> Iterator[ChangeSet]:
        """One change set a partition."""
        return iter(self._kept) if self._kept is not None else self._make()

    def measures(self, baseline: Sequence[Measures], delivery: Delivery) -> Measures:
        """What a baseline keeps of it, after those of earlier deliveries (the oldest first)."""
        counts = Counts(
            rows=self.reading.read - self.reading.skipped,
            held=self.held.row_count,
            kept=self._gauge.kept_count,
            added=self.summary.added,
            missing=self.summary.missing,
            duplicate=self.reading.duplicate,
            size_bytes=delivery.size_bytes,
            columns=self.read.columns,
            issued=datetime.fromisoformat(delivery.issued).date() if delivery.issued else None,  # never a clock's day
        )
        last = baseline[-1] if baseline else None
        return measure(self.read.profile, self._gauge.churns, counts, self.contract, last=last)

    def diagnoses(self) -> tuple[Diagnosis, ...]:
        """What misreadings explain of the changed values; and of keys, where clients come and others are gone."""
        keys = self._keys() if self.summary.added and self.summary.missing else None
        return self._gauge.diagnoses if keys is None else (*self._gauge.diagnoses, keys)

    def _keys(self) -> Diagnosis | None:
        """A key written otherwise falls into another partition: all are looked at together."""
        key, most = list(self.contract.key), 1 + COMPARED_KEYS // self.read.records.count
        gone: list[pl.DataFrame] = []
        added: list[pl.DataFrame] = []
        for changes in self.change_sets():
            gone.append(changes.missing.head(most))
            added.append(changes.added.select(key).head(most))
        return diagnose_keys(pl.concat(gone), pl.concat(added), self.contract)

    def rejects(self) -> Iterator[pl.DataFrame]:
        """Rows for quarantine: those that could not be read, then those that share their key."""
        yield from self.read.rejects
        yield from (as_rejects(self.delivered(apart[LINE]), self.contract) for apart in self._apart)

    def sample(self) -> pl.DataFrame:
        """The sample's rows that became records: LINE and `text`."""
        rows = self.read.sample
        for apart in self._apart:
            rows = rows.join(apart.select(LINE), on=LINE, how="anti")
        return rows

    def _make(self) -> Iterator[ChangeSet]:
        key = list(self.contract.key)
        for number in range(self.read.records.count):
            records, spared = self.read.records.part(number), [self.read.spared]
            for apart in self._apart:
                records = records.join(apart.select(LINE), on=LINE, how="anti", maintain_order="left")
                spared.append(apart.select(key))
            yield plan(records, self.held.part(number), self.contract, spared=pl.concat(spared).unique())


def judge(
    planned: Planned, *, last: Run | None, file_name: str, suspicion: Suspicion | None = None
) -> tuple[Finding, ...]:
    """The findings of a planned delivery, its header's first."""
    evidence = Evidence(
        contract=planned.contract,
        line_of=planned.read.contract.line,
        file_name=file_name,
        reading=planned.reading,
        changes=planned.summary,
        last=last,
        suspicion=suspicion or Suspicion(),
    )
    return (*planned.read.findings, *audit(evidence), *planned.names.findings())


def _set_apart(records: Partitions, contract: Contract, workspace: Workspace) -> Spool:
    """The rows that share their key with another row of the delivery."""
    apart = Spool(workspace)
    for number in range(records.count):
        apart.append(set_apart(records.part(number), contract))
    return apart


def as_rejects(rows: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Rows that share their key, as rejects of whole rows."""
    told = rows.select(pl.col(LINE).alias("line"), pl.struct(pl.exclude(LINE)).struct.json_encode().alias("row"))
    return told.select(
        "line",
        pl.lit(1, dtype=pl.Int32).alias("fault"),
        pl.lit(None, dtype=pl.String).alias("column"),
        pl.lit(None, dtype=pl.String).alias("field"),
        pl.lit("key.duplicate").alias("code"),
        pl.col("row").alias("raw"),
        pl.lit(f"shares its key ({', '.join(contract.key)}) with another row").alias("reason"),
        "row",
    ).match_to_schema(REJECT_SCHEMA)
