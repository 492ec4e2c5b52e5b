"""The guard of one import: what it measures, and what is beyond the limits that earlier ones taught."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import polars as pl

from ringback.model.baseline import Measures
from ringback.model.delivery import Delivery
from ringback.model.finding import Finding, Severity
from ringback.model.release import Since
from ringback.model.rows import LINE
from ringback.model.run import Run
from ringback.steps.guard.findings import Suspicion
from ringback.steps.limits import exceeded, limits
from ringback.workflows.place import Place, software_since
from ringback.workflows.planning import Planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """What a delivery measured, and what is suspicious about it."""

    measures: Measures
    suspicion: Suspicion


def guarded(planned: Planned, delivery: Delivery, place: Place, *, last: Run | None) -> Guarded:
    """Measure a planned delivery, and compare it with those before; `last` is the last good run."""
    contract = planned.contract
    baseline = place.baseline(contract.feed)
    measures = planned.measures(baseline, delivery)
    over = exceeded(measures, limits(baseline, contract))
    if not over:
        return Guarded(measures=measures, suspicion=Suspicion())
    suspicion = Suspicion(
        exceeded=over,
        diagnoses=planned.diagnoses(),
        since=_since(planned, delivery, place, last, baseline),
        records=measures.records,
    )
    return Guarded(measures=measures, suspicion=suspicion)


def with_raw_texts(findings: tuple[Finding, ...], planned: Planned) -> tuple[Finding, ...]:
    """The findings that hold, with the delivered text of each example."""
    lines = {
        example.line
        for finding in findings
        if finding.severity is Severity.HOLD and finding.field is not None
        for example in finding.examples
        if example.line is not None and example.raw is None
    }
    if not lines:
        return findings
    rows = planned.delivered(pl.Series(sorted(lines), dtype=pl.Int64))
    texts = {row[LINE]: row for row in rows.iter_rows(named=True)}
    return tuple(_with_raw(finding, texts, planned) for finding in findings)


def _with_raw(finding: Finding, texts: dict[int, dict[str, str | None]], planned: Planned) -> Finding:
    if finding.field not in planned.contract.fields:
        return finding
    column = str(planned.contract.fields[finding.field].column)
    examples = tuple(
        replace(example, raw=texts[example.line].get(column))
        if example.raw is None and example.line in texts
        else example
        for example in finding.examples
    )
    return replace(finding, examples=examples)


def _since(planned: Planned, delivery: Delivery, place: Place, last: Run | None, baseline: Sequence[Measures]) -> Since:
    """What is other than at the last good run."""
    if last is None:
        return Since()
    release, differences = place.changed_since(last, planned.read.contract)
    others = (
        *(f"other software reads it: {moved}" for moved in (software_since(release) if release else ())),
        *_columns(baseline[-1].columns if baseline else (), planned.read.columns),
        *_file_name(last.file_name, delivery.file_name),
    )
    return Since(release=release, differences=differences, others=others)


def _columns(before: tuple[str, ...], now: tuple[str, ...]) -> Iterator[str]:
    if not before or before == now:
        return
    came = [f'"{name}"' for name in now if name not in before]
    went = [f'"{name}"' for name in before if name not in now]
    told = [f"{what} {', '.join(names)}" for what, names in (("new:", came), ("gone:", went)) if names]
    yield f"the columns of the file changed since the last good run ({'; '.join(told) or 'in another order'})"


def _file_name(before: str | None, now: str) -> Iterator[str]:
    """Names but for their digits: a date in them is another each day."""
    if before is not None and _pattern(before) != _pattern(now):
        yield f"the name of the file is of another form than {before}"


def _pattern(name: str) -> str:
    return re.sub(r"\d+", "9", PurePath(name).name)
