"""An environment where no database is: whatever ringback.yaml asks for is there, and leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class Offline(Mapping[str, str]):
    """Has every variable; those that the real environment lacks have a stand-in."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> str:
        return self._environ.get(name, "none://none")

    def __iter__(self) -> Iterator[str]:
        return iter(self._environ)

    def __len__(self) -> int:
        return len(self._environ)
