"""Digests of a reading: whether other software, or another machine, reads the same bytes as the same records.

A digest is SHA-256 over all values of a field in the order in which they were delivered. Nothing of it depends on how
rows come in chunks, nor on a library's hash functions: after an upgrade it is compared with what was stored before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Protocol

import numpy as np
import polars as pl

from ringback.model.reading import ReadingDigest
from ringback.model.rows import LINE

KEPT_DIGITS = 32  # of 64 hexadecimal ones: 128 bits
_NULL_LENGTH = 2**32 - 1  # no text is as long


class _Hash(Protocol):
    def update(self, data: bytes | memoryview, /) -> None: ...


class ReadingHash:
    """Takes the records and rejects of one delivery, chunk by chunk, in delivered order."""

    def __init__(self, fields: Iterable[str]) -> None:
        self._columns = {name: _Column() for name in (LINE, *fields)}
        self._rejects = hashlib.sha256()
        self._record_count = self._fault_count = 0

    def take(self, records: pl.DataFrame, rejects: pl.DataFrame) -> None:
        """Add a chunk.

        Shapes:
            records: LINE and the fields, typed.
            rejects: REJECT_SCHEMA; where, which field and why are taken, the sentence and the texts are not.
        """
        for name, column in self._columns.items():
            column.take(records[name])
        for line, field, code in rejects.select("line", "field", "code").iter_rows():
            self._rejects.update(f"{line}\t{field or ''}\t{code}\n".encode())
        self._record_count += records.height
        self._fault_count += rejects.height

    def finish(self) -> ReadingDigest:
        """The digests of all that was taken."""
        digests = {name: column.digest() for name, column in self._columns.items()}
        return ReadingDigest(
            record_count=self._record_count,
            fault_count=self._fault_count,
            lines=digests.pop(LINE),
            rejects=self._rejects.hexdigest()[:KEPT_DIGITS],
            fields=digests,
        )


class _Column:
    """Two streams: what the values are, and which of them are there (of text: how long they are)."""

    def __init__(self) -> None:
        self._values, self._marks = hashlib.sha256(), hashlib.sha256()

    def take(self, values: pl.Series) -> None:
        if isinstance(values.dtype, pl.String):
            self._values.update(values.str.join("").cast(pl.Binary).item())
            self._marks.update(_bytes(values.str.len_bytes().fill_null(_NULL_LENGTH), "<u4"))
            return
        self._marks.update(_bytes(values.is_not_null(), "u1"))
        if isinstance(values.dtype, pl.Decimal):
            _take_wide(values.to_physical().fill_null(0), self._values)
        else:
            self._values.update(_bytes(values.to_physical().fill_null(0), "<i8"))

    def digest(self) -> str:
        return hashlib.sha256(self._values.digest() + self._marks.digest()).hexdigest()[:KEPT_DIGITS]


def _take_wide(values: pl.Series, hash_: _Hash) -> None:
    """Whole numbers of 128 bits, as their upper and lower halves."""
    narrow = values.cast(pl.Int64, strict=False)
    if narrow.null_count() == 0:
        low = narrow.to_numpy()
        high = low >> 63
    else:
        half = pl.Series([2**64], dtype=pl.Int128)
        upper = values // half
        high = upper.cast(pl.Int64).to_numpy()
        low = (values - upper * half).cast(pl.UInt64).to_numpy().view(np.int64)
    hash_.update(np.column_stack((low, high)).astype("<i8", copy=False).data)


def _bytes(values: pl.Series, dtype: str) -> memoryview:
    return np.ascontiguousarray(values.to_numpy(), dtype=dtype).data
