"""Pages as plain text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ringback.report.page import Gap, Grid, Heading, Notice, Pairs, Paragraph, Part, Points
from ringback.report.words import table


def plain(title: str, parts: Iterable[Part]) -> str:
    """The same as the page. Drawings and links are left out."""
    return "\n".join([title, *(line for part in parts for line in _lines(part))])


def _lines(part: Part) -> Iterator[str]:
    match part:
        case Heading():
            yield from ("", part.text.upper() if part.level == 2 else part.text)
        case Paragraph():
            yield f"  {part.text}"
        case Gap():
            yield f"  [to be filled in: {part.text}]"
        case Points():
            yield from (f"  - {text}" for text in part.texts)
        case Notice():
            yield from (f"  {part.text}", *(f"  - {text}" for text in part.points))
        case Pairs():
            wide = max((len(name) for name, _ in part.rows), default=0)
            yield from (f"  {name:<{wide}}  {text}" for name, text in part.rows)
        case Grid():
            yield from (f"  {line}" for line in table(part.head, part.rows, right=part.right))
        case _:
            return
