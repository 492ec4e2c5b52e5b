"""Read and interpret one delivery, chunk by chunk, within bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from ringback.contracts import ContractFile
from ringback.engine.local import Partitions, Spool, Workspace, ahead
from ringback.model.contract import Contract
from ringback.model.delivery import Delivery
from ringback.model.field import FieldSpec
from ringback.model.finding import Finding, Verdict, verdict
from ringback.model.profile import Profile
from ringback.model.progress import Progress
from ringback.model.reading import ReadingDigest, ReadingSummary
from ringback.model.rows import LINE
from ringback.steps.audit_header import audit_header
from ringback.steps.interpret import Interpretation, interpret
from ringback.steps.profile import profile
from ringback.steps.read import Reading, RowChunk, read
from ringback.steps.reading_digest import ReadingHash
from ringback.steps.reject_groups import RejectGroups, add_rejects
from ringback.steps.sample import Sample
from ringback.store.archive import Archive
from ringback.workflows.stopwatch import Stopwatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A delivery as read: nothing compared yet.

    `refused` has the header's findings when they refuse the delivery; then no row was read.
    """

    contract: ContractFile
    columns: tuple[str, ...]
    records: Partitions
    rejects: Spool
    spared: pl.DataFrame  # key columns of quarantined rows whose client can be told
    sample: pl.DataFrame
    profile: Profile
    summary: ReadingSummary
    digest: ReadingDigest
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> bool:
        """Whether the header refuses the delivery."""
        return verdict(self.findings) is Verdict.REFUSE


def read_delivery(
    delivery: Delivery,
    contract_file: ContractFile,
    archive: Archive,
    *,
    workspace: Workspace,
    progress: Progress,
    watch: Stopwatch,
) -> Read:
    """Bytes -> typed records and rejects. Raises: DeliveryRefused."""
    contract = contract_file.contract
    with archive.open(delivery.sha256) as stored:
        with watch.step("read"):
            reading = read(stored, contract.source, file_name=delivery.file_name)
        findings = audit_header(
            reading.header,
            reading.columns,
            contract,
            line_of=contract_file.line,
            file_name=delivery.file_name,
        )
        gathered = Gathered(contract, workspace, seed=int(delivery.sha256[:15], 16))
        if verdict(findings) is not Verdict.REFUSE:
            _gather(reading, gathered, delivery, progress, watch)
            progress.at("read.done")
        return gathered.finish(contract_file, reading, findings)


def _gather(reading: Reading, gathered: Gathered, delivery: Delivery, progress: Progress, watch: Stopwatch) -> None:
    chunks = ahead(reading.chunks())
    while (chunk := _next(chunks, watch)) is not None:
        with watch.step("interpret"):
            gathered.take(chunk)
        progress.advance("read", done=reading.byte_count, total=delivery.size_bytes)


def _next(chunks: Iterator[RowChunk], watch: Stopwatch) -> RowChunk | None:
    with watch.step("read"):
        return next(chunks, None)


class Gathered:
    """What one contract makes of a delivery, chunk by chunk."""

    def __init__(self, contract: Contract, workspace: Workspace, *, seed: int) -> None:
        self._contract = contract
        self._keys_only = _keys_only(contract)
        schema = pl.Schema({LINE: pl.Int64(), **{name: spec.dtype for name, spec in contract.fields.items()}})
        self.records = Partitions(workspace, schema, key=contract.key)
        self.rejects = Spool(workspace)
        self._spared: list[pl.DataFrame] = [pl.DataFrame(schema={name: schema[name] for name in contract.key})]
        self._sample = Sample(seed=seed)
        self._profile = profile(pl.DataFrame(schema=schema), contract)
        self._unique: dict[str, list[pl.Series]] = {
            name: [] for name, spec in contract.fields.items() if spec.constraints.unique
        }
        self._groups: RejectGroups = {}
        self._counts: Counter[str] = Counter()
        self._hash = ReadingHash(contract.fields)

    def take(self, chunk: RowChunk) -> Interpretation:
        """Interpret a chunk and keep what comes of it. Returns: the same, the chunk's own rejects among the others."""
        interpretation = interpret(chunk.rows, self._contract)
        rejects = pl.concat([chunk.rejects, interpretation.rejects])
        self._keep_records(chunk, interpretation.records)
        self._keep_rejects(chunk, interpretation, rejects)
        self._profile += profile(interpretation.records, self._contract, rejects=interpretation.rejects)
        self._hash.take(interpretation.records, rejects)
        self._counts["read"] += chunk.row_count
        return Interpretation(records=interpretation.records, rejects=rejects)

    def _keep_records(self, chunk: RowChunk, records: pl.DataFrame) -> None:
        self.records.append(records)
        for name, hashes in self._unique.items():
            hashes.append(records[name].drop_nulls().hash(seed=3))
        positions = chunk.rows.select(LINE).with_row_index("position").join(records.select(LINE), on=LINE, how="semi")
        of_record = positions["position"].to_list() if positions.height < chunk.rows.height else None
        self._sample.offer(
            positions[LINE],
            lambda places: chunk.texts([of_record[place] for place in places] if of_record else list(places)),
        )

    def _keep_rejects(self, chunk: RowChunk, interpretation: Interpretation, rejects: pl.DataFrame) -> None:
        if rejects.is_empty():
            return
        self.rejects.append(rejects)
        add_rejects(rejects, self._groups)
        rejected = chunk.rows.join(interpretation.rejects.select(pl.col("line").alias(LINE)), on=LINE, how="semi")
        told = interpret(rejected, self._keys_only).records.select(self._contract.key)
        self._spared.append(told)
        self._counts["quarantined"] += rejects["line"].n_unique()
        self._counts["keyless"] += rejects["line"].n_unique() - told.height

    def finish(self, contract_file: ContractFile, reading: Reading, findings: tuple[Finding, ...]) -> Read:
        """All of it, in numbers."""
        summary = ReadingSummary(
            read=self._counts["read"],
            records=self.records.row_count,
            quarantined=self._counts["quarantined"],
            keyless=self._counts["keyless"],
            skipped_by=dict(reading.skipped),
            rejects=tuple(sorted(self._groups.values(), key=lambda group: -group.row_count)),
            repeated={name: _repeated(hashes) for name, hashes in self._unique.items()},
        )
        return Read(
            contract=contract_file,
            columns=reading.columns,
            records=self.records,
            rejects=self.rejects,
            spared=pl.concat(self._spared),
            sample=self._sample.rows(),
            profile=self._profile,
            summary=summary,
            digest=self._hash.finish(),
            findings=findings,
        )


def _keys_only(contract: Contract) -> Contract:
    fields: dict[str, FieldSpec] = {name: contract.fields[name] for name in contract.key}
    return contract.model_copy(update={"fields": fields})


def _repeated(hashes: list[pl.Series]) -> int:
    """How many rows share a value; equal hashes of 64 bits are taken as equal values."""
    return int(pl.concat(hashes).is_duplicated().sum()) if hashes else 0
