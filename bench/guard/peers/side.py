"""One tool over all windows: `python -m bench.guard.peers.side TOOL WINDOWS.json VERDICTS.json`."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

Judge = Callable[[Path], set[str]]  # of a delivery's Parquet file: the checks that fail


class Tool(Protocol):
    """A module of this folder."""

    PACKAGES: tuple[str, ...]  # whose versions are told

    def learn(self, accepted: Sequence[Path], key: Sequence[str]) -> Judge:
        """What the deliveries accepted before (oldest first) say of the next one."""


def main(name: str, windows: Path, verdicts: Path) -> int:
    """Judge every clean delivery and every fault; what failed goes to `verdicts`."""
    tool: Tool = importlib.import_module(f"bench.guard.peers.{name}")  # type: ignore[assignment]
    told = {window["name"]: _judged(tool, window) for window in json.loads(windows.read_text())}
    versions = " ".join(f"{package} {version(package)}" for package in tool.PACKAGES)
    verdicts.write_text(json.dumps({"versions": versions, "windows": told}))
    return 0


def _judged(tool: Tool, window: dict[str, list[str]]) -> dict[str, list[list[str]]]:
    judge = tool.learn([Path(path) for path in window["accepted"]], window["key"])
    return {kind: [sorted(judge(Path(path))) for path in window[kind]] for kind in ("clean", "faults")}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
