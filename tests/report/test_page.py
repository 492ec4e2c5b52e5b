"""Pages: nothing that a client's value says is taken for markup, and nothing is fetched from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from ringback.report.page import Grid, Heading, Link, Notice, Pairs, Paragraph, Part, Points, Way, html, markdown

from .reader import read_page

NASTY = '<script src="//x">a</script> | `b` *c* [d](e) & \'"'


class _Reader(HTMLParser):
    """What a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _parts(text: str) -> tuple[Part, ...]:
    return (
        Heading(text=text),
        Heading(text=text, level=3, anchor="here"),
        Paragraph(text=text),
        Points(texts=(text, text)),
        Pairs(rows=((text, text),)),
        Notice(text=text, points=(text,)),
        Grid(head=("what", text), rows=((text, "1"), ("2", text)), right=(1,), code=(0,)),
    )


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader


@settings(deadline=None)  # seconds depend on who else computes
@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1))
def test_any_text_stands_on_the_page_as_it_is_and_adds_no_element(text: str) -> None:
    plain, page = _read(html("title", _parts("plain"))), _read(html("title", _parts(text)))

    assert page.tags == plain.tags
    assert "".join(page.words).count(text) >= 12
    assert page.links == []


@settings(deadline=None)  # seconds depend on who else computes
@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1))
def test_a_page_is_well_formed_whatever_is_written_on_it(text: str) -> None:
    page = read_page(html(text, _parts(text)))

    seen = (
        re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]", "\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")
    )
    assert page.text("h1") == [seen]
    assert page.text("h2") == [seen]
    assert page.text("dt") == page.text("dd") == [seen]
    assert page.text("li") == [seen] * 3


def test_a_page_needs_nothing_beside_it() -> None:
    page = html(NASTY, _parts(NASTY))
    read = _read(page)

    assert not {"script", "link", "img", "iframe"} & set(read.tags)
    assert not re.search(r"url\(|@import|http", page)
    assert NASTY in read.words


def test_a_page_says_by_its_look_whether_all_is_well() -> None:
    assert '<h1 class="same">' in html("a", (), is_good=True)
    assert '<h1 class="other">' in html("a", (), is_good=False)
    assert "<h1>" in html("a", ())


def test_a_link_leads_to_the_page_of_the_same_kind_and_to_the_place_on_it() -> None:
    rows = (("clients", "1"), ("gone", "2"))
    grid = Grid(head=("feed", "n"), rows=rows, links=(Link(text="clients", page="clients"), None))
    parts = (Way(links=(Link(text="All", page="index"), Link(text="Here", anchor="here"))), grid)

    assert read_page(html("t", parts)).links == ["index.html", "#here", "clients.html"]
    told = markdown("t", parts)
    assert "[All](index.md) · [Here](#here)" in told
    assert "| [clients](clients.md) | 1 |\n| gone | 2 |" in told


def test_markdown_takes_a_value_for_nothing_but_text() -> None:
    page = markdown("a*b", _parts(NASTY))

    assert page.startswith("# a\\*b\n")
    assert "<script" not in page.replace("\\<script", "")
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert "\n### " in page
    assert [len(re.findall(r"(?<!\\)\|", row)) for row in rows] == [3, 3, 3, 3]


def test_values_stand_in_code_where_they_are_values() -> None:
    page = markdown("t", (Grid(head=("a", "b"), rows=(("x_1", "x_1"), ("", "y`z")), code=(0, 1)),))

    assert "| `x_1` | `x_1` |" in page
    assert "|  | y\\`z |" in page


def test_numbers_stand_on_the_right() -> None:
    grid = Grid(head=("a", "n"), rows=(("x", "1"),), right=(1,))

    assert "| --- | ---: |" in markdown("t", (grid,))
    assert '<td class="number" data-name="n">1</td>' in html("t", (grid,))


def test_a_table_of_few_columns_stays_one_on_a_telephone() -> None:
    narrow, wide = (Grid(head=tuple("abcde"[:count]), rows=(("x",) * count,)) for count in (3, 4))

    assert '<table class="short">' in html("t", (narrow,))
    assert "<table>" in html("t", (wide,))
