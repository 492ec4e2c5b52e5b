"""Digests of records that do not depend on their order: what was planned against what is read back.

A field's digest is the exclusive or, over all records, of a 64-bit hash of (key, value). Records leave a digest as they
enter it, so `held ^ before ^ after` is the digest of the table that a change set makes. Hashes are Polars', the same
within one version of it; a fingerprint names that version, so digests are compared only where they are comparable.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

import polars as pl

from ringback.model.change import ChangeSet, Digest

_KEY = "ringback.key"


def digest(records: pl.DataFrame, key: Iterable[str], columns: Iterable[str]) -> Digest:
    """The digest of some records.

    Shapes:
        records: the key columns and `columns`, typed.
    """
    names = list(columns)
    keyed = records.select(pl.struct(list(key)).hash(seed=7).alias(_KEY), *names)
    hashes = keyed.select(pl.struct(_KEY, name).hash(seed=11).bitwise_xor().alias(name) for name in names)
    return Digest(records.height, {name: int(value or 0) for name, value in hashes.row(0, named=True).items()})


def digest_all(frames: Iterable[pl.DataFrame], key: Iterable[str], columns: Iterable[str]) -> Digest:
    """The digest of the records of all frames."""
    key, columns = list(key), list(columns)
    return sum((digest(frame, key, columns) for frame in frames), Digest())


def change_digest(changes: ChangeSet, columns: list[str]) -> tuple[Digest, Digest]:
    """(what leaves the table, what enters it)."""
    leaves = digest(changes.before, changes.key, columns) + digest(changes.removed, changes.key, columns)
    enters = digest(changes.after, changes.key, columns) + digest(changes.added, changes.key, columns)
    return leaves, enters


def fold(leaves: Digest, enters: Digest) -> str:
    """One hexadecimal digest of a change set, to tell whether planning again gives the same."""
    text = json.dumps([leaves.row_count, dict(leaves.fields), enters.row_count, dict(enters.fields)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
