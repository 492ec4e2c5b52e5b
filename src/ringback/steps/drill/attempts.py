"""What is tried: contracts that misread, and deliveries as accidents of the sender make them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from ringback.model.contract import Contract
from ringback.model.drill import Kind
from ringback.model.rows import LINE
from ringback.steps.drill.ground import Ground
from ringback.steps.misreadings import (
    FEED_MISREADINGS,
    MISREADINGS,
    DeliveryMutant,
    FeedMisreading,
    Misreading,
    Mutant,
)

SOME = 0.3  # of the rows; issue 3: faults on 30 % of them
_FEW = 2  # fields: accidents of more of them are tried on all rows only, for the time that they take


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One misreading put in on purpose: a contract, and the rows that it is to read."""

    contract: Contract
    rows: pl.DataFrame  # LINE and the delivered columns
    kind: Kind
    code: str
    fields: tuple[str, ...]
    told: str
    share: float = 1.0  # of the rows


@dataclass(frozen=True, slots=True)
class Source:
    """A misreading of a field or, without one, of the whole delivery."""

    misreading: Misreading | FeedMisreading
    field: str | None = None


def sources(contract: Contract) -> list[Source]:
    """All that applies: each may be tried in several ways."""
    of_fields = [
        Source(misreading, name)
        for name, spec in contract.fields.items()
        for misreading in MISREADINGS
        if misreading.applies(spec)
    ]
    return [*of_fields, *(Source(misreading) for misreading in FEED_MISREADINGS)]


def clean(ground: Ground) -> Attempt:
    """Nothing put in."""
    return Attempt(contract=ground.contract, rows=ground.rows, kind=Kind.DELIVERY, code="", fields=(), told="")


def attempts(source: Source, ground: Ground) -> Iterator[Attempt]:
    """All ways of one misreading: by a contract, by the sender on all rows, by the sender on some."""
    yield from (_by_contract(mutant, ground) for mutant in _contracts(source, ground))
    drawn = pl.Series(np.random.default_rng(ground.seed).random(ground.rows.height) < SOME)
    misreading = source.misreading
    if isinstance(misreading, Misreading):
        field = source.field or ""
        for where, share in ((None, 1.0), (drawn, SOME)):
            mutants = misreading.delivery_mutants(ground.rows, ground.contract, field, where=where, seed=ground.seed)
            yield from (_by_sender(mutant, ground, share=share) for mutant in mutants)
        return
    for mutant in misreading.delivery_mutants(ground.rows, ground.contract, seed=ground.seed, earlier=ground.earlier):
        yield _by_sender(mutant, ground, share=1.0)
        if 0 < len(mutant.fields) <= _FEW and _row_by_row(mutant.rows, ground.rows):
            yield _by_sender(_partly(mutant, ground.rows, drawn), ground, share=SOME)


def _contracts(source: Source, ground: Ground) -> Iterator[Mutant]:
    if isinstance(source.misreading, Misreading):
        return source.misreading.contract_mutants(ground.contract, source.field or "")
    return source.misreading.contract_mutants(ground.contract)


def _by_contract(mutant: Mutant, ground: Ground) -> Attempt:
    return Attempt(
        contract=mutant.contract,
        rows=ground.rows,
        kind=Kind.CONTRACT,
        code=mutant.code,
        fields=mutant.fields,
        told=mutant.line,
    )


def _by_sender(mutant: DeliveryMutant, ground: Ground, *, share: float) -> Attempt:
    return Attempt(
        contract=ground.contract,
        rows=mutant.rows,
        kind=Kind.DELIVERY,
        code=mutant.code,
        fields=mutant.fields,
        told=mutant.line,
        share=share,
    )


def _row_by_row(rows: pl.DataFrame, clean: pl.DataFrame) -> bool:
    """Whether the same rows are there, in the same columns."""
    return rows.columns == clean.columns and rows[LINE].equals(clean[LINE])


def _partly(mutant: DeliveryMutant, clean: pl.DataFrame, drawn: pl.Series) -> DeliveryMutant:
    """The accident on the drawn rows only."""
    mixed = clean.with_columns(mutant.rows[name].zip_with(drawn, clean[name]) for name in clean.columns)
    return DeliveryMutant(rows=mixed, code=mutant.code, fields=mutant.fields, line=mutant.line)
