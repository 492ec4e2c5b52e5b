"""The archive: the delivered bytes themselves, each content once, under its SHA-256.

    ARCHIVE/objects/ab/cdef... .zst     one delivered content, compressed
    ARCHIVE/incoming/*.part             being written by a living process, which holds a lock on it

A content is durable (file and folders synced) before `receive` returns, so before a ledger can refer to it.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from ringback.errors import DeliveryRefused, StoreError
from ringback.model.delivery import Delivery
from ringback.model.progress import Progress
from ringback.store.incoming import Incoming, remove_abandoned, sync_folder

BLOCK_BYTES = 2**20
LEVEL = 1  # measured on 129 MB of client records: level 1 takes 0.4 s for 27 % of the size, level 3 0.6 s for 30 %

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Archive:
    """A folder of delivered contents. Any number of processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def receive(self, path: Path, *, now: datetime, progress: Progress, issued: str | None = None) -> Delivery:
        """Read the file once and keep its bytes; content that is held already is not kept twice.

        Boundaries: receive.opened, receive.written, receive.durable, receive.named.
        Raises: DeliveryRefused, when the file cannot be taken as it stands; StoreError, when the archive cannot be
        written. In both cases nothing refers to what was read.
        """
        with _source(path) as (source, before), self._incoming() as incoming:
            progress.at("receive.opened")
            sha256 = _copy(source, incoming, path=path, before=before, progress=progress)
            progress.at("receive.written")
            self._keep(incoming, sha256, progress)
        return Delivery(file_name=path.name, sha256=sha256, size_bytes=before.st_size, received_at=now, issued=issued)

    def has(self, sha256: str) -> bool:
        """Whether the content is held (not whether it is whole: `open` tells)."""
        return self._object(sha256).is_file()

    def open(self, sha256: str) -> BinaryIO:
        """Stream the delivered bytes again.

        Raises: StoreError, here when the content is not held, and from the stream when what comes out is not, to the
        last byte, what was delivered.
        """
        try:
            compressed = self._object(sha256).open("rb")
        except OSError as fault:
            raise _damaged(sha256, "It is not in the archive, or cannot be opened.") from fault
        return cast(BinaryIO, io.BufferedReader(_Verified(compressed, sha256), BLOCK_BYTES))

    def _object(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise StoreError("this is not the SHA-256 of a delivery", mend="Give 64 hexadecimal digits.")
        return self.folder / "objects" / sha256[:2] / f"{sha256[2:]}.zst"

    @contextmanager
    def _incoming(self) -> Iterator[Incoming]:
        with _storing(self.folder):
            folder = self.folder / "incoming"
            folder.mkdir(parents=True, exist_ok=True)
            remove_abandoned(folder)
            incoming = Incoming(folder, level=LEVEL)
        try:
            yield incoming
        finally:
            incoming.close()

    def _keep(self, incoming: Incoming, sha256: str, progress: Progress) -> None:
        held = self.is_whole(sha256)
        with _storing(self.folder):
            if not held:
                incoming.make_durable()
            progress.at("receive.durable")
            self._name(incoming, sha256, replace=not held)
        progress.at("receive.named")

    def is_whole(self, sha256: str) -> bool:
        """Whether the content is held, to its last byte."""
        if not self.has(sha256):
            return False
        try:
            with self.open(sha256) as content:
                while content.read(BLOCK_BYTES):
                    pass
        except StoreError:
            return False  # damaged: the copy just read takes its place
        return True

    def _name(self, incoming: Incoming, sha256: str, *, replace: bool) -> None:
        target = self._object(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        if replace:
            incoming.rename_to(target)
        # also where another process gave the name: it may have been killed before the folders were durable
        for folder in (target.parent, target.parent.parent, self.folder, self.folder.parent):
            sync_folder(folder)


class _Verified(io.RawIOBase):
    """Decompresses one content and compares its hash at the end."""

    def __init__(self, compressed: BinaryIO, sha256: str) -> None:
        self._compressed = compressed
        self._plain = zstandard.ZstdDecompressor().stream_reader(compressed, read_size=BLOCK_BYTES)
        self._hash = hashlib.sha256()
        self._sha256 = sha256

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer)).cast("B")
        try:
            count = self._plain.readinto(view)
        except (zstandard.ZstdError, OSError) as fault:
            raise _damaged(self._sha256, "It cannot be decompressed to its end.") from fault
        self._hash.update(view[:count])
        if count == 0 and len(view) > 0 and self._hash.hexdigest() != self._sha256:
            raise _damaged(self._sha256, "Its bytes are no longer those that were delivered.")
        return count

    def close(self) -> None:
        self._compressed.close()
        super().close()


def _damaged(sha256: str, why: str) -> StoreError:
    return StoreError(
        "a delivered content cannot be read from the archive",
        where=f"content {sha256[:12]}",
        why=why,
        mend="Deliver the same file again, or restore the archive's folder from a backup.",
    )


@contextmanager
def _storing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise StoreError(
            "the archive cannot be written",
            where=str(folder),
            why=f"The system says: {fault.strerror or type(fault).__name__}. Nothing was stored.",
            mend="Make room or give write permission, then import the file again.",
        ) from fault


@contextmanager
def _source(path: Path) -> Iterator[tuple[BinaryIO, os.stat_result]]:
    try:
        # O_NONBLOCK: opening a pipe that nobody writes must not wait
        number = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as fault:
        raise _refused(
            path, "the file cannot be opened", fault.strerror or "", "Check the path and its permissions."
        ) from fault
    try:
        before = os.fstat(number)
        _require_a_file(path, before)
        with os.fdopen(number, "rb", buffering=0, closefd=False) as source:
            yield cast(BinaryIO, source), before
    finally:
        os.close(number)


def _require_a_file(path: Path, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise _refused(path, "this is a folder, not a file", "A delivery is one file.", "Name the file inside it.")
    if not stat.S_ISREG(found.st_mode):
        raise _refused(
            path, "this is a pipe, socket or device, not a file", "It cannot be read twice.", "Save it as a file first."
        )
    if found.st_size == 0:
        raise _refused(path, "the file is empty", "It has no bytes at all.", "Ask the sender to deliver it again.")


def _copy(source: BinaryIO, incoming: Incoming, *, path: Path, before: os.stat_result, progress: Progress) -> str:
    """Source -> archive, hashing on the way. Returns: the SHA-256."""
    digest, done = hashlib.sha256(), 0
    while block := _read(source, path):
        digest.update(block)
        with _storing(incoming.folder):
            incoming.write(block)
        done += len(block)
        progress.advance("receive", done=done, total=before.st_size)
    _require_unchanged(path, before, os.fstat(source.fileno()), read_bytes=done)
    with _storing(incoming.folder):
        incoming.finish()
    return digest.hexdigest()


def _read(source: BinaryIO, path: Path) -> bytes:
    try:
        return source.read(BLOCK_BYTES)
    except OSError as fault:
        raise _refused(path, "the file cannot be read", fault.strerror or "", "Check the disk it lies on.") from fault


def _require_unchanged(path: Path, before: os.stat_result, after: os.stat_result, *, read_bytes: int) -> None:
    try:
        named = path.stat()
    except OSError:
        named = None
    same = (
        read_bytes == before.st_size == after.st_size
        and before.st_mtime_ns == after.st_mtime_ns
        and named is not None
        and (named.st_dev, named.st_ino) == (before.st_dev, before.st_ino)
    )
    if not same:
        raise _refused(
            path,
            "the file changed while it was read",
            "It is still being written, or another file took its place.",
            "Import it when it is complete; senders should write under another name and rename.",
        )


def _refused(path: Path, what: str, why: str, mend: str) -> DeliveryRefused:
    return DeliveryRefused(what, where=path.name, why=why, mend=mend)
