"""One file of the archive while it is being written, and the removal of those whose writer was killed.

The writer holds an exclusive lock on its file for as long as it lives, whatever ends it: a file that can be locked
has no writer. No process numbers and no clocks are asked.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from contextlib import suppress
from pathlib import Path

import zstandard

SUFFIX = ".part"


class Incoming:
    """A compressed file without its final name."""

    def __init__(self, folder: Path, *, level: int) -> None:
        self.folder = folder
        self._path, self._number = _create_locked(folder)
        self._compressor = zstandard.ZstdCompressor(level=level, write_checksum=True, threads=2).compressobj()

    def write(self, block: bytes) -> None:
        """Compress and append."""
        self._append(self._compressor.compress(block))

    def finish(self) -> None:
        """Write what the compressor still holds."""
        self._append(self._compressor.flush())

    def make_durable(self) -> None:
        """Return when the bytes survive a power cut."""
        os.fsync(self._number)

    def rename_to(self, target: Path) -> None:
        """Give the file its final name, in place of what may have it."""
        self._path.replace(target)

    def close(self) -> None:
        """Let go; a file without its final name is removed."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        os.close(self._number)

    def _append(self, compressed: bytes) -> None:
        view = memoryview(compressed)
        while view:
            view = view[os.write(self._number, view) :]


def remove_abandoned(folder: Path) -> None:
    """Remove the files of killed writers; those of living ones stay."""
    for path in folder.glob(f"*{SUFFIX}"):
        with suppress(OSError):  # another process was quicker, or the writer lives
            _remove_unless_locked(path)


def sync_folder(folder: Path) -> None:
    """Return when the names in the folder survive a power cut."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _create_locked(folder: Path) -> tuple[Path, int]:
    while True:
        path = folder / f"{secrets.token_hex(16)}{SUFFIX}"
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(number, fcntl.LOCK_EX)
        if os.fstat(number).st_nlink:  # a cleaner may have come between creating and locking
            return path, number
        os.close(number)


def _remove_unless_locked(path: Path) -> None:
    number = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(number).st_nlink and os.path.samestat(os.fstat(number), path.stat()):
            path.unlink()
    finally:
        os.close(number)
