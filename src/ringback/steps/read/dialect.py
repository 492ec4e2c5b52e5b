"""How one delivery separates its cells: the contract's words as bytes of UTF-8."""

from __future__ import annotations

from dataclasses import dataclass

from ringback.errors import UsageError
from ringback.model.contract import Skip, Source

BLOCK_BYTES = 8 * 2**20  # measured with 2, 4, 8, 16: no difference that load does not hide; 16 was never the fastest
COLUMNS = 16_384  # as many as a worksheet has
RECORD_BYTES = 16 * 2**20  # the longest row, quoted line breaks included, that is taken for a row


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What bounds the reader's memory. Tests make them small."""

    block_bytes: int = BLOCK_BYTES  # read at a time; at most `record_bytes`
    record_bytes: int = RECORD_BYTES
    columns: int = COLUMNS


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """A `Source`, compiled. Quote and escape are one byte each."""

    delimiter: bytes
    quote: bytes  # empty: nothing is quoted
    escape: bytes  # empty: nothing is escaped
    comment: bytes  # empty: no comments
    skip: tuple[Skip, ...]


def dialect_of(source: Source) -> Dialect:
    """Compile the contract's dialect.

    Raises: UsageError, where a file written so could be read in two ways.
    """
    _require_distinct(source)
    return Dialect(
        delimiter=source.delimiter.encode(),
        quote=(source.quote or "").encode(),
        escape=(source.escape or "").encode(),
        comment=(source.comment or "").encode(),
        skip=source.skip,
    )


def _require_distinct(source: Source) -> None:
    for name, mark in (("quoteChar", source.quote), ("escapeChar", source.escape)):
        if mark and (len(mark) != 1 or not mark.isascii() or mark in "\r\n\0"):
            raise _unusable(name, "It must be one ASCII character.")
    if any(mark in source.delimiter for mark in ("\r", "\n", "\0", source.quote, source.escape) if mark):
        raise _unusable("delimiter", "It must not hold a line break or the quoteChar or escapeChar.")
    if source.quote and source.quote == source.escape:
        raise _unusable("escapeChar", "It is the quoteChar: leave it out, a doubled quote is read as one anyway.")
    if source.comment and (source.comment[0] in "\r\n\0" or source.comment[0] == source.quote):
        raise _unusable("commentChar", "A comment must not start as a row can.")


def _unusable(name: str, why: str) -> UsageError:
    return UsageError(f"the source's {name} cannot be used", why=why, mend=f"Change source.{name} in the contract.")
