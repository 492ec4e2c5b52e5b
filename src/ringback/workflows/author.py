"""Who changed a feed's contract, as git tells it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ringback.workflows.git import ask_git


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
    if ask_git(path.parent, "status", "--porcelain", "--", path.name) != "":
        return None
    told = ask_git(path.parent, "log", "-1", "--format=%an%x00%ae", "--", path.name) or ""
    name, _, email = told.strip("\n").partition("\0")
    if not name or not email:
        return None
    return Author(
        told=f"{name} <{email}>", names=frozenset(each.lower() for each in (name, email, email.split("@")[0]))
    )
