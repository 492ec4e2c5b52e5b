"""Accidents for a training: misreadings that make well-formed values false, in an order that a seed draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
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
_OF_COLUMNS = "columns."  # of whole deliveries, those whose values come into other fields

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


def accidents(ground: Ground, *, seed: int, kinds: Sequence[Kind] = tuple(Kind)) -> Iterator[Accident]:
    """All of these kinds that can be played here: first the kind is drawn, then the field, then the misreading.

    `seed` draws; the same rows and seed give the same accidents.
    """
    draw = np.random.default_rng(seed)
    every = [each for each in sources(ground.contract) if each.field or each.misreading.code.startswith(_OF_COLUMNS)]
    fields = [name for name in ground.contract.fields if name not in ground.contract.key]
    for kind in _drawn(kinds, draw):
        for field in _drawn([*fields, None], draw):
            for source in _drawn([each for each in every if each.field == field], draw):
                for attempt in _drawn(_of_kind(kind, source, ground), draw):
                    accident = _played(attempt, source, ground)
                    if accident is not None:
                        yield accident


def caller(accident: Accident, contract: Contract, known: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """The key (one row) of a client with a false value, of those in `known`; empty where there is none."""
    key = list(contract.key)
    concerned = accident.pairs.select(key).join(known.select(key), on=key, how="semi").sort(key)
    return concerned.sample(min(1, concerned.height), seed=seed)


def words(contract: Contract) -> tuple[Word, ...]:
    """All names of misreadings that an accident can have: those that can happen to a field that is no key."""
    names = [name for name in contract.fields if name not in contract.key]
    of_fields = {
        each.code: Word(
            code=each.code,
            sentence=each.sentence,
            fields=tuple(name for name in names if each.applies(contract.fields[name])),
        )
        for each in MISREADINGS
    }
    of_columns = [
        Word(code=each.code, sentence=each.sentence, fields=())
        for each in FEED_MISREADINGS
        if each.code.startswith(_OF_COLUMNS)
    ]
    told = [word for word in of_fields.values() if word.fields]
    return tuple(sorted([*told, *of_columns], key=lambda word: word.code))


def _of_kind(kind: Kind, source: Source, ground: Ground) -> list[Attempt]:
    """Contracts come first among the attempts, so that no delivery is written for nothing."""
    if kind is Kind.CONTRACT:
        return list(takewhile(lambda attempt: attempt.kind is kind, attempts(source, ground)))
    return [attempt for attempt in attempts(source, ground) if attempt.kind is kind]


def _drawn(among: Sequence[T], draw: np.random.Generator) -> list[T]:
    return [among[int(place)] for place in draw.permutation(len(among))]


def _played(attempt: Attempt, source: Source, ground: Ground) -> Accident | None:
    """None where it leaves nothing false, or cannot be put into a file of these columns."""
    if not attempt.fields or set(attempt.fields) & set(ground.contract.key) or not _fits(attempt, ground):
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
    names = [name for name in fields if name in taken.contract.fields]
    misread = taken.records.select(*key, *(pl.col(name).alias(f"{name}.misread") for name in names))
    both = ground.records.select(*key, *names).join(misread, on=key)
    return both.filter(pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}.misread")) for name in names))
