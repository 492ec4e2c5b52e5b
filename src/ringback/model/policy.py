"""What a feed's owner accepts without looking: limits above which a person decides."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_serializer

_SHARE = r"[0-9]{1,3}(?:\.[0-9]{1,6})?"
_ROWS = "[0-9]{1,12}"
_LIMIT = re.compile(f"(?P<share>{_SHARE}) ?%|(?P<rows>{_ROWS}) rows?")
_LIMIT_SCHEMA = f"^({_SHARE} ?%|{_ROWS} rows?)$"  # JSON Schema's patterns have no named groups as Python's have


class Limit(BaseModel):
    """A share of rows ("0.5 %") or a number of them ("20 rows")."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    share: Decimal | None = None  # 0 to 1
    rows: int | None = None

    def allows(self, row_count: int, of: int) -> bool:
        """Whether `row_count` rows out of `of` stay within the limit."""
        if self.rows is not None:
            return row_count <= self.rows
        return self.share is None or row_count <= self.share * of

    @model_serializer
    def __str__(self) -> str:
        if self.rows is not None:
            return f"{self.rows} rows"
        return f"{((self.share or Decimal(0)) * 100).normalize():f} %"


def _limit(written: object) -> object:
    if isinstance(written, Limit):
        return written
    found = _LIMIT.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        raise ValueError("a limit is a share of the rows, as 0.5 %, or a number of them, as 20 rows: write one")
    if found["rows"] is not None:
        return Limit(rows=int(found["rows"]))
    share = Decimal(found["share"]) / 100
    if share > 1:
        raise ValueError("a limit above 100 % of the rows never holds anything: write a smaller one")
    return Limit(share=share)


AsLimit = Annotated[Limit, BeforeValidator(_limit, json_schema_input_type=Annotated[str, Field(pattern=_LIMIT_SCHEMA)])]


class Rule(BaseModel):
    """Above the limit a run is held for a person to decide."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hold_above: AsLimit


_BUDGET = r"1 in [1-9][0-9]{0,6}"


class Guard(BaseModel):
    """The learned limits of a feed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    false_alarms: str = Field(
        default="1 in 200",
        pattern=f"^{_BUDGET}$",
        description="How many ordinary deliveries the learned limits may hold by mistake.",
    )

    @property
    def share(self) -> float:
        """As a share of the deliveries."""
        return 1 / int(self.false_alarms.removeprefix("1 in "))


class Duplicates(StrEnum):
    """What becomes of rows that share a key: the file gives no reason to believe one of them more."""

    REJECT = "reject"
    FIRST = "first"
    LAST = "last"


class Policy(BaseModel):
    """A feed's policy. Source of the defaults: docs/decisions/0006-policy-defaults.md"""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quarantined: Rule = Rule(hold_above=Limit(share=Decimal("0.005")))
    removed: Rule | None = Field(default=None, description="Default: 1 %, and on a small table 20 rows.")
    shrunk: Rule = Field(default=Rule(hold_above=Limit(share=Decimal("0.2"))), description="Fewer rows than last time.")
    duplicates: Duplicates = Duplicates.REJECT
    duplicated: Rule = Rule(hold_above=Limit(share=Decimal("0.005")))
    changed: dict[str, Rule] = Field(
        default={}, description="By field: more held clients that change their value than this are looked at."
    )
    guard: Guard = Guard()
