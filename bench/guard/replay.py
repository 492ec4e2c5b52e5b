"""A feed replayed: each delivery is planned against what is held, measured, judged, and then taken or left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from bench.guard.corpora import Corpus, Drift, Read
from ringback.model.baseline import Measures
from ringback.model.change import ChangeSet
from ringback.model.contract import Contract
from ringback.model.diagnosis import Diagnosis
from ringback.model.limits import Exceeded
from ringback.model.rows import LINE
from ringback.steps.gauge import Gauge
from ringback.steps.limits import exceeded, limits
from ringback.steps.measure import Counts, measure
from ringback.steps.plan import plan
from ringback.steps.profile import profile

PASSING = ("values_blanked", "columns_shifted", "partial", "rollback", "header_only", "replaced_by_notice")
MENDED = ("repair",)
QUARANTINED = 0.005  # the policy's default: audit holds such a delivery before the guard is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One delivery, and what was said of it."""

    file_name: str
    drifts: tuple[Drift, ...]
    goes_on: bool  # an accident of an earlier file is still in this one
    header: tuple[str, ...]  # findings about the header
    quarantined: bool  # too many rows could not be read
    exceeded: tuple[Exceeded, ...]
    measures: Measures | None
    is_first: bool  # nothing to be compared with

    @property
    def is_alarm(self) -> bool:
        """Whether anybody is told anything."""
        return bool(self.exceeded or self.header or self.quarantined)

    @property
    def reaction(self) -> str:
        """What people expect: hold, note, clean, goes_on, or ordinary."""
        reactions = {drift.reaction for drift in self.drifts}
        named = next((each for each in ("hold", "note", "clean") if each in reactions), None)
        return named or ("goes_on" if self.goes_on else "ordinary")


@dataclass
class Feed:
    """What is held and what was learned."""

    held: pl.DataFrame | None = None
    baseline: list[Measures] = field(default_factory=list)

    def planned(self, records: pl.DataFrame, contract: Contract) -> ChangeSet:
        """What a delivery would change."""
        held = records.clear().drop(LINE) if self.held is None else self.held
        return plan(records, held, contract)

    def take(self, records: pl.DataFrame, contract: Contract, measures: Measures) -> None:
        """Publish: the records as they are now held, clients who were left out kept."""
        delivered = records.select(*contract.fields)
        if self.held is not None:
            others = self.held.join(delivered, on=list(contract.key), how="anti")
            delivered = pl.concat([others, delivered])
        self.held = delivered
        self.baseline.append(measures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A delivery's measures, and what would make its changes false."""

    measures: Measures
    diagnoses: tuple[Diagnosis, ...]


def measured(read: Read, records: pl.DataFrame, changes: ChangeSet, feed: Feed) -> Measured:
    """The measures of a delivery with these records."""
    contract, gauge = read.contract, Gauge(read.contract)
    gauge.take(changes)
    counts = Counts(
        held=0 if feed.held is None else feed.held.height,
        kept=gauge.kept_count,
        added=changes.added.height,
        missing=changes.missing_count,
        rows=read.read_count,
        duplicate=read.duplicate_count,
        size_bytes=read.size_bytes,
        issued=issued(read.path.name),
    )
    found = profile(records, contract, rejects=read.rejects)
    last = feed.baseline[-1] if feed.baseline else None
    return Measured(measures=measure(found, gauge.churns, counts, contract, last=last), diagnoses=gauge.diagnoses)


def issued(name: str) -> date | None:
    """The day in a file's name, as 2024-08-10T0915.csv."""
    found = re.search(r"(\d{4})-(\d\d)-(\d\d)", name)
    return date(*map(int, found.groups())) if found else None


def replay(corpus: Corpus) -> Iterator[tuple[Judged, Read | None, Feed]]:
    """Every delivery in turn; the feed as it is before the delivery is taken."""
    feed, drifts, goes_on = Feed(), corpus.drifts(), False
    for found in corpus.deliveries():
        name = found.path.name if isinstance(found, Read) else found.name
        told = tuple(drifts.get(name, ()))
        if any(drift.kind in MENDED for drift in told):
            goes_on = False
        if not isinstance(found, Read):
            yield (
                Judged(
                    file_name=name,
                    drifts=told,
                    goes_on=goes_on,
                    header=("refused",),
                    quarantined=False,
                    exceeded=(),
                    measures=None,
                    is_first=False,
                ),
                None,
                feed,
            )
            continue
        if found.is_new_era:
            feed = Feed()
        changes = feed.planned(found.records, found.contract)
        measures = measured(found, found.records, changes, feed).measures
        over = exceeded(measures, limits(feed.baseline, found.contract))
        quarantined = found.rejects["line"].n_unique() > QUARANTINED * max(found.read_count, 1)
        yield (
            Judged(
                file_name=name,
                drifts=told,
                goes_on=goes_on,
                header=found.header,
                quarantined=quarantined,
                exceeded=over,
                measures=measures,
                is_first=feed.held is None,
            ),
            found,
            feed,
        )
        accident = any(drift.kind in PASSING for drift in told)
        if accident and not any(drift.kind == "rollback" for drift in told):
            goes_on = any(drift.kind in ("values_blanked",) for drift in told) or "lasts to" in told[0].what
        is_left = (accident or goes_on or quarantined) and feed.held is not None and not found.is_new_era
        if not is_left:
            feed.take(found.records, found.contract, measures)
