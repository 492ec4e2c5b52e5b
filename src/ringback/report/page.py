"""Reports as pages: one list of parts becomes Markdown, or HTML that needs nothing beside it and prints well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import singledispatch
from html import escape
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Begins a section."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """A list."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table; `right` names the columns that are numbers, `code` those that are texts and values as they are."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()
    code: tuple[int, ...] = ()


Part: TypeAlias = Heading | Paragraph | Points | Grid

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")

# System fonts, ink that a printer has, rows that do not break across sheets.
_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #1c2126; background: #fff; max-width: 62rem;
  margin: 2.5rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.25; border-bottom: 3px solid #b3261e; padding-bottom: .6rem; }
h1.same { border-color: #1b7f4b; }
h2 { font-size: 1.1rem; margin: 2rem 0 .4rem; }
p, ul { margin: .4rem 0; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; font-size: .9rem; }
th { text-align: left; background: #f1f3f5; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid #d9dee3; vertical-align: top; overflow-wrap: anywhere; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.code { font-family: ui-monospace, monospace; font-size: .85rem; white-space: pre-wrap; }
@media print { body { margin: 0; max-width: none; font-size: 10pt; } h2 { break-after: avoid; }
  tr { break-inside: avoid; } thead { display: table-header-group; } }
"""


def markdown(title: str, parts: Iterable[Part]) -> str:
    """A page for a pull request or a wiki."""
    return "\n\n".join([f"# {_plain(title)}", *map(_as_markdown, parts)]) + "\n"


def html(title: str, parts: Iterable[Part], *, is_good: bool = False) -> str:
    """A page of its own: no script, no style and no picture from elsewhere."""
    body = "\n".join(_as_html(part) for part in parts)
    mark = ' class="same"' if is_good else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1{mark}>{escape(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


@singledispatch
def _as_markdown(part: Part) -> str:
    raise TypeError(f"no page has a {type(part).__name__}")


@_as_markdown.register
def _(part: Heading) -> str:
    return f"## {_plain(part.text)}"


@_as_markdown.register
def _(part: Paragraph) -> str:
    return _plain(part.text)


@_as_markdown.register
def _(part: Points) -> str:
    return "\n".join(f"- {_plain(text)}" for text in part.texts)


@_as_markdown.register
def _(part: Grid) -> str:
    marks = ["---:" if place in part.right else "---" for place in range(len(part.head))]
    cells = ([_cell(part, place, text) for place, text in enumerate(row)] for row in part.rows)
    rows = [list(map(_plain, part.head)), marks, *cells]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(part: Grid, place: int, text: str) -> str:
    """Values stand in code, where only a grave accent and a bar mean anything."""
    if place not in part.code or not text or "`" in text:
        return _plain(text)
    return f"`{text}`".replace("|", "\\|")


def _plain(text: str) -> str:
    """Text that Markdown takes for nothing but text; in one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split("\n")))


@singledispatch
def _as_html(part: Part) -> str:
    raise TypeError(f"no page has a {type(part).__name__}")


@_as_html.register
def _(part: Heading) -> str:
    return f"<h2>{escape(part.text)}</h2>"


@_as_html.register
def _(part: Paragraph) -> str:
    return f"<p>{escape(part.text)}</p>"


@_as_html.register
def _(part: Points) -> str:
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in part.texts) + "</ul>"


@_as_html.register
def _(part: Grid) -> str:
    head = "".join(_html_cells("th", part, part.head))
    rows = "\n".join(f"<tr>{''.join(_html_cells('td', part, row))}</tr>" for row in part.rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _html_cells(kind: str, part: Grid, cells: Sequence[str]) -> Iterator[str]:
    for place, text in enumerate(cells):
        look = "number" if place in part.right else "code" if place in part.code else ""
        mark = f' class="{look}"' if look else ""
        yield f"<{kind}{mark}>{escape(text)}</{kind}>"
