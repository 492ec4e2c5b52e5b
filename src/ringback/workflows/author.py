"""Who changed a feed's contract, as git tells it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_PATIENCE_SECONDS = 10
_SETTINGS = ("-c", "core.fsmonitor=false", "-c", "core.quotePath=false")  # nothing of the repository's own is run


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A person, and the names that are his."""

    told: str  # Ana Brook <ana@example.com>
    names: frozenset[str]  # in small letters: ana brook, ana@example.com, ana

    def is_called(self, name: str) -> bool:
        """Whether somebody of this name is the author."""
        return name.strip().lower() in self.names


def named(name: str) -> Author:
    """An author of whom one name is known."""
    return Author(told=name, names=frozenset({name.strip().lower()}))


def git_author(path: Path) -> Author | None:
    """The author of the newest commit that touched a file.

    None where nobody is known: no git, no repository, never committed, or changed since the commit.
    """
    git = shutil.which("git")
    if git is None or _asked(git, path, "status", "--porcelain", "--") != "":
        return None
    name, _, email = (_asked(git, path, "log", "-1", "--format=%an%x00%ae", "--") or "").partition("\0")
    if not name or not email:
        return None
    return Author(
        told=f"{name} <{email}>", names=frozenset(each.lower() for each in (name, email, email.split("@")[0]))
    )


def _asked(git: str, path: Path, *question: str) -> str | None:
    """What git answers; None where it refuses."""
    try:
        answer = subprocess.run(  # noqa: S603 - no shell, and only git
            [git, *_SETTINGS, *question, path.name],
            cwd=path.parent,
            capture_output=True,
            text=True,
            check=True,
            timeout=_PATIENCE_SECONDS,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip("\n")
