"""A trial of software: deliveries are read again under the same contract, and compared by digests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from ringback.contracts import ContractFile
from ringback.engine.local import Workspace
from ringback.errors import DeliveryRefused, RingbackError, StoreError
from ringback.model.finding import Example, Finding
from ringback.model.reading import ReadingDigest
from ringback.model.run import Run
from ringback.model.trial import DeliveryTrial, FieldTrial, Found, LiveEffect, RowChanges, Stored
from ringback.workflows.import_file import Asked
from ringback.workflows.place import Place
from ringback.workflows.reading import Read, read_delivery
from ringback.workflows.release import delivery_of
from ringback.workflows.stopwatch import Stopwatch
from ringback.workflows.trial_live import judgement

ContractOf = Callable[[Run], ContractFile]
DigestOf = Callable[[Run], ReadingDigest | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What is compared with: the contract that a delivery is read under, and what it was read as."""

    contract: ContractOf
    digest: DigestOf


def try_software(runs: Sequence[Run], before: Before, place: Place, asked: Asked) -> Found:
    """Read every delivery again and compare digests. Raises: StoreError."""
    trying = _Trying(before, place, asked)
    newest = place.last_import(runs[0].feed) if runs else None
    deliveries = tuple(told for run in runs if (told := trying.of(run, is_newest=run == newest)) is not None)
    return trying.found(deliveries)


def read_again(run: Run, contract: ContractFile, place: Place, asked: Asked, workspace: Workspace) -> Read:
    """One archived delivery. Raises: DeliveryRefused, also where its header is refused; StoreError."""
    read = read_delivery(
        delivery_of(run), contract, place.archive, workspace=workspace, progress=asked.progress, watch=Stopwatch()
    )
    if read.refused:
        raise DeliveryRefused(read.findings[0].why, where=run.file_name or "", mend=read.findings[0].mend)
    return read


@dataclass
class _Trying:
    """All deliveries of one trial: what was found so far."""

    before: Before
    place: Place
    asked: Asked
    fields: dict[str, FieldTrial] = field(default_factory=dict)
    findings: dict[int, tuple[Finding, ...]] = field(default_factory=dict)
    live: LiveEffect | None = None
    live_examples: dict[str, tuple[Example, ...]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def of(self, run: Run, *, is_newest: bool) -> DeliveryTrial | None:
        """One delivery; None where its contract cannot be read any more."""
        blank = DeliveryTrial(run=run.id, file_name=run.file_name or "", sha256=run.sha256 or "")
        try:
            contract = self.before.contract(run)
        except RingbackError as fault:
            why = f"its contract cannot be read by this ringback: {fault.what}"
            self.remarks.append(f"{run.name} was not compared: {why}")
            return None
        with Workspace() as workspace:
            try:
                read = read_again(run, contract, self.place, self.asked, workspace)
            except DeliveryRefused as refusal:
                return replace(blank, rows=run.rows.read, refused=refusal.what)
            told = self._compared(
                replace(blank, rows=read.summary.read, changes=RowChanges(compared=read.summary.records)), run, read
            )
            if told.stored is Stored.OTHER and is_newest:
                return self._on_live_table(told, run, read, workspace)
            return told

    def found(self, deliveries: tuple[DeliveryTrial, ...]) -> Found:
        """All of it."""
        return Found(
            deliveries=deliveries,
            fields=tuple(self.fields.values()),
            live=self.live,
            findings=self.findings,
            live_examples=self.live_examples,
            remarks=tuple(self.remarks),
        )

    def _compared(self, told: DeliveryTrial, run: Run, read: Read) -> DeliveryTrial:
        kept = self.before.digest(run)
        if kept is None:
            self.remarks.append(f"{run.name} has nothing to be compared with: no digests of its reading are kept.")
            return replace(told, stored=Stored.NONE)
        differing = kept.differing(read.digest)
        for name in read.contract.contract.fields:
            self._add(name, read, is_other=name in differing)
        stored = Stored.OTHER if differing else Stored.SAME
        return replace(told, stored=stored, differing=differing, records_before=kept.record_count)

    def _add(self, name: str, read: Read, *, is_other: bool) -> None:
        known = self.fields.get(name) or FieldTrial(field=name, line=read.contract.line("fields", name))
        changed = None if is_other else known.changed
        self.fields[name] = replace(known, compared=known.compared + read.summary.records, changed=changed)

    def _on_live_table(self, told: DeliveryTrial, run: Run, read: Read, workspace: Workspace) -> DeliveryTrial:
        """What the newest delivery, read otherwise, would change of what is held."""
        held = partial(self.place.store.held, read.contract.contract)
        try:
            found = judgement(read, run, held, self.place, workspace, usual=frozenset())
        except StoreError as fault:
            self.remarks.append(f"The live table was not looked at: {fault.what}. {fault.mend}".rstrip())
            return told
        self.live, self.live_examples = found.effect, found.examples
        if found.news:
            self.findings[run.id] = found.news
        return replace(told, verdict=found.verdict, news=tuple(dict.fromkeys(each.code for each in found.news)))
