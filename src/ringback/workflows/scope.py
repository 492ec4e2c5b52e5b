"""What of a run an undo or a repair is about."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ringback.errors import UsageError
from ringback.model.canonical import to_text
from ringback.model.contract import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """All of a run, one field of it, one client."""

    field: str | None = None
    key: tuple[str, ...] | None = None  # canonical texts, in the order of the contract's key

    @property
    def partial(self) -> bool:
        """Whether some of the run stays."""
        return self.field is not None or self.key is not None

    def of_client(self, frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
        """The rows of the client that is meant; all where none is. Shapes: frame: the key columns, and any others."""
        for name, text in zip(contract.key, self.key or (), strict=False):
            frame = frame.filter(to_text(pl.col(name), frame.schema[name]) == text)
        return frame


def require_scope(scope: Scope, contract: Contract) -> None:
    """Raises: UsageError, when the feed has no such field or key."""
    if scope.field is not None and scope.field not in contract.fields:
        raise UsageError(
            f"{scope.field} is not a field of {contract.feed}", mend=f"fields: {', '.join(contract.fields)}"
        )
    if scope.key is not None and len(scope.key) != len(contract.key):
        raise UsageError(
            f"the key of {contract.feed} has {len(contract.key)} parts",
            mend=f"give them in order: {','.join(contract.key)}",
        )
