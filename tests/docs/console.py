"""Sessions in pages: ```console blocks are played as a reader would, and give what the page shows.

To renew the pages after a change of what is printed, look at the difference, then:
python -m tests.docs.console docs/guides/*.md
"""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from ringback.cli import app

PORT = "8750"  # of `ringback serve`, in pages
POSTGRESQL = "postgresql://loader:${PASSWORD}@db.example.com/crm"  # what pages write

_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
_MOVING = (  # what differs from session to session
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?"), "DAY HH:MM"),
    (re.compile(r"\bunder 1 s\b|\b\d+ (min|s)\b( \d+ s\b)?"), "HOW LONG"),
    (re.compile(r" {3,}"), "  "),  # tables are as wide as what stands in them
    (re.compile(r"(approved by \w+ on) \d{4}-\d\d-\d\d"), r"\1 DAY"),
    (re.compile(r"has begun, \d\d:\d\d UTC"), "has begun"),
    (re.compile(r"(after|found|taken back) (?:\d+ min )?\d+ s\b"), r"\1 A WHILE"),
    (
        re.compile(r"^(\d+ +\w+ +DAY HH:MM.*)$", re.MULTILINE),
        lambda line: re.sub(r"(?:\d+ min )?\d+ s +", "A WHILE ", line[1]),
    ),
    (re.compile(r"^seconds .*$", re.MULTILINE), "seconds"),
    (re.compile(r"digest [0-9a-f]{12}\b"), "digest"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "HASH"),
    (re.compile(r"fingerprint [0-9a-f]{12} \(.*\)"), "fingerprint"),
)


@dataclass(frozen=True)
class Call:
    """One command of a page, and what the page says that it prints."""

    command: str
    printed: str


def calls(page: str) -> list[Call]:
    """The commands of a page, in order: lines after "$ ", going on after "> "."""
    return [call for block in _BLOCK.findall(page) for call in _calls_of(block)]


def _calls_of(block: str) -> Iterator[Call]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        first, *others = part.rstrip("\n").split("\n")
        going_on = next((number for number, line in enumerate(others) if not line.startswith("> ")), len(others))
        command = "\n".join([first, *(line.removeprefix("> ") for line in others[:going_on])])
        yield Call(command, "\n".join(others[going_on:]).strip("\n"))


def still(printed: str) -> str:
    """The text without what differs from session to session."""
    for pattern, instead in _MOVING:
        printed = pattern.sub(instead, printed)
    return "\n".join(line.rstrip() for line in printed.strip("\n").splitlines())


class Beside:
    """The programs that a page starts with "&" at the end, and the port that stands in for the pages' one."""

    def __init__(self) -> None:
        self.port = _free_port()
        self._programs: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, *_: object) -> None:
        for program in self._programs:
            program.terminate()
            program.communicate(timeout=20)

    def start(self, command: str, lines: int = 2) -> str:
        """Start a program; what it prints first."""
        words = [sys.executable, "-c", "from ringback.cli import main; main()", *shlex.split(command)[1:]]
        program = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        self._programs.append(program)
        assert program.stdout is not None
        return "".join(program.stdout.readline() for _ in range(lines))


def _free_port() -> str:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return str(tried.getsockname()[1])


def play(command: str, *, target: str = "", beside: Beside | None = None) -> str:
    """What a command prints in the current folder; `target` stands in for the pages' PostgreSQL server."""
    if beside is not None and PORT in command:
        return _played(command.replace(PORT, beside.port), target, beside).replace(beside.port, PORT)
    return _played(command, target, beside)


def _played(command: str, target: str, beside: Beside | None) -> str:
    if command.startswith("ringback ") and command.endswith(" &"):
        assert beside is not None
        return beside.start(command.removesuffix(" &"))
    if command.startswith("ringback "):
        ended = CliRunner().invoke(app, shlex.split(command)[1:])
        return str(ended.output) + (f"(exit code {ended.exit_code})\n" if ended.exit_code else "")
    if command.startswith("sqlite3 "):  # not on every machine; a child process, for it is another SQLite library
        command = shlex.join([sys.executable, "-c", _SQLITE, *shlex.split(command)[1:]])
    shell = subprocess.run(
        ["bash", "-c", command.replace(POSTGRESQL, target or POSTGRESQL)], capture_output=True, text=True, check=True
    )
    return shell.stdout


_SQLITE = """
import sqlite3, sys
link = sqlite3.connect(sys.argv[1])
for row in link.execute(sys.argv[2]):
    print(*("" if value is None else value for value in row), sep="|")
link.commit()
"""


def renewed(page: str, *, target: str = "") -> str:
    """The page with what its commands print now."""
    with Beside() as beside:
        return _renewed(page, target, beside)


def _renewed(page: str, target: str, beside: Beside) -> str:

    def block(found: re.Match[str]) -> str:
        played = []
        for call in _calls_of(found[1]):
            printed = play(call.command, target=target, beside=beside)
            same = still(printed) == still(call.printed)
            shown = call.printed if same else "\n".join(line.rstrip() for line in printed.strip("\n").splitlines())
            command = "\n> ".join(call.command.split("\n"))
            played.append(f"$ {command}\n" + (f"{shown}\n" if shown else ""))
        return "```console\n" + "\n".join(played) + "```"

    return _BLOCK.sub(block, page)


def main(paths: list[str]) -> None:
    """Renew pages in place. A page with PostgreSQL needs RINGBACK_TARGET, an empty database."""
    os.environ.update(LOGNAME="ana", PASSWORD="secret")
    for path in [Path(each).resolve() for each in paths]:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            page = renewed(path.read_text(encoding="utf-8"), target=os.environ.get("RINGBACK_TARGET", ""))
            os.chdir(path.parent)
        path.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
