"""What would be false in the live table: records as they were misread against the same records as they are."""

from __future__ import annotations

import polars as pl

from ringback.model.drill import Damage
from ringback.steps.drill.ground import Ground
from ringback.steps.drill.reading import Taken

_PLACE = "ringback.place"


def damage(taken: Taken, ground: Ground) -> Damage:
    """Count the clients of the sample who would have wrong values, be left out, or not exist at all."""
    if taken.is_refused:
        return Damage(left_out=ground.records.height)
    key = list(taken.contract.key)
    clean, misread = ground.records, taken.records
    places = clean.select(key).join(
        misread.select(key).with_row_index(_PLACE), on=key, how="left", maintain_order="left"
    )[_PLACE]
    there = places.is_not_null()
    found = places.drop_nulls()
    wrong = pl.repeat(value=False, n=found.len(), dtype=pl.Boolean, eager=True)
    for name in taken.contract.fields:
        wrong = wrong | clean[name].filter(there).ne_missing(misread[name][found])
    return Damage(
        wrong=int(wrong.sum()),
        left_out=places.null_count(),
        invented=misread.height - found.len(),
    )
