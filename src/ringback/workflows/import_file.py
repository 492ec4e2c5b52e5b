"""Import one delivery: all of its good records or none; its bad rows to quarantine, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from ringback.contracts import ContractFile
from ringback.engine.local import Workspace
from ringback.errors import MANY, DeliveryRefused, NotApproved, ReadBackMismatch, RingbackError, StaleChangeSet
from ringback.model.baseline import Measures
from ringback.model.change import Digest
from ringback.model.contract import Source
from ringback.model.delivery import Delivery
from ringback.model.finding import Example, Finding, Severity, Verdict, verdict
from ringback.model.progress import Progress
from ringback.model.proposal import Proposal
from ringback.model.run import Outcome, Plan, Receipt, Rows, Run, RunKind
from ringback.steps.order import audit_order, issued
from ringback.store.archive import Archive
from ringback.store.protocol import Publication
from ringback.workflows.delivered import delivered_rows
from ringback.workflows.guard import guarded, with_raw_texts
from ringback.workflows.place import Place, as_corrected
from ringback.workflows.planning import DeliveredRows, Held, Planned, judge
from ringback.workflows.propose import propose
from ringback.workflows.readback import compare_delivered, prepare, read_back
from ringback.workflows.reading import Read, read_delivery
from ringback.workflows.stopwatch import Stopwatch

T = TypeVar("T")

TRIES = 3  # a plan is made anew when another run was published meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an import is called with, besides the file."""

    now: datetime
    by: str
    progress: Progress


def import_file(path: Path, feed: str, place: Place, asked: Asked) -> Receipt:
    """The nine steps for one file.

    Returns: a receipt: published, held, refused, or unchanged (this content is what the feed shows already).
    Raises: ContractError; StoreError, which says what is in the database; ReadBackMismatch, after the run was undone.
    """
    return _Import(path, place.contract(feed), place, asked).published()


def plan_file(path: Path, feed: str, place: Place, asked: Asked) -> Plan:
    """The first six steps: what an import would change, and the verdict. The database is only read."""
    return _Import(path, place.contract(feed), place, asked).planned()


def import_corrected(path: Path, run: Run, place: Place, asked: Asked) -> Receipt:
    """Import rows that a run could not take, corrected: a delivery of its own, tied to that run."""
    contract = place.contract(run.feed)
    return _Import(path, contract, place, asked, corrects=run.id).published()


def import_let_through(path: Path, feed: str, place: Place, asked: Asked) -> Receipt:
    """For the copy of a feed that a training is held on: published as if nobody had looked, and nothing said of it."""
    return _Import(path, place.contract(feed), place, asked, lets_through=True).published()


class _Import:
    """One import under way."""

    def __init__(
        self,
        path: Path,
        contract: ContractFile,
        place: Place,
        asked: Asked,
        *,
        corrects: int | None = None,
        lets_through: bool = False,
    ) -> None:
        self._approved = contract
        self._contract = contract if corrects is None else as_corrected(contract)
        self._path, self._place, self._asked, self._corrects = path, place, asked, corrects
        self._lets_through = lets_through
        self._watch = Stopwatch()
        self._proposal: Proposal | None = None

    def planned(self) -> Plan:
        """What an import would come to."""
        store, contract, examples = self._place.store, self._contract.contract, {}
        try:
            delivery = self._receive()
            same = self._same_content(delivery)
            if same is not None:
                return Plan(receipt=self._receipt(same), changed={})
            run = self._blank(delivery, store.last_published(contract.feed))
            with Workspace() as workspace:
                read = self._read(delivery, workspace)
                if read.refused:
                    run = replace(run, findings=read.findings)
                else:
                    planned = self._plan(read, partial(store.held, contract), delivery, workspace)
                    run, _ = self._judged(run, planned, delivery)
                    examples = planned.summary.examples
        except DeliveryRefused as refusal:
            run = self._refused(None, refusal)
        return Plan(receipt=self._receipt(run), changed=examples, proposal=self._proposal)

    def published(self) -> Receipt:
        """The nine steps."""
        delivery: Delivery | None = None
        try:
            delivery = self._receive()
            self._place.require_release(self._approved)
            self._asked.progress.at("gate.passed")
            same = self._same_content(delivery)
            if same is not None:
                return self._receipt(self._place.store.record(same))
            with Workspace() as workspace:
                return self._receipt(self._settle(delivery, self._read(delivery, workspace), workspace))
        except (DeliveryRefused, NotApproved) as refusal:
            return self._receipt(self._place.store.record(self._refused(delivery, refusal)))

    def _receive(self) -> Delivery:
        source = self._contract.contract.source
        with self._watch.step("receive"):
            return self._place.archive.receive(
                self._path,
                now=self._asked.now,
                progress=self._asked.progress,
                issued=issued(self._path.name, source.issued),
            )

    def _read(self, delivery: Delivery, workspace: Workspace) -> Read:
        read = read_delivery(
            delivery,
            self._contract,
            self._place.archive,
            workspace=workspace,
            progress=self._asked.progress,
            watch=self._watch,
        )
        return read if _fits(read) else replace(read, findings=(*read.findings, *self._proposed()))

    def _proposed(self) -> tuple[Finding, ...]:
        """What would make a delivery fit that does not; corrected rows are written by people, for the contract."""
        if self._corrects is None:
            self._proposal = propose(self._path, self._contract, self._place)
        return () if self._proposal is None else (_of_proposal(self._proposal, self._path.name),)

    def _settle(self, delivery: Delivery, read: Read, workspace: Workspace) -> Run:
        return until_it_fits(partial(self._attempt, delivery, read, workspace))

    def _attempt(self, delivery: Delivery, read: Read, workspace: Workspace) -> Run:
        """Publish, or hold, or refuse. Planning sees what publishing sees: the same transaction."""
        store, contract = self._place.store, self._contract.contract
        run = self._blank(delivery, store.last_published(contract.feed))
        if read.refused:
            return store.record(replace(run, findings=read.findings))
        with failures_recorded(run, self._place), self._publishing(run) as publication:
            planned = self._plan(read, publication.held, delivery, workspace)
            run, measures = self._judged(run, planned, delivery)
            same = self._same_content(delivery)  # another importer may have brought it meanwhile
            if run.outcome is Outcome.PUBLISHED and same is None:
                with self._watch.step("publish"):
                    if measures is not None:
                        publication.measured(measures)
                    return write(publication, run, planned, self._asked.progress, watch=self._watch)
        if run.outcome is Outcome.HELD:
            return store.set_aside(
                contract, run, planned.change_sets(), planned.rejects(), progress=self._asked.progress
            )
        return store.record(same or run)

    def _publishing(self, run: Run) -> AbstractContextManager[Publication]:
        return self._place.store.publishing(
            self._contract.contract, kind=run.kind, previous=run.previous, progress=self._asked.progress
        )

    def _plan(self, read: Read, held: Held, delivery: Delivery, workspace: Workspace) -> Planned:
        with self._watch.step("plan"):
            rows = rows_of(delivery, self._contract.contract.source, self._place.archive)
            planned = Planned(read, held, workspace, rows, phone=self._place.project.settings.phone)
        self._asked.progress.at("plan.done")
        return planned

    def _judged(self, run: Run, planned: Planned, delivery: Delivery) -> tuple[Run, Measures | None]:
        """The run as it would enter the ledger; and its measures, but of corrected rows: they are no usual delivery."""
        last = self._place.last_import(run.feed)
        with self._watch.step("audit"):
            order = self._order(delivery, last) if planned.summary.changes_anything else ()
            guard = guarded(planned, delivery, self._place, last=last) if self._corrects is None else None
            suspicion = guard.suspicion if guard else None
            judged = judge(planned, last=last, file_name=delivery.file_name, suspicion=suspicion)
            findings = () if self._lets_through else (*order, *with_raw_texts(judged, planned))
        self._asked.progress.at("audit.done")
        counted = _counted(replace(run, outcome=_outcome(findings), findings=findings), planned)
        return counted, guard.measures if guard else None

    def _order(self, delivery: Delivery, last: Run | None) -> Iterator[Finding]:
        feed = self._contract.contract.feed
        last = last if self._corrects is None else None  # corrected rows have no place among the issues
        published = self._place.store.published_imports(feed, delivery.sha256)
        undone = self._place.undone(feed)
        live = [run.id for run in published if run.id not in undone]
        fingerprint = self._place.fingerprint(self._approved)
        return audit_order(delivery, last=last, published=published, live=live, fingerprint=fingerprint)

    def _same_content(self, delivery: Delivery) -> Run | None:
        """A run with nothing to do, when this content is what the feed shows already."""
        store, feed = self._place.store, self._contract.contract.feed
        previous = store.last_published(feed)
        last = self._place.last_import(feed) if self._corrects is None else previous
        if previous is None or last is None or (last.sha256, last.corrects) != (delivery.sha256, self._corrects):
            return None
        if last.id not in (previous.id, previous.corrects):
            return None
        rows = replace(Rows(), read=last.rows.read, unchanged=last.rows.read)
        run = replace(self._blank(delivery, previous), outcome=Outcome.UNCHANGED, rows=rows)
        return replace(run, findings=(_already(last),))

    def _blank(self, delivery: Delivery | None, previous: Run | None) -> Run:
        return Run(
            id=0,
            feed=self._contract.contract.feed,
            kind=RunKind.IMPORT,
            outcome=Outcome.REFUSED,
            file_name=self._path.name,
            sha256=delivery.sha256 if delivery else None,
            size_bytes=delivery.size_bytes if delivery else None,
            issued=delivery.issued if delivery else None,
            fingerprint=self._place.fingerprint(self._approved),
            previous=previous.id if previous else None,
            undoes=None,
            repairs=None,
            partial=False,
            corrects=self._corrects,
            rows=Rows(),
            removed=0,
            closed=0,
            missing=0,
            changed_by_field={},
            findings=(),
            plan_digest=None,
            started_at=self._asked.now,
            by=self._asked.by,
        )

    def _refused(self, delivery: Delivery | None, refusal: RingbackError) -> Run:
        proposed = self._proposed() if isinstance(refusal, DeliveryRefused) else ()
        return replace(self._blank(delivery, None), findings=(_refusal(refusal), *proposed))

    def _receipt(self, run: Run) -> Receipt:
        return Receipt(
            run=run,
            seconds=self._watch.seconds(),
            emergency=self._place.emergency(run.feed),
            unacknowledged=self._place.unacknowledged(run.feed, self._asked.by),
        )


def until_it_fits(attempt: Callable[[], T]) -> T:
    """Plan and publish against one state of the held records; again, when others write at the same time."""
    for _ in range(TRIES - 1):
        with suppress(StaleChangeSet):
            return attempt()
    return attempt()


def write(publication: Publication, run: Run, planned: Planned, progress: Progress, *, watch: Stopwatch) -> Run:
    """Write a planned run, read it back before any reader sees it, and commit.

    Raises: StaleChangeSet, StoreError, ReadBackMismatch; then the live table is as it was.
    """
    with ThreadPoolExecutor(max_workers=1) as beside:  # the reference reader reads while the database writes
        check = beside.submit(prepare, planned)
        for changes in planned.change_sets():
            publication.write(changes)
        for rejects in planned.rejects():
            publication.quarantine(rejects)
        publication.read_as(planned.read.digest)
        with watch.step("read back"):
            live = check.result()
            before = Digest(planned.held.row_count) if publication.tells_written else planned.held_digest()
            read_back(publication, live, planned.summary, planned.contract, before=before)
            progress.at("readback.planned")
            compare_delivered(publication, live, planned)
            progress.at("readback.delivered")
    return publication.finish(replace(run, id=publication.run_id))


def rows_of(delivery: Delivery, source: Source, archive: Archive) -> DeliveredRows:
    """Where a delivery's rows are found again by their lines."""
    return partial(delivered_rows, delivery.sha256, file_name=delivery.file_name, source=source, archive=archive)


@contextmanager
def failures_recorded(run: Run, place: Place) -> Iterator[None]:
    """A run whose read back failed was rolled back; the ledger says so."""
    try:
        yield
    except ReadBackMismatch as mismatch:
        finding = replace(_refusal(mismatch), code="readback.mismatch")
        failed = place.store.record(replace(run, outcome=Outcome.FAILED, findings=(*run.findings, finding)))
        mismatch.where = f"{failed.name}, {mismatch.where}"
        raise


def _fits(read: Read) -> bool:
    """Whether a delivery's columns, and nearly all of its rows, are as the contract has them."""
    summary, allowed = read.summary, read.contract.contract.policy.quarantined.hold_above
    return not read.findings and allowed.allows(summary.quarantined, summary.read)


def _of_proposal(proposal: Proposal, file_name: str) -> Finding:
    feed = Path(proposal.contract_name).stem
    return Finding(
        code="contract.proposal",
        severity=Severity.NOTE,
        row_count=0,
        why=f"a change of {proposal.contract_name} would make the file fit: ringback plan {feed} {file_name}",
        mend="look at the change; if it is meant, take it with --accept and try it",
        because=(*proposal.reasons, *proposal.left),
    )


def _outcome(findings: tuple[Finding, ...]) -> Outcome:
    outcomes = {Verdict.PUBLISH: Outcome.PUBLISHED, Verdict.HOLD: Outcome.HELD, Verdict.REFUSE: Outcome.REFUSED}
    return outcomes[verdict(findings)]


def _counted(run: Run, planned: Planned) -> Run:
    """The run with its numbers. The rows must add up: anything else is our bug, and nothing is published."""
    reading, changes = planned.reading, planned.summary
    rows = Rows(
        read=reading.read,
        added=changes.added,
        changed=changes.changed,
        unchanged=changes.unchanged,
        quarantined=reading.quarantined,
        duplicate=reading.duplicate,
        skipped=reading.skipped,
    )
    assert rows.add_up(), f"rows do not add up: {rows}"  # noqa: S101 - promise I5
    return replace(
        run,
        rows=rows,
        removed=changes.removed,
        closed=changes.closed,
        missing=changes.missing,
        changed_by_field=changes.changed_by_field,
        plan_digest=changes.digest,
    )


def _refusal(refusal: RingbackError) -> Finding:
    code = "gate.not_approved" if isinstance(refusal, NotApproved) else "delivery.refused"
    where = f"{refusal.where}: " if refusal.where else ""
    why = f"{where}{refusal.what}; {refusal.why}" if refusal.why else f"{where}{refusal.what}"
    changed = refusal.differences if isinstance(refusal, NotApproved) else ()
    return Finding(
        code=code,
        severity=Severity.REFUSE,
        row_count=0,
        why=why,
        mend=refusal.mend,
        examples=tuple(
            Example(key=(difference.name,), line=difference.line, before=difference.before, after=difference.after)
            for difference in changed[:MANY]
        ),
    )


def _already(last: Run) -> Finding:
    return Finding(
        code="delivery.same",
        severity=Severity.NOTE,
        row_count=0,
        why=f"this content was published as {last.name} and nothing came after it",
        mend="nothing",
    )
