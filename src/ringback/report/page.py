"""Reports as pages: one list of parts becomes Markdown, or HTML that needs nothing beside it and prints well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import singledispatch
from html import escape as escaped
from typing import TypeAlias

from ringback.report.style import STYLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Begins a section (level 2), or a part of one (level 3). `anchor`: what links inside the page lead to."""

    text: str
    level: int = 2
    anchor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """A list."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where a text leads: to another page, named without its ending, or to an anchor on this one."""

    text: str
    page: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Links to the pages around this one, or to the parts of this one."""

    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """What something is called, and what is said of it; in short."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What nobody must read past."""

    text: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table; `right` names the columns that are numbers, `code` those that are texts and values as they are.

    `links`: where the first column leads, row by row.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()
    code: tuple[int, ...] = ()
    links: tuple[Link | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing; `text` says the same in words, for those who do not see it. In Markdown there is none."""

    svg: str  # without script; all texts in it escaped
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What only people know, and nobody has written yet."""

    text: str


Part: TypeAlias = Heading | Paragraph | Points | Grid | Way | Pairs | Notice | Picture | Gap

GENERATOR = '<meta name="generator" content="ringback"/>'  # marks a page that may be written anew
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")  # of XML 1.0, production 2
_SHORT = 3  # columns that a telephone has room for
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def escape(text: str) -> str:
    """Text that HTML takes for nothing but text; what no page may have in it is marked."""
    return escaped(_NO_TEXT.sub("\ufffd", text))


def markdown(title: str, parts: Iterable[Part]) -> str:
    """A page for a pull request or a wiki."""
    written = (_as_markdown(part) for part in parts)
    return "\n\n".join([f"# {_plain(title)}", *(each for each in written if each)]) + "\n"


def html(title: str, parts: Iterable[Part], *, is_good: bool | None = None) -> str:
    """A page of its own: no script, no style and no picture from elsewhere; well formed as XML is, too.

    `is_good`: whether all is well, for the look of its headline; None: it is no question of that.
    """
    body = "\n".join(_as_html(part) for part in parts)
    mark = {True: ' class="same"', False: ' class="other"', None: ""}[is_good]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        f"{GENERATOR}\n<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1{mark}>{escape(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


@singledispatch
def _as_markdown(part: Part) -> str:
    raise TypeError(f"no page has a {type(part).__name__}")


@_as_markdown.register
def _(part: Heading) -> str:
    return f"{'#' * part.level} {_plain(part.text)}"


@_as_markdown.register
def _(part: Paragraph) -> str:
    return _plain(part.text)


@_as_markdown.register
def _(part: Points) -> str:
    return "\n".join(f"- {_plain(text)}" for text in part.texts)


@_as_markdown.register
def _(part: Way) -> str:
    return " · ".join(_markdown_link(link) for link in part.links)


@_as_markdown.register
def _(part: Pairs) -> str:
    return "\n".join(f"- **{_plain(name)}:** {_plain(text)}" for name, text in part.rows)


@_as_markdown.register
def _(part: Notice) -> str:
    lines = (f"**{_plain(part.text)}**", *(f"- {_plain(text)}" for text in part.points))
    return "\n".join(f"> {line}" for line in lines)


@_as_markdown.register
def _(part: Picture) -> str:
    return ""


@_as_markdown.register
def _(part: Gap) -> str:
    return f"_to be filled in: {_plain(part.text)}_"


def _markdown_link(link: Link) -> str:
    return f"[{_plain(link.text)}]({_target(link, '.md')})"


def _target(link: Link, ending: str) -> str:
    page = f"{link.page}{ending}" if link.page else ""
    return f"{page}#{link.anchor}" if link.anchor else page


@_as_markdown.register
def _(part: Grid) -> str:
    marks = ["---:" if place in part.right else "---" for place in range(len(part.head))]
    cells = ([_cell(part, place, text) for place, text in enumerate(row)] for row in part.rows)
    linked = ([_linked(part, number, row[0]), *row[1:]] for number, row in enumerate(cells))
    rows = [list(map(_plain, part.head)), marks, *linked]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _linked(part: Grid, number: int, written: str) -> str:
    link = part.links[number] if part.links else None
    return written if link is None else f"[{written}]({_target(link, '.md')})"


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
    anchor = f' id="{escape(part.anchor)}"' if part.anchor else ""
    return f"<h{part.level}{anchor}>{escape(part.text)}</h{part.level}>"


@_as_html.register
def _(part: Paragraph) -> str:
    return f"<p>{escape(part.text)}</p>"


@_as_html.register
def _(part: Points) -> str:
    return _html_points(part.texts)


@_as_html.register
def _(part: Picture) -> str:
    return f'<figure role="img" aria-label="{escape(part.text)}">{part.svg}</figure>'


@_as_html.register
def _(part: Gap) -> str:
    return f'<p class="gap">to be filled in: {escape(part.text)}</p>'


def _html_points(texts: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


@_as_html.register
def _(part: Way) -> str:
    return "<nav>" + " ".join(_html_link(link, link.text) for link in part.links) + "</nav>"


def _html_link(link: Link, text: str) -> str:
    return f'<a href="{escape(_target(link, ".html"))}">{escape(text)}</a>'


@_as_html.register
def _(part: Pairs) -> str:
    rows = "\n".join(f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in part.rows)
    return f"<dl>\n{rows}\n</dl>"


@_as_html.register
def _(part: Notice) -> str:
    points = _html_points(part.points) if part.points else ""
    return f'<div class="notice" role="note"><p>{escape(part.text)}</p>{points}</div>'


@_as_html.register
def _(part: Grid) -> str:
    head = "".join(f"<th{_look(part, place)}>{escape(name)}</th>" for place, name in enumerate(part.head))
    rows = "\n".join(_html_row(part, number, row) for number, row in enumerate(part.rows))
    short = ' class="short"' if len(part.head) <= _SHORT else ""
    return f"<table{short}>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _html_row(part: Grid, number: int, row: Sequence[str]) -> str:
    """On a narrow screen each cell of a wide table stands in a line of its own, behind the name of its column."""
    link = part.links[number] if part.links else None
    cells = [
        f'<td{_look(part, place)} data-name="{escape(part.head[place])}">'
        f"{_html_link(link, text) if link is not None and place == 0 else escape(text)}</td>"
        for place, text in enumerate(row)
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _look(part: Grid, place: int) -> str:
    look = "number" if place in part.right else "code" if place in part.code else ""
    return f' class="{look}"' if look else ""
