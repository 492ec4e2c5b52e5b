"""A trial of two contracts: every delivery is read under both, by the software that is installed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import polars as pl

from ringback.contracts import ContractFile
from ringback.engine.local import Workspace
from ringback.errors import DeliveryRefused, RingbackError, StoreError
from ringback.model.contract import Contract
from ringback.model.finding import Example, Finding
from ringback.model.run import Run
from ringback.model.trial import Columns, DeliveryTrial, FieldTrial, Found, LiveEffect, Seen, Stored
from ringback.steps.trial.compare import Comparison
from ringback.steps.trial.keys import examples, only_in, sharing
from ringback.workflows.import_file import Asked
from ringback.workflows.place import Place
from ringback.workflows.reading import Read
from ringback.workflows.release import delivery_of
from ringback.workflows.rereading import OldUnreadable, Pages, Reread, dialect, reread
from ringback.workflows.trial_live import Judgement, as_held, judgement, usual_findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracts:
    """What is compared, and how much of it is read."""

    approved: ContractFile
    working: ContractFile
    share: float = 1.0  # of the rows, 0 to 1
    examples: int = 5  # of each kind


def try_contracts(runs: Sequence[Run], contracts: Contracts, place: Place, asked: Asked) -> Found:
    """Read every delivery under both contracts. Raises: StoreError; UsageError, where the source cannot be used."""
    trying = _Trying(contracts, place, asked, total=sum(run.size_bytes or 0 for run in runs))
    newest = place.last_import(contracts.working.contract.feed)
    deliveries = tuple(told for run in runs if (told := trying.of(run, is_newest=run == newest)) is not None)
    return trying.found(deliveries)


@dataclass
class _Trying:
    """All deliveries of one trial: what was found so far."""

    contracts: Contracts
    place: Place
    asked: Asked
    total: int
    behind: int = 0
    comparison: Comparison = field(init=False)
    columns: list[str] = field(default_factory=list)
    findings: dict[int, tuple[Finding, ...]] = field(default_factory=dict)
    shared: tuple[Seen, ...] = ()
    live: LiveEffect | None = None
    live_examples: dict[str, tuple[Example, ...]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        both = self.contracts.approved.contract, self.contracts.working.contract
        self.comparison = Comparison(*both, example_count=self.contracts.examples)

    def of(self, run: Run, *, is_newest: bool) -> DeliveryTrial | None:
        """One delivery; None where it cannot be compared."""
        blank = DeliveryTrial(run=run.id, file_name=run.file_name or "", sha256=run.sha256 or "")
        with Workspace() as workspace:
            try:
                read = self._reread(run, workspace)
            except DeliveryRefused as refusal:
                return replace(blank, rows=run.rows.read, refused=refusal.what)
            except OldUnreadable as fault:
                told = f"{run.name} was not compared: the approved contract cannot read it any more: {fault.told}"
                self.remarks.append(told)
                return None
            told_rows = replace(blank, rows=read.new.summary.read, changes=read.changes)
            compared = self._with_keys(told_rows, read)
            if self.contracts.share < 1:
                return compared
            return self._judged(self._with_stored(compared, run, read.old), run, read, workspace, is_newest=is_newest)

    def _reread(self, run: Run, workspace: Workspace) -> Reread:
        both = self.contracts.approved, self.contracts.working
        pages = Pages(archive=self.place.archive, workspace=workspace, share=self.contracts.share)
        self.comparison.begin(run.id)
        try:
            read = reread(delivery_of(run), both, pages, self.comparison, advance=self._advance)
        finally:
            self.behind += run.size_bytes or 0
        self.columns += [name for name in read.new.columns if name not in self.columns]
        return read

    def found(self, deliveries: tuple[DeliveryTrial, ...]) -> Found:
        """All of it."""
        comparison, line = self.comparison, self.contracts.working.line
        return Found(
            deliveries=deliveries,
            fields=tuple(_with_line(each, line("fields", each.field)) for each in comparison.fields()),
            live=self.live,
            columns=_columns(self.columns, self.contracts.approved.contract, self.contracts.working.contract),
            examples=comparison.examples,
            keys=comparison.keys,
            shared=self.shared,
            entering=comparison.entering,
            leaving=comparison.leaving,
            findings=self.findings,
            live_examples=self.live_examples,
            remarks=tuple(self.remarks),
        )

    def _advance(self, byte_count: int) -> None:
        self.asked.progress.advance("trial", done=self.behind + byte_count, total=self.total)

    def _with_keys(self, told: DeliveryTrial, read: Reread) -> DeliveryTrial:
        old, new = _sharing(read.old), _sharing(read.new)
        merged, split = only_in(new, old), only_in(old, new)
        left = self.contracts.examples - len(self.shared)
        few = examples(merged, split, max(left, 0))
        self.shared = (*self.shared, *(Seen(run=told.run, example=each) for each in few))
        return replace(told, changes=replace(told.changes, merged=merged.height, split=split.height))

    def _with_stored(self, told: DeliveryTrial, run: Run, old: Read) -> DeliveryTrial:
        """The approved contract's reading of today against the one that was kept at the import."""
        kept = self.place.store.reading_digest(run.id)
        if kept is None or not _read_alike(self._contract_of(run), old.contract.contract):
            return replace(told, stored=Stored.NONE)
        differing = kept.differing(old.digest)
        stored = Stored.OTHER if differing else Stored.SAME
        return replace(told, stored=stored, differing=differing, records_before=kept.record_count)

    def _contract_of(self, run: Run) -> Contract | None:
        try:
            return self.place.released(run).contract
        except RingbackError:  # nobody knows it any more, or this ringback cannot read it
            return None

    def _judged(
        self, told: DeliveryTrial, run: Run, read: Reread, workspace: Workspace, *, is_newest: bool
    ) -> DeliveryTrial:
        usual = usual_findings(read.old, run, self.place)
        judge = partial(judgement, read.new, run, place=self.place, workspace=workspace, usual=usual)
        found = self._on_live_table(judge) if is_newest else None
        if found is None:
            found = judge(partial(as_held, read.old, self.contracts.working.contract))
        if found.news:
            self.findings[run.id] = found.news
        return replace(told, verdict=found.verdict, news=tuple(dict.fromkeys(each.code for each in found.news)))

    def _on_live_table(self, judge: partial[Judgement]) -> Judgement | None:
        """Of the newest delivery; None where the table does not fit the working copy."""
        try:
            found = judge(partial(self.place.store.held, self.contracts.working.contract))
        except StoreError as fault:
            self.remarks.append(f"The live table was not looked at: {fault.what}. {fault.mend}".rstrip())
            return None
        self.live, self.live_examples = found.effect, found.examples
        return found


def _sharing(read: Read) -> pl.DataFrame:
    key = read.contract.contract.key
    return pl.concat([sharing(read.records.part(number), key) for number in range(read.records.count)])


def _with_line(told: FieldTrial, line: int | None) -> FieldTrial:
    return replace(told, line=line)


def _columns(delivered: Sequence[str], old: Contract, new: Contract) -> Columns:
    before, after = ({str(spec.column) for spec in contract.fields.values()} for contract in (old, new))
    return Columns(
        now_read=tuple(name for name in delivered if name in after - before),
        no_longer_read=tuple(name for name in delivered if name in before - after),
        unmapped=tuple(name for name in delivered if name not in after and name not in new.ignored),
    )


def _read_alike(one: Contract | None, other: Contract) -> bool:
    """Whether two contracts say the same of how bytes become records."""
    if one is None:
        return False
    same_fields = one.model_dump(include={"fields", "missing_values"}) == other.model_dump(
        include={"fields", "missing_values"}
    )
    return same_fields and dialect(one.source) == dialect(other.source)
