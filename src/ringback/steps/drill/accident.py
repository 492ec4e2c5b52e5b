"""Accidents for a training: misreadings that make well-formed values false, in an order that a seed draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import polars as pl

from ringback.errors import UsageError
from ringback.model.contract import Contract
from ringback.model.drill import Kind
from ringback.model.rows import LINE
from ringback.model.training import Told, Word
from ringback.steps.drill.attempts import Attempt, Source, attempts, sources
from ringback.steps.drill.damage import damage
from ringback.steps.drill.ground import Ground
from ringback.steps.drill.reading import Taken, take
from ringback.steps.misreadings import FEED_MISREADINGS, MISREADINGS, FeedMisreading, Misreading

_LEAST_SHARE, _LEAST = 0.01, 5  # of the records: fewer false ones are not to be found by looking
_ALIKE = 0.95  # of the false values: another misreading that makes as many of them is as right a name

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Accident:
    """One misreading as it is put in, and what it makes of the rows."""

    attempt: Attempt
    told: Told
    pairs: pl.DataFrame  # the key, and of each field concerned "F" as it is and "F.misread": clients with a false value

    def is_called(self, code: str, field: str, contract: Contract) -> bool:
        """Whether this is its name, or one that explains the false values of the field as well."""
        if code == self.told.code:
            return True
        named = next((each for each in MISREADINGS if each.code == code), None)
        if named is None or field not in self.told.fields or not named.applies(contract.fields[field]):
            return False
        false = self.pairs.filter(pl.col(field).ne_missing(pl.col(f"{field}.misread")))
        explained = named.explains(false[field], false[f"{field}.misread"], contract.fields[field])
        return false.height > 0 and int(explained.sum()) >= _ALIKE * false.height


def accidents(ground: Ground, *, seed: int) -> Iterator[Accident]:
    """All that can be played on these rows: first the field is drawn, then its misreading, then the way it comes about.

    `seed` draws; the same rows and seed give the same accidents.
    """
    draw = np.random.default_rng(seed)
    every = sources(ground.contract)
    for field in _drawn([*ground.contract.fields, None], draw):
        for source in _drawn([each for each in every if each.field == field], draw):
            yield from (
                found
                for attempt in _drawn(list(attempts(source, ground)), draw)
                if (found := _played(attempt, source, ground)) is not None
            )


def caller(accident: Accident, contract: Contract, known: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """The key (one row) of a client with a false value, of those in `known`; empty where there is none."""
    key = list(contract.key)
    concerned = accident.pairs.select(key).join(known.select(key), on=key, how="semi").sort(key)
    return concerned.sample(min(1, concerned.height), seed=seed)


def words(contract: Contract) -> tuple[Word, ...]:
    """All names of misreadings that can happen to a field of this contract."""
    of_fields = {
        each.code: Word(
            code=each.code,
            sentence=each.sentence,
            fields=tuple(name for name, spec in contract.fields.items() if each.applies(spec)),
        )
        for each in MISREADINGS
    }
    of_feeds = {each.code: Word(code=each.code, sentence=each.sentence, fields=()) for each in FEED_MISREADINGS}
    told = [word for word in of_fields.values() if word.fields]
    return tuple(sorted([*told, *of_feeds.values()], key=lambda word: word.code))


def _drawn(among: Sequence[T], draw: np.random.Generator) -> list[T]:
    return [among[int(place)] for place in draw.permutation(len(among))]


def _played(attempt: Attempt, source: Source, ground: Ground) -> Accident | None:
    """None where it leaves nothing false, or cannot be put into a file of these columns."""
    if not attempt.fields or not _fits(attempt, ground):
        return None
    try:
        taken = take(attempt, ground)
    except UsageError:  # nobody can use such a contract
        return None
    wrong = 0 if taken.is_refused else damage(taken, ground).wrong
    if wrong < max(_LEAST, _LEAST_SHARE * ground.records.height):
        return None
    told = Told(
        fields=attempt.fields,
        code=attempt.code,
        sentence=_sentence(source.misreading, attempt.fields),
        kind=attempt.kind,
        told=attempt.told if attempt.share == 1 else f"{attempt.told}, in {100 * attempt.share:.0f} % of the rows",
        wrong=wrong,
    )
    return Accident(attempt=attempt, told=told, pairs=_pairs(taken, attempt.fields, ground))


def _fits(attempt: Attempt, ground: Ground) -> bool:
    if attempt.kind is Kind.CONTRACT:
        return attempt.contract.source == ground.contract.source
    return attempt.rows.columns == ground.rows.columns and attempt.rows[LINE].equals(ground.rows[LINE])


def _sentence(misreading: Misreading | FeedMisreading, fields: tuple[str, ...]) -> str:
    return misreading.named(fields) if isinstance(misreading, FeedMisreading) else misreading.sentence


def _pairs(taken: Taken, fields: tuple[str, ...], ground: Ground) -> pl.DataFrame:
    key = list(ground.contract.key)
    names = [name for name in fields if name in taken.contract.fields and name not in key]
    misread = taken.records.select(*key, *(pl.col(name).alias(f"{name}.misread") for name in names))
    both = ground.records.select(*key, *names).join(misread, on=key)
    return both.filter(pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}.misread")) for name in names))
