"""020 7946 0123 is a number in London; dialled elsewhere, the same digits ring somebody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

import polars as pl
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, country_code_for_region

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec
from ringback.steps.interpret.phone import PhoneField
from ringback.steps.misreadings.misreading import AFTER, BEFORE, Misreading, Specificity

_REGIONS = ("DE", "FR", "GB", "US", "IT", "AU", "NL")
_SHORTEST = 4  # national digits that must be alike


class PhoneRegion(Misreading):
    """National numbers taken as those of another country."""

    code = "phone.region"
    sentence = "its national number taken for one of another country"
    specificity = Specificity.FEW
    types = ("phone",)

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        old, new = national(BEFORE), national(AFTER)
        ends = old.str.ends_with(new) | new.str.ends_with(old)  # some plans take the first digits for a prefix
        close = (old.str.len_bytes().cast(pl.Int64) - new.str.len_bytes().cast(pl.Int64)).abs() <= 2
        return (calling_code(BEFORE) != calling_code(AFTER)) & ends & close & (new.str.len_bytes() >= _SHORTEST)

    def respecified(self, spec: FieldSpec, contract: Contract) -> Iterator[Mapping[str, object]]:
        if not isinstance(spec, PhoneField):
            return
        own = country_code_for_region(spec.region) if spec.region is not None else None
        yield from ({"region": other} for other in _REGIONS if country_code_for_region(other) != own)
        if spec.region is not None:
            yield {"region": None}

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        if not isinstance(spec, PhoneField):
            return
        own = country_code_for_region(spec.region) if spec.region is not None else None
        wrong = next(country_code_for_region(other) for other in _REGIONS if country_code_for_region(other) != own)
        read = spec.read(text)
        yield f"+{wrong} put before national numbers", f"+{wrong}" + national(read)


@lru_cache(maxsize=1)
def _calling_codes() -> str:
    """One pattern for all calling codes; none begins another."""
    return "|".join(str(code) for code in sorted(COUNTRY_CODE_TO_REGION_CODE))


def calling_code(number: pl.Expr) -> pl.Expr:
    """+442079460123 -> 44."""
    return number.str.extract(rf"^\+({_calling_codes()})")


def national(number: pl.Expr) -> pl.Expr:
    """+442079460123 -> 2079460123; an Italian's leading zero is left out, as others leave it out."""
    return number.str.replace(rf"^\+(?:{_calling_codes()})0?", "")
