"""Read and interpret what is tried; where only a few fields can differ, these alone, the others are as they were."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from ringback.errors import DeliveryRefused
from ringback.model.contract import Contract
from ringback.model.delivery import Delivery
from ringback.model.finding import Finding, Severity, Verdict, verdict
from ringback.model.reading import ReadingSummary
from ringback.model.rows import LINE, no_rejects
from ringback.steps.audit_header import audit_header
from ringback.steps.drill.attempts import Attempt, clean
from ringback.steps.drill.ground import Ground, text_bytes
from ringback.steps.drill.written import written
from ringback.steps.interpret import Interpretation, interpret
from ringback.steps.order import audit_order
from ringback.steps.plan import set_apart
from ringback.steps.read import read

FILE = "drill.csv"  # a name that says nothing: rows of a sample have no file


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an attempt makes of the rows: nothing is compared yet.

    contract  as it misreads; only the key and the fields that can differ, where that is all.
    interpreted  LINE and this contract's fields: all that could be read.
    records   of them, those with a key of their own.
    spared    key columns of rows that were not taken and tell which client they are.
    """

    contract: Contract
    interpreted: pl.DataFrame
    records: pl.DataFrame
    rejects: pl.DataFrame
    spared: pl.DataFrame
    summary: ReadingSummary
    columns: tuple[str, ...]
    text_bytes: int
    findings: tuple[Finding, ...] = ()  # about the header, or why nothing could be read

    @property
    def is_refused(self) -> bool:
        """Whether no row would be read."""
        return verdict(self.findings) is Verdict.REFUSE


def take(attempt: Attempt, ground: Ground) -> Taken:
    """Read as the attempt's contract says. Raises: UsageError, where nobody could use this contract."""
    contract = attempt.contract
    if contract.source == ground.contract.source:
        touched = _touched(attempt, ground)
        taken = _rows_as_they_are(attempt, ground) if touched is None else _narrow(attempt, ground, touched)
        return replace(taken, findings=(*taken.findings, *_order(attempt, ground)))
    try:
        return _read_again(contract, ground)
    except DeliveryRefused as refusal:
        return _nothing(contract, ground, (_refusal(refusal),))


def take_as_it_is(ground: Ground) -> Taken:
    """The delivery with nothing put in, and all of its fields."""
    return _rows_as_they_are(clean(ground), ground)


def strange_keys(taken: Taken, ground: Ground) -> pl.DataFrame:
    """Keys that the sample does not have as it is: somebody else may be held under them."""
    key = list(ground.contract.key)
    return taken.records.select(key).join(ground.records.select(key), on=key, how="anti")


def _touched(attempt: Attempt, ground: Ground) -> tuple[str, ...] | None:
    """The fields that can differ; None where rows, or who is who, may be others."""
    own, contract = ground.contract, attempt.contract
    same_but_fields = contract is own or contract.model_copy(update={"fields": own.fields}) == own
    rows, others = ground.rows, attempt.rows
    if not same_but_fields or rows.columns != others.columns or not rows[LINE].equals(others[LINE]):
        return None
    columns = {name for name in rows.columns if not rows[name].equals(others[name])}
    touched = tuple(
        name for name, spec in contract.fields.items() if str(spec.column) in columns or spec != own.fields[name]
    )
    return None if set(touched) & set(contract.key) else touched


def _order(attempt: Attempt, ground: Ground) -> Iterator[Finding]:
    """An earlier delivery is known by its content, whatever its name."""
    before = ground.before
    if attempt.rows is not ground.earlier or before is None or before.sha256 is None:
        return
    again = Delivery(
        file_name=FILE, sha256=before.sha256, size_bytes=before.size_bytes or 0, received_at=before.started_at
    )
    yield from audit_order(again, last=ground.last, published=[before], live=[before.id], fingerprint="")


def _narrow(attempt: Attempt, ground: Ground, touched: tuple[str, ...]) -> Taken:
    """Rows that other fields reject stay rejected."""
    contract = attempt.contract
    fields = {name: spec for name, spec in contract.fields.items() if name in (*contract.key, *touched)}
    others = ground.rejects.filter(~pl.col("field").is_in(list(fields)))
    rows = attempt.rows
    if not others.is_empty():
        rows = rows.join(others.select(pl.col("line").alias(LINE)), on=LINE, how="anti", maintain_order="left")
    narrow = contract.model_copy(update={"fields": fields})
    return _taken(interpret(rows, narrow), attempt.rows, others, narrow, ground=ground)


def _rows_as_they_are(attempt: Attempt, ground: Ground) -> Taken:
    rows = attempt.rows
    return _whole(rows, no_rejects(), attempt.contract, header=_header(rows, ground), ground=ground)


def _whole(
    rows: pl.DataFrame, rejects: pl.DataFrame, contract: Contract, *, header: tuple[str, ...], ground: Ground
) -> Taken:
    columns = [name for name in rows.columns if name != LINE]
    findings = audit_header(header, columns, contract, line_of=ground.line_of, file_name=FILE)
    if verdict(findings) is Verdict.REFUSE:
        return _nothing(contract, ground, findings)
    return _taken(interpret(rows, contract), rows, rejects, contract, ground=ground, findings=findings)


def _header(rows: pl.DataFrame, ground: Ground) -> tuple[str, ...]:
    """As delivered, where the columns are those that were; else as the accident names them."""
    columns = tuple(name for name in rows.columns if name != LINE)
    return ground.header if rows.columns == ground.rows.columns else columns


def _read_again(contract: Contract, ground: Ground) -> Taken:
    """Raises: DeliveryRefused; UsageError."""
    plain = {"member": None}  # the sample is not packed
    content = written(ground.header, ground.texts, ground.contract.source.model_copy(update=plain))
    reading = read(io.BytesIO(content), contract.source.model_copy(update=plain), file_name=FILE)
    chunks = list(reading.chunks())
    schema = {LINE: pl.Int64(), **dict.fromkeys(reading.columns, pl.String())}
    rows = pl.concat([pl.DataFrame(schema=schema), *(chunk.rows for chunk in chunks)])
    rejects = pl.concat([no_rejects(), *(chunk.rejects for chunk in chunks)])
    return _whole(rows, rejects, contract, header=reading.header, ground=ground)


def _taken(
    interpretation: Interpretation,
    rows: pl.DataFrame,
    others: pl.DataFrame,
    contract: Contract,
    *,
    ground: Ground,
    findings: tuple[Finding, ...] = (),
) -> Taken:
    """`others`: rejects besides those of this interpretation."""
    apart = set_apart(interpretation.records, contract)
    records = interpretation.records
    if not apart.is_empty():
        records = records.join(apart.select(LINE), on=LINE, how="anti", maintain_order="left")
    rejects = pl.concat([others, interpretation.rejects])
    told = _told_clients(rows, rejects, contract) if rejects.height else records.select(contract.key).clear()
    quarantined = rejects["line"].n_unique()
    unread = others.filter(~pl.col("line").is_in(rows[LINE].implode()))["line"].n_unique() if others.height else 0
    return Taken(
        contract=contract,
        interpreted=interpretation.records,
        records=records,
        rejects=rejects,
        spared=pl.concat([told, apart.select(contract.key)]).unique(),
        summary=ReadingSummary(
            read=rows.height + unread,
            records=interpretation.records.height,
            quarantined=quarantined,
            duplicate=apart.height,
            keyless=quarantined - told.height,
            repeated=_repeated(interpretation.records, contract),
        ),
        columns=tuple(name for name in rows.columns if name != LINE),
        text_bytes=ground.text_bytes if rows is ground.rows else text_bytes(rows),
        findings=findings,
    )


def _told_clients(rows: pl.DataFrame, rejects: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """The keys of rejected rows that can be told."""
    keys = contract.model_copy(update={"fields": {name: contract.fields[name] for name in contract.key}})
    rejected = rows.join(rejects.select(pl.col("line").alias(LINE)), on=LINE, how="semi")
    return interpret(rejected, keys).records.select(contract.key)


def _repeated(records: pl.DataFrame, contract: Contract) -> dict[str, int]:
    """How many records share a value that is to be unique."""
    return {
        name: int(records[name].drop_nulls().is_duplicated().sum())
        for name, spec in contract.fields.items()
        if spec.constraints.unique
    }


def _nothing(contract: Contract, ground: Ground, findings: tuple[Finding, ...]) -> Taken:
    """No row is read."""
    empty = ground.records.clear()
    return Taken(
        contract=contract,
        interpreted=empty,
        records=empty,
        rejects=no_rejects(),
        spared=empty.select(contract.key),
        summary=ReadingSummary(),
        columns=(),
        text_bytes=0,
        findings=findings,
    )


def _refusal(refusal: DeliveryRefused) -> Finding:
    return Finding(code="delivery.refused", severity=Severity.REFUSE, row_count=0, why=refusal.what, mend=refusal.mend)
