"""The archive of delivered bytes."""

from __future__ import annotations

import gzip
import hashlib
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ringback.errors import DeliveryRefused, StoreError
from ringback.model.progress import Silent
from ringback.store import incoming as incoming_module
from ringback.store.archive import Archive

NOW = datetime(2024, 8, 10, tzinfo=UTC)
BOUNDARIES = ["receive.opened", "receive.written", "receive.durable", "receive.named"]


class Watching(Silent):
    """Progress that does something at a boundary."""

    def __init__(self, act: Callable[[str], object] = lambda _boundary: None) -> None:
        self.seen: list[str] = []
        self.done: list[tuple[int, int | None]] = []
        self.act = act

    def at(self, boundary: str) -> None:
        self.seen.append(boundary)
        self.act(boundary)

    def advance(self, step: str, *, done: int, total: int | None) -> None:
        self.done.append((done, total))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def delivered(tmp_path: Path) -> Path:
    path = tmp_path / "clients.csv"
    path.write_bytes(b"no;name\n" + b"".join(b"%08d;Anna\n" % number for number in range(300_000)))
    return path


def stored(archive: Archive) -> list[Path]:
    return sorted(path for path in archive.folder.rglob("*") if path.is_file())


def test_the_bytes_come_out_as_they_were_delivered(archive: Archive, delivered: Path) -> None:
    delivery = archive.receive(delivered, now=NOW, progress=Silent(), issued="2024-08-09")

    with archive.open(delivery.sha256) as content:
        again = content.read()
    assert again == delivered.read_bytes()
    assert delivery.sha256 == hashlib.sha256(again).hexdigest()
    assert (delivery.file_name, delivery.size_bytes) == ("clients.csv", len(again))
    assert (delivery.received_at, delivery.issued) == (NOW, "2024-08-09")


def test_the_boundaries_are_told_in_order_and_the_bytes_on_the_way(archive: Archive, delivered: Path) -> None:
    progress = Watching()

    archive.receive(delivered, now=NOW, progress=progress)

    size = delivered.stat().st_size
    assert progress.seen == BOUNDARIES
    assert progress.done == [(min(done + 2**20, size), size) for done in range(0, size, 2**20)]


def test_a_content_that_is_held_is_not_kept_twice(archive: Archive, delivered: Path, tmp_path: Path) -> None:
    other_name = tmp_path / "again.csv"
    other_name.write_bytes(delivered.read_bytes())

    first = archive.receive(delivered, now=NOW, progress=Silent())
    before = [path.stat().st_ino for path in stored(archive)]
    second = archive.receive(other_name, now=NOW, progress=Silent())

    assert first.sha256 == second.sha256
    assert [path.stat().st_ino for path in stored(archive)] == before
    assert len(before) == 1


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied"])
def test_a_damaged_content_is_told_and_mended_by_the_same_file(archive: Archive, delivered: Path, damage: str) -> None:
    delivery = archive.receive(delivered, now=NOW, progress=Silent())
    (path,) = stored(archive)
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 1
    path.write_bytes({"cut": held[:-100], "flipped": held, "emptied": b""}[damage])

    with pytest.raises(StoreError, match="cannot be read from the archive"), archive.open(delivery.sha256) as content:
        content.read()
    archive.receive(delivered, now=NOW, progress=Silent())

    with archive.open(delivery.sha256) as content:
        assert content.read() == delivered.read_bytes()


def test_another_content_under_the_hash_is_told(archive: Archive, delivered: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes(b"no;name\n1;Otto\n")
    wanted = archive.receive(delivered, now=NOW, progress=Silent())
    archive.receive(other, now=NOW, progress=Silent())
    by_size = sorted(stored(archive), key=lambda path: path.stat().st_size)
    by_size[1].write_bytes(by_size[0].read_bytes())

    with archive.open(wanted.sha256) as content, pytest.raises(StoreError, match="no longer those"):
        content.read()


def test_a_content_that_was_never_delivered_is_told(archive: Archive) -> None:
    assert not archive.has("0" * 64)
    with pytest.raises(StoreError, match="not in the archive"):
        archive.open("0" * 64)


def test_a_hash_cannot_lead_out_of_the_archive(archive: Archive) -> None:
    with pytest.raises(StoreError, match="not the SHA-256"):
        archive.open("../../etc/passwd")


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))


def _device(path: Path) -> None:
    path.symlink_to("/dev/null")


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere")


@pytest.mark.parametrize("make", [_folder, _pipe, _socket, _device, _dangling, Path.touch, lambda _path: None])
def test_what_is_no_file_with_content_is_refused_at_once(
    archive: Archive, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "clients.csv"
    make(path)

    with pytest.raises(DeliveryRefused) as refused:
        archive.receive(path, now=NOW, progress=Silent())

    assert refused.value.where == "clients.csv"
    assert refused.value.why
    assert refused.value.mend
    assert stored(archive) == []


def _grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"1;Otto\n")


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"NO")


def _replace(path: Path) -> None:
    new = path.with_suffix(".new")
    new.write_bytes(path.read_bytes())
    os.utime(new, ns=(path.stat().st_mtime_ns, path.stat().st_mtime_ns))
    new.replace(path)


@pytest.mark.parametrize("change", [_grow, _overwrite, _replace, Path.unlink, lambda path: os.truncate(path, 100)])
def test_a_file_that_changes_while_it_is_read_is_refused(
    archive: Archive, delivered: Path, change: Callable[[Path], object]
) -> None:
    progress = Watching(lambda boundary: change(delivered) and None if boundary == "receive.opened" else None)

    with pytest.raises(DeliveryRefused, match="changed while it was read"):
        archive.receive(delivered, now=NOW, progress=progress)

    assert stored(archive) == []


def test_a_full_disk_is_told_and_nothing_is_stored(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "noise.csv"
    path.write_bytes(os.urandom(2_000_000))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))

    try:
        with pytest.raises(StoreError, match="Nothing was stored"):
            archive.receive(path, now=NOW, progress=Silent())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)

    assert stored(archive) == []


def test_an_archive_that_cannot_be_made_is_told(tmp_path: Path, delivered: Path) -> None:
    (tmp_path / "archive").write_text("a file stands where the folder should be")

    with pytest.raises(StoreError, match="cannot be written"):
        Archive(tmp_path / "archive").receive(delivered, now=NOW, progress=Silent())


KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from ringback.model.progress import Silent
from ringback.store.archive import Archive

class Killing(Silent):
    def at(self, boundary):
        if boundary == sys.argv[3]:
            os.kill(os.getpid(), 9)

Archive(Path(sys.argv[1])).receive(Path(sys.argv[2]), now=datetime(2024, 8, 10, tzinfo=UTC), progress=Killing())
"""


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_after_a_kill_at_any_boundary_the_next_try_has_all_and_leaves_nothing(
    archive: Archive, delivered: Path, boundary: str
) -> None:
    arguments = [sys.executable, "-c", KILLED, str(archive.folder), str(delivered), boundary]
    killed = subprocess.run(arguments, check=False, capture_output=True)

    delivery = archive.receive(delivered, now=NOW, progress=Silent())

    assert killed.returncode == -signal.SIGKILL
    (kept,) = stored(archive)
    assert kept.suffix == ".zst"
    with archive.open(delivery.sha256) as content:
        assert content.read() == delivered.read_bytes()


def test_the_file_of_a_living_writer_is_left_alone(archive: Archive, delivered: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes(b"no;name\n1;Otto\n")
    progress = Watching(
        lambda boundary: (
            archive.receive(other, now=NOW, progress=Silent()) and None if boundary == "receive.written" else None
        )
    )

    delivery = archive.receive(delivered, now=NOW, progress=progress)

    assert archive.has(delivery.sha256)
    assert len(stored(archive)) == 2


def test_ten_importers_of_one_content_at_once_keep_it_once(archive: Archive, delivered: Path) -> None:
    hashes: list[str] = []

    def receive() -> None:
        hashes.append(archive.receive(delivered, now=NOW, progress=Silent()).sha256)

    importers = [threading.Thread(target=receive) for _ in range(10)]
    for importer in importers:
        importer.start()
    for importer in importers:
        importer.join()

    assert len(hashes) == 10
    assert len(set(hashes)) == 1
    assert [path.suffix for path in stored(archive)] == [".zst"]


def test_nothing_is_named_before_its_bytes_and_folders_are_durable(
    archive: Archive, delivered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    fsync, sync_folder = os.fsync, incoming_module.sync_folder
    monkeypatch.setattr(os, "fsync", lambda number: (told.append("fsync"), fsync(number))[1])
    monkeypatch.setattr(
        "ringback.store.archive.sync_folder", lambda folder: (told.append(folder.name), sync_folder(folder))[1]
    )

    delivery = archive.receive(delivered, now=NOW, progress=Watching(told.append))

    durable = told.index("receive.durable")
    assert told[told.index("receive.written") + 1 : durable] == ["fsync"]
    assert delivery.sha256[:2] in told[durable : told.index("receive.named")]


def test_compressed_deliveries_are_kept_as_they_came(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv.gz"
    path.write_bytes(gzip.compress(b"no;name\n1;Otto\n", mtime=0))

    delivery = archive.receive(path, now=NOW, progress=Silent())

    with archive.open(delivery.sha256) as content:
        assert content.read() == path.read_bytes()
