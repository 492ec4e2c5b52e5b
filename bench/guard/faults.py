"""Faults put into real deliveries and an invented feed: every misreading that applies, on a share of the rows."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from bench.guard.corpora import Read
from bench.guard.replay import QUARANTINED, Feed, measured
from ringback.contracts import parse
from ringback.model.diagnosis import Diagnosis
from ringback.model.limits import Exceeded, Limits
from ringback.model.rows import LINE, no_rejects
from ringback.steps.interpret import interpret
from ringback.steps.invent import CONTRACT_YAML, as_delivered, invent, next_night
from ringback.steps.limits import exceeded, limits
from ringback.steps.misreadings import FEED_MISREADINGS, MISREADINGS, DeliveryMutant
from ringback.steps.plan import set_apart

NO_OP = 15  # changed cells below which nobody was hurt
KEEPS_DISTRIBUTION = ("columns.exchanged", "column.misaligned", "date.day_month")
SAME = 0.98  # of the changed values: what explains as many makes the very same values

Mask = Callable[[Read, np.random.Generator], pl.Series | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault, and what the guard said."""

    feed: str
    file_name: str
    where: str  # one of WHERE
    code: str
    fields: tuple[str, ...]
    deliveries: int  # in the baseline
    changed: int  # cells that would be published, and are not as delivered
    quarantined: bool  # more rows than the policy lets pass could not be read: held without the guard
    exceeded: tuple[Exceeded, ...]
    diagnoses: tuple[Diagnosis, ...]

    @property
    def is_named(self) -> bool:
        """Whether the guard holds the delivery for the right field."""
        return any(over.field in self.fields for over in self.exceeded)

    @property
    def is_caught(self) -> bool:
        """Whether it is held for it, or for rows that cannot be read."""
        return self.quarantined or self.is_named

    @property
    def has_cause(self) -> bool:
        """Whether the first cause that is told of the field is the fault, or one that makes the very same values."""
        told = [each for each in self.diagnoses if set(each.fields) & set(self.fields)]
        return bool(told) and (told[0].code == self.code or told[0].share_explained >= SAME)


def faults(name: str, read: Read, feed: Feed, *, count: int, seed: int) -> Iterator[Fault]:
    """Some faults on each part of the rows, drawn from all that apply."""
    rng = np.random.default_rng(seed)
    known = limits(feed.baseline, read.contract)
    for where, mask in WHERE.items():
        drawn = mask(read, rng)
        if drawn is not None:
            mutants = mutants_of(read, drawn, rng, count=count, seed=seed)
            yield from (judged_fault(name, read, feed, mutant, known, where) for mutant in mutants)


def _share(share: float) -> Mask:
    return lambda read, rng: pl.Series(rng.random(read.rows.height) < share)


def _slice(types: tuple[str, ...], most: float) -> Mask:
    """The rows with one value of one column: of all values that enough rows and not too many have."""

    def mask(read: Read, rng: np.random.Generator) -> pl.Series | None:
        found = []
        for spec in read.contract.fields.values():
            if spec.type in types:
                column = read.rows[str(spec.column)]
                counts = column.value_counts(name="rows").filter(
                    pl.col("rows").is_between(2 * NO_OP, most * read.rows.height), pl.col(column.name) != ""
                )
                found += [(column, text) for text in counts[column.name].sort()]
        if not found:
            return None
        column, text = found[int(rng.integers(len(found)))]
        return column.eq_missing(pl.Series([text]))

    return mask


WHERE: dict[str, Mask] = {
    "all": _share(1.1),
    "30 %": _share(0.3),
    "5 %": _share(0.05),
    "1 %": _share(0.01),
    "one value": _slice(("string", "code", "boolean"), 0.5),
    "one day": _slice(("date", "datetime"), 0.5),
}


def mutants_of(
    read: Read, drawn: pl.Series, rng: np.random.Generator, *, count: int, seed: int
) -> Iterator[DeliveryMutant]:
    contract = read.contract
    pairs = [
        (misreading, field)
        for misreading in MISREADINGS
        for field, spec in contract.fields.items()
        if field not in contract.key and misreading.applies(spec)
    ]
    for place in rng.permutation(len(pairs))[:count]:
        misreading, field = pairs[int(place)]
        mutants = list(misreading.delivery_mutants(read.rows, contract, field, where=drawn, seed=seed))
        if mutants:
            yield mutants[int(rng.integers(len(mutants)))]
    for whole in FEED_MISREADINGS:
        if whole.code == "columns.exchanged":
            exchanged = list(whole.delivery_mutants(read.rows, contract, seed=seed))
            for place in rng.permutation(len(exchanged))[: count // 5]:
                yield _partly(read.rows, exchanged[int(place)], drawn)


def _partly(rows: pl.DataFrame, mutant: DeliveryMutant, drawn: pl.Series) -> DeliveryMutant:
    """The accident on the drawn rows only."""
    other = mutant.rows
    mixed = [pl.when(drawn).then(other[name]).otherwise(rows[name]).alias(name) for name in rows.columns]
    return replace(mutant, rows=pl.select(mixed))


def judged_fault(name: str, read: Read, feed: Feed, mutant: DeliveryMutant, known: Limits, where: str) -> Fault:
    contract = read.contract
    interpretation = interpret(mutant.rows, contract)
    apart = set_apart(interpretation.records, contract)
    records = interpretation.records.join(apart.select(LINE), on=LINE, how="anti", maintain_order="left")
    rejects = pl.concat([no_rejects(), interpretation.rejects])
    faulty = replace(read, rows=mutant.rows, records=records, rejects=rejects, duplicate_count=apart.height)
    found = measured(faulty, records, feed.planned(records, contract), feed)
    return Fault(
        feed=name,
        file_name=read.path.name,
        where=where,
        code=mutant.code,
        fields=mutant.fields,
        deliveries=len(feed.baseline),
        changed=_changed(read.records, records, mutant.fields),
        quarantined=rejects["line"].n_unique() > QUARANTINED * read.rows.height,
        exceeded=exceeded(found.measures, known),
        diagnoses=found.diagnoses,
    )


def _changed(clean: pl.DataFrame, faulty: pl.DataFrame, fields: tuple[str, ...]) -> int:
    both = clean.join(faulty, on=LINE, how="inner", suffix=".faulty", maintain_order="left")
    return sum(int(both[name].ne_missing(both[f"{name}.faulty"]).sum()) for name in fields if name in clean.columns)


def invented(clients: int, nights: int) -> Iterator[Read]:
    """Nights of an invented feed with natural churn."""
    from pathlib import Path

    contract = parse(CONTRACT_YAML, name="clients.yaml").contract
    held = invent(clients, seed=1)
    for night in range(nights):
        rows = as_delivered(held).with_row_index(LINE, offset=2).cast({LINE: pl.Int64})
        found = interpret(rows, contract)
        content = io.BytesIO()
        rows.drop(LINE).write_csv(content)
        yield Read(
            path=Path(f"clients_{night}.csv"),
            contract=contract,
            is_new_era=night == 0,
            rows=rows,
            records=found.records,
            rejects=found.rejects,
            read_count=rows.height,
            duplicate_count=0,
            header=(),
            size_bytes=content.tell(),
        )
        held = next_night(held, seed=night + 2)
