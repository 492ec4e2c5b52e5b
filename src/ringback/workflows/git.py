"""What git knows of a project's files. Nothing of the repository's own is run."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from ringback.errors import UsageError

_PATIENCE_SECONDS = 10
_SETTINGS = ("-c", "core.fsmonitor=false", "-c", "core.quotePath=false")


def ask_git(folder: Path, *question: str) -> str | None:
    """What git answers in a folder; None where there is no git, or it refuses."""
    git = shutil.which("git")
    if git is None:
        return None
    try:
        answer = subprocess.run(  # noqa: S603 - no shell, and only git
            [git, *_SETTINGS, *question], cwd=folder, capture_output=True, check=True, timeout=_PATIENCE_SECONDS
        )
        return answer.stdout.decode("utf-8")
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def require_revision(folder: Path, revision: str) -> str:
    """The commit that a revision names, hexadecimal. Raises: UsageError."""
    found = ask_git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found is None:
        raise UsageError(
            f"git knows no revision {revision}",
            where=str(folder),
            why="A pipeline often fetches only the newest commit.",
            mend="Fetch it too: fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab.",
        )
    return found.strip()


def text_at(folder: Path, commit: str, path: str) -> str | None:
    """A file of the folder as it was at a commit; None where it was not there, or is no text."""
    return ask_git(folder, "show", "--end-of-options", f"{commit}:./{path}")


def names_at(folder: Path, commit: str, path: str) -> tuple[str, ...]:
    """The names of the files under a path of the folder as they were at a commit."""
    listed = ask_git(folder, "ls-tree", "--name-only", "-z", commit, f"./{path}/")
    return tuple(each.rpartition("/")[2] for each in (listed or "").split("\0") if each)
