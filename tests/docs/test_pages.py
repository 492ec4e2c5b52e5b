"""Whoever follows a link, or a page named in the code, finds it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)\s]*)?\)")  # in this repository: no scheme
_NAMED = re.compile(r"(?<![\w/])docs/[\w./-]*\w")  # not a part of an address


def test_every_link_between_pages_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")]
    links = [(page, link) for page in pages for link in _LINK.findall(page.read_text(encoding="utf-8"))]

    nowhere = [f"{page.relative_to(ROOT)}: {link}" for page, link in links if not (page.parent / link).exists()]

    assert len(links) >= 5
    assert nowhere == []


def test_every_page_that_the_code_names_is_there() -> None:
    sources = ROOT.glob("src/**/*.py")
    named = {(path, page) for path in sources for page in _NAMED.findall(path.read_text(encoding="utf-8"))}

    nowhere = [f"{path.relative_to(ROOT)}: {page}" for path, page in named if not (ROOT / page).exists()]

    assert len(named) >= 2
    assert nowhere == []


def test_decisions_are_numbered_without_gaps_and_say_problem_choice_and_price() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    texts = [page.read_text(encoding="utf-8") for page in pages]

    numbers = [int(page.name[:4]) for page in pages]
    titled = [int(text.removeprefix("# ").split(".")[0]) for text in texts]
    lacking = [
        f"{page.name}: {part}"
        for page, text in zip(pages, texts, strict=True)
        for part in ("Problem", "Choice", "Price")
        if f"**{part}.**" not in text
    ]

    assert numbers == titled == list(range(1, len(pages) + 1))
    assert lacking == []
