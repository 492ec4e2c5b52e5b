"""Drill: try every misreading on the guard with a delivery from the archive; the live table is only read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from ringback.contracts import ContractFile, fingerprint, software
from ringback.engine.local import ahead
from ringback.errors import DeliveryRefused, UsageError
from ringback.model.drill import Damage, Drill, Drilled, Kind, Tried, drill_counts
from ringback.model.finding import Verdict, verdict
from ringback.model.run import Ledger, Outcome, Run, RunKind
from ringback.steps.audit_header import audit_header
from ringback.steps.drill.attempts import Attempt, Source, attempts, sources
from ringback.steps.drill.damage import damage
from ringback.steps.drill.draw import Draw, Drawn
from ringback.steps.drill.ground import Ground, ground_of
from ringback.steps.drill.passage import Usual, outcome, pass_through, usual_of
from ringback.steps.drill.reading import Taken, strange_keys, take, take_as_it_is
from ringback.steps.drill.remedy import remedy
from ringback.steps.read import Reading, read
from ringback.workflows.import_file import Asked
from ringback.workflows.place import Place

SAMPLE_ROWS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a drill is held on."""

    run_id: int | None = None  # None: the newest published import
    sample: int = SAMPLE_ROWS  # rows at most
    seed: int = 0


def drill(feed: str, place: Place, asked: Asked, wanted: Wanted) -> Drill:
    """Try every misreading on one delivery under the working copy of the contract, and keep the score.

    Raises: ContractError; UsageError; StoreError.
    """
    contract, run = place.contract(feed), _delivered(feed, place, wanted.run_id)
    drawn = drawn_rows(run, contract, place, wanted)
    ground = ground_on(drawn, run, contract, place, wanted)
    trials = _Trials(ground, place)
    tried = tuple(trials.all(asked))
    drilled = Drilled(
        id=0,
        feed=feed,
        fingerprint=place.fingerprint(contract),
        caught=sum(each.is_caught for each in tried),
        total=len(tried),
        sample_rows=ground.rows.height,
        seed=wanted.seed,
        run=run.id,
        at=asked.now,
        by=asked.by,
        counts=drill_counts(tried),
    )
    return Drill(
        drilled=place.store.drilled(drilled),
        contract_name=contract.name,
        file_name=run.file_name or "",
        row_count=drawn.row_count,
        fields=tuple(contract.contract.fields),
        delivery_count=ground.limits.deliveries,
        tried=tried,
        harmless_count=trials.harmless_count,
        contract_count=trials.contract_count,
        gated_count=trials.gated_count,
        remarks=tuple(trials.remarks()),
    )


def with_scores(ledger: Ledger, place: Place) -> Ledger:
    """The same, with the newest drill of each of its feeds."""
    feeds = sorted({run.feed for run in ledger.runs})
    found = (place.store.drills(feed) for feed in feeds)
    return replace(ledger, drills=tuple(drills[0] for drills in found if drills))


@dataclass(frozen=True, slots=True)
class _Harmful:
    """An attempt that would put something false into the live table."""

    place: int  # of the misreading among all
    attempt: Attempt
    taken: Taken
    damage: Damage


class _Trials:
    """All attempts on one ground, and what is counted beside them."""

    def __init__(self, ground: Ground, place: Place) -> None:
        self._ground, self._place = ground, place
        self._approved, self._software = _approved(ground, place), software()
        self._usual: Usual = usual_of(pass_through(take_as_it_is(ground), ground.held, ground))
        self.harmless_count = self.contract_count = self.gated_count = 0

    def all(self, asked: Asked) -> Iterator[Tried]:
        """Every misreading that does damage, in every way."""
        every = sources(self._ground.contract)
        for harmful in ahead(self._all_harmful(every)):
            asked.progress.advance("drill", done=harmful.place, total=len(every))
            yield self._tried(harmful)

    def remarks(self) -> Iterator[str]:
        """What could not be tried, and what counts for nothing."""
        ground = self._ground
        if ground.held.is_empty():
            yield (
                "No client of the sample is held under its key, so no change of a held client could be seen: "
                "all else was tried."
            )
        if not ground.baseline:
            yield (
                "No accepted delivery has taught the guard anything yet: changes are judged by the fields' types, "
                "all else by the contract alone."
            )
        elif not any(each.kept for each in ground.baseline):
            yield "No delivery has repeated clients yet, so the limits of change are those of the fields' types."
        if self._usual:
            told = ", ".join(sorted({f"{code} of {field}" if field else code for code, field in self._usual}))
            yield f"The delivery as it is would be held now ({told}): these findings count for nothing here."

    def _all_harmful(self, every: list[Source]) -> Iterator[_Harmful]:
        for place, source in enumerate(every):
            yield from self._harmful(source, place)

    def _harmful(self, source: Source, place: int) -> Iterator[_Harmful]:
        for attempt in attempts(source, self._ground):
            try:
                taken = take(attempt, self._ground)
            except UsageError:  # nobody can use such a contract
                continue
            self._count(attempt)
            harm = damage(taken, self._ground)
            if harm.record_count:
                yield _Harmful(place, attempt, taken, harm)
            else:
                self.harmless_count += 1

    def _tried(self, harmful: _Harmful) -> Tried:
        attempt, taken, ground = harmful.attempt, harmful.taken, self._ground
        held = self._held(taken)
        passage = pass_through(taken, held, ground)
        told = outcome(attempt, passage, harmful.damage, usual=self._usual)
        if told.is_caught:
            return told
        return replace(told, line=remedy(attempt, taken, passage, held=held, ground=ground, usual=self._usual))

    def _held(self, taken: Taken) -> pl.DataFrame:
        """With whoever is held under keys that came of the misreading."""
        others = strange_keys(taken, self._ground)
        if others.is_empty():
            return self._ground.held
        return pl.concat([self._ground.held, self._place.store.held_at(self._ground.contract, others)])

    def _count(self, attempt: Attempt) -> None:
        """Whether a contract would be stopped at the gate is asked of its fingerprint."""
        if attempt.kind is Kind.CONTRACT:
            self.contract_count += 1
            self.gated_count += fingerprint(attempt.contract, self._software) != self._approved


def _approved(ground: Ground, place: Place) -> str | None:
    releases = place.store.releases(ground.contract.feed)
    return releases[0].fingerprint if releases else None


def _delivered(feed: str, place: Place, run_id: int | None) -> Run:
    """The run whose delivery is drilled. Raises: UsageError."""
    if run_id is None:
        run = place.last_import(feed)
        if run is None:
            raise UsageError(
                f"there is no published import of {feed} yet", mend=f"import one: ringback import {feed} FILE"
            )
        return run
    run = place.require_run(run_id)
    is_import = run.kind is RunKind.IMPORT and run.corrects is None and run.outcome is Outcome.PUBLISHED
    if run.feed != feed or not is_import:
        raise UsageError(f"{run.name} is no published import of {feed}", mend=f"list them: ringback runs {feed}")
    return run


def ground_on(drawn: Drawn, run: Run, contract_file: ContractFile, place: Place, wanted: Wanted) -> Ground:
    """The ground of a drill: a run's rows, the held records beside them, and the import before."""
    contract = contract_file.contract
    ground = ground_of(
        drawn,
        contract,
        run,
        baseline=place.baseline(contract.feed),
        line_of=contract_file.line,
        seed=wanted.seed,
    )
    held = place.store.held_at(contract, ground.records.select(contract.key))
    return _with_earlier(replace(ground, held=held), run, contract_file, place, wanted)


def drawn_rows(run: Run, contract_file: ContractFile, place: Place, wanted: Wanted) -> Drawn:
    """The sample of a run's delivery. Raises: UsageError."""
    assert run.sha256 is not None  # noqa: S101
    try:
        with place.archive.open(run.sha256) as stored:
            reading = read(stored, contract_file.contract.source, file_name=run.file_name or "")
            _require_columns(reading, run, contract_file)
            draw = Draw(contract_file.contract, reading, size=wanted.sample, seed=wanted.seed)
            for chunk in reading.chunks():
                draw.take(chunk)
    except DeliveryRefused as refusal:
        raise _unreadable(run, contract_file, refusal.what) from None
    drawn = draw.drawn()
    if drawn.rows.is_empty():
        raise UsageError(f"the delivery of {run.name} has no rows", mend="name another: --run R")
    return drawn


def _require_columns(reading: Reading, run: Run, contract: ContractFile) -> None:
    findings = audit_header(
        reading.header,
        reading.columns,
        contract.contract,
        line_of=contract.line,
        file_name=run.file_name or "",
    )
    if verdict(findings) is Verdict.REFUSE:
        raise _unreadable(run, contract, findings[0].why)


def _with_earlier(ground: Ground, run: Run, contract_file: ContractFile, place: Place, wanted: Wanted) -> Ground:
    """With the same clients in the import before, where the contract can still read it."""
    before = _import_before(run, place)
    if before is None or before.sha256 == run.sha256:
        return ground
    try:
        return replace(ground, earlier=drawn_rows(before, contract_file, place, wanted).rows, before=before)
    except UsageError:
        return ground


def _import_before(run: Run, place: Place) -> Run | None:
    """The published import before a run that was not taken back."""
    undone, before = place.undone(run.feed), _previous(run, place)
    while before is not None and (before.corrects_values or before.corrects or before.id in undone):
        before = _previous(before, place)
    return before


def _previous(run: Run, place: Place) -> Run | None:
    return None if run.previous is None else place.store.run(run.previous)


def _unreadable(run: Run, contract: ContractFile, why: str) -> UsageError:
    told = f"the contract as it stands cannot read the delivery of {run.name}"
    return UsageError(told, where=contract.name, why=why, mend="name another: --run R")
