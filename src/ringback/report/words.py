"""Numbers, lists and tables as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def count(number: int, noun: str) -> str:
    """1 record, 1,204 records, 3 deliveries."""
    return f"{number:,} {noun if number == 1 else _many(noun)}"


def _many(noun: str) -> str:
    is_changed = noun.endswith("y") and noun[-2:-1] not in "aeiou"
    return f"{noun[:-1]}ies" if is_changed else f"{noun}s"


def shown(text: str | None) -> str:
    """A value on a screen: a missing one is named, control characters are made visible."""
    if text is None:
        return "(missing)"
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> list[str]:
    """Columns side by side, as wide as they need to be; `right` names those that are numbers."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    return [
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
