"""init: a project and a contract drafted from samples, with the evidence for every reading."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from ringback.contracts.draft import InitReport, contract_text, draft
from ringback.contracts.draft.scalar import quoted
from ringback.errors import UsageError
from ringback.model.contract import NAME_PATTERN
from ringback.model.project import PROJECT_FILE

DEFAULT_TARGET = "sqlite:///records.db"
_SEAL = re.compile(r"\A# ringback draft (?P<digest>[0-9a-f]{12}): .*\n")


def init_project(
    folder: Path,
    samples: tuple[Path, ...],
    *,
    decide: Mapping[str, str],
    feed: str | None,
    target: str | None,
    now: datetime,
    layout: Path | None = None,
) -> InitReport:
    """Draft `feeds/<feed>.yaml` from samples, and `ringback.yaml` where the folder has none.

    layout: a copybook, or a table of name, start and length: then the samples are of fixed width.

    A file that people have written is never written over; a draft that nobody has edited since may be drafted again.
    Raises: UsageError; DeliveryRefused, when a sample cannot be read.
    """
    _check(samples, feed, target, folder)
    drafted = draft(samples, decide=decide, feed=feed, layout=layout)
    text = _sealed(contract_text(drafted, on=now.date()))
    contract_path = folder / "feeds" / f"{drafted.names.feed}.yaml"
    _require_ours(contract_path)
    project_written = _write_project(folder, target)
    contract_path.parent.mkdir(exist_ok=True)
    contract_path.write_text(text, encoding="utf-8", newline="\n")
    return InitReport(
        feed=drafted.names.feed,
        draft=drafted,
        project_path=folder / PROJECT_FILE,
        contract_path=contract_path,
        project_written=project_written,
        contract_text=text,
    )


def _check(samples: tuple[Path, ...], feed: str | None, target: str | None, folder: Path) -> None:
    if not samples:
        raise UsageError("init needs a sample file", mend="ringback init clients_2024-08-09.csv")
    if feed is not None and not re.fullmatch(NAME_PATTERN, feed):
        raise UsageError(
            f"{quoted(feed)} is not a feed's name",
            where="--feed",
            mend="Write a-z, 0-9 and _, at most 63, a letter first.",
        )
    if target is not None:
        _check_target(target, folder)


def _check_target(target: str, folder: Path) -> None:
    if not target.startswith(("sqlite:///", "postgresql://")):
        raise UsageError(
            "the target is neither SQLite nor PostgreSQL",
            where="--target",
            mend="Write sqlite:///records.db or postgresql://user@host/database.",
        )
    password = re.search(r"://[^/@]*:(?P<password>[^@]*)@", target)
    if password and not re.fullmatch(r"\$\{\w+\}", password["password"]):
        raise UsageError(
            "the target has a password in it, and ringback.yaml keeps none",
            where="--target",
            mend="Put it into the environment and write ${NAME} in its place.",
        )
    if (folder / PROJECT_FILE).exists():
        raise UsageError(
            "the folder has a project already, with a target of its own",
            where=str(folder / PROJECT_FILE),
            mend="Leave --target out, or change the target in that file.",
        )


def _sealed(text: str) -> str:
    """The text under a first line that tells later whether anybody has edited it."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return f"# ringback draft {digest}: as long as nobody edits it, init may write it again.\n{text}"


def _require_ours(path: Path) -> None:
    """Raises: UsageError, when there is a contract that is not an unedited draft."""
    if not path.exists():
        return
    text = path.read_text(encoding="utf-8", errors="replace")
    seal = _SEAL.match(text)
    if seal is None or _sealed(text[seal.end() :]) != text:
        raise UsageError(
            "the contract is there already, and people have written in it",
            where=str(path),
            why="init never writes over their work.",
            mend="Decide in the file itself, or draft under another name with --feed NAME.",
        )


def _write_project(folder: Path, target: str | None) -> bool:
    path = folder / PROJECT_FILE
    if path.exists():
        return False
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(_project_text(target or DEFAULT_TARGET), encoding="utf-8", newline="\n")
    return True


def _project_text(target: str) -> str:
    return (
        "# Where the records go: sqlite:///file.db, relative to this file, or postgresql://user:${PASSWORD}@host/database.\n"
        f"target: {quoted(target)}\n"
        "# The folder that keeps every delivery as it arrived, relative to this file.\n"
        "archive: archive\n"
    )
