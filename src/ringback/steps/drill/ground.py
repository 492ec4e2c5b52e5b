"""The ground that a drill is held on: one delivery's rows, what is held, and what the guard has learned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from ringback.model.baseline import Measures
from ringback.model.contract import Contract
from ringback.model.limits import Limit, Limits, Measure
from ringback.model.rows import LINE
from ringback.model.run import Rows, Run
from ringback.steps.drill.draw import Drawn
from ringback.steps.interpret import interpret
from ringback.steps.limits import limits
from ringback.steps.plan import set_apart

LineOf = Callable[..., int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What every misreading is tried on.

    rows     LINE and the delivered columns, all text: the sample.
    texts    the same rows as they were delivered.
    held     the held records with the sample's keys (and the closed mark, when in use).
    earlier  rows of the same clients from the import before, where there is one.
    """

    contract: Contract
    line_of: LineOf
    header: tuple[str, ...]
    rows: pl.DataFrame
    texts: pl.Series
    records: pl.DataFrame  # LINE and fields, as the contract reads these rows; each with a key of its own
    rejects: pl.DataFrame
    held: pl.DataFrame
    earlier: pl.DataFrame | None
    before: Run | None  # the import that delivered these
    baseline: tuple[Measures, ...]
    limits: Limits
    share: float  # of the delivery's rows
    text_bytes: int  # of the sample's values as delivered
    size_bytes: float | None  # of the sample, as a part of the file; None where the file is packed
    last: Run  # the run whose delivery it is, as if it had been the sample
    seed: int

    def limits_of(self, contract: Contract) -> Limits:
        """The guard's limits for the fields of a contract that misreads, or that has a line more."""
        own = self.limits
        if _teaches_otherwise(contract, self.contract):
            own = scaled(limits(self.baseline, _completed(contract, self.contract)), self.share)
        kept = tuple(limit for limit in own.limits if limit.field is None or limit.field in contract.fields)
        return replace(own, limits=kept)


def ground_of(
    drawn: Drawn,
    contract: Contract,
    run: Run,
    *,
    baseline: Sequence[Measures],
    line_of: LineOf,
    seed: int,
) -> Ground:
    """The ground, before anything held or earlier is known. `run` delivered the rows."""
    share = drawn.rows.height / max(drawn.row_count, 1)
    clean = interpret(drawn.rows, contract)
    apart = set_apart(clean.records, contract).select(LINE)
    return Ground(
        contract=contract,
        line_of=line_of,
        header=drawn.header,
        rows=drawn.rows,
        texts=drawn.texts,
        records=clean.records.join(apart, on=LINE, how="anti", maintain_order="left"),
        rejects=clean.rejects,
        held=pl.DataFrame(),
        earlier=None,
        before=None,
        baseline=tuple(baseline),
        limits=scaled(limits(baseline, contract), share),
        share=share,
        text_bytes=text_bytes(drawn.rows),
        size_bytes=_size_bytes(drawn, run, share),
        last=replace(run, rows=Rows(read=drawn.rows.height)),
        seed=seed,
    )


def text_bytes(rows: pl.DataFrame) -> int:
    """The size of all values as delivered."""
    return int(rows.select(pl.sum_horizontal(pl.exclude(LINE).str.len_bytes().sum())).item())


def scaled(whole: Limits, share: float) -> Limits:
    """Limits of a delivery for a share of its rows: only their number is another."""
    return replace(whole, limits=tuple(_scaled(limit, share) for limit in whole.limits))


def _scaled(limit: Limit, share: float) -> Limit:
    if limit.measure is not Measure.ROWS or limit.low is None or limit.high is None:
        return limit
    return replace(limit, expected=limit.expected * share, low=limit.low * share, high=limit.high * share)


def _teaches_otherwise(contract: Contract, clean: Contract) -> bool:
    """Whether other limits follow from the same baseline."""
    return contract.delivers is not clean.delivers or any(
        spec.stable != clean.fields[name].stable for name, spec in contract.fields.items()
    )


def _completed(contract: Contract, clean: Contract) -> Contract:
    """With all fields: they share one budget of false alarms."""
    return contract.model_copy(update={"fields": {**clean.fields, **contract.fields}})


def _size_bytes(drawn: Drawn, run: Run, share: float) -> float | None:
    """None where a file is smaller than its rows' text: its size tells nothing of their length."""
    text_bytes = int(drawn.texts.str.len_bytes().sum())
    own = (run.size_bytes or 0) * share
    return own if own >= text_bytes * _PLAIN else None


_PLAIN = 0.9  # of the text's bytes in UTF-8: letters of cp1252 take fewer
