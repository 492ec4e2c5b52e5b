"""Pages: nothing that a client's value says is taken for markup, and nothing is fetched from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from ringback.report.page import Grid, Heading, Paragraph, Points, html, markdown

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


def _parts(text: str) -> tuple[Heading | Paragraph | Points | Grid, ...]:
    return (
        Heading(text=text),
        Paragraph(text=text),
        Points(texts=(text, text)),
        Grid(head=("what", text), rows=((text, "1"), ("2", text)), right=(1,), code=(0,)),
    )


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1))
def test_any_text_stands_on_the_page_as_it_is_and_adds_no_element(text: str) -> None:
    plain, page = _read(html("title", _parts("plain"))), _read(html("title", _parts(text)))

    assert page.tags == plain.tags
    assert "".join(page.words).count(text) >= 7
    assert page.links == []


def test_a_page_needs_nothing_beside_it() -> None:
    page = html(NASTY, _parts(NASTY))
    read = _read(page)

    assert not {"script", "link", "img", "iframe"} & set(read.tags)
    assert not re.search(r"url\(|@import|http", page)
    assert NASTY in read.words


def test_a_page_says_by_its_look_whether_all_is_well() -> None:
    assert '<h1 class="same">' in html("a", (), is_good=True)
    assert "<h1>" in html("a", ())


def test_markdown_takes_a_value_for_nothing_but_text() -> None:
    page = markdown("a*b", _parts(NASTY))

    assert page.startswith("# a\\*b\n")
    assert "<script" not in page.replace("\\<script", "")
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert [len(re.findall(r"(?<!\\)\|", row)) for row in rows] == [3, 3, 3, 3]


def test_values_stand_in_code_where_they_are_values() -> None:
    page = markdown("t", (Grid(head=("a", "b"), rows=(("x_1", "x_1"), ("", "y`z")), code=(0, 1)),))

    assert "| `x_1` | `x_1` |" in page
    assert "|  | y\\`z |" in page


def test_numbers_stand_on_the_right() -> None:
    grid = Grid(head=("a", "n"), rows=(("x", "1"),), right=(1,))

    assert "| --- | ---: |" in markdown("t", (grid,))
    assert '<td class="number">1</td>' in html("t", (grid,))
