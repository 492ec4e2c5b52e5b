"""A page as a strict parser reads it: what is not well formed is no page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree

_PART = re.compile(r"h[1-6]")


@dataclass(frozen=True)
class Page:
    """One page."""

    root: ElementTree.Element

    def all(self, tag: str) -> list[ElementTree.Element]:
        """Every element of this name, in order."""
        return list(self.root.iter(tag))

    def text(self, tag: str) -> list[str]:
        """Their words."""
        return ["".join(element.itertext()) for element in self.all(tag)]

    @property
    def words(self) -> str:
        """All that a reader sees."""
        return "\n".join("".join(element.itertext()) for element in self.all("main"))

    @property
    def links(self) -> list[str]:
        """Where links lead."""
        return [element.get("href", "") for element in self.all("a")]

    @property
    def anchors(self) -> list[str]:
        """Places that links lead to."""
        return [name for element in self.root.iter() if (name := element.get("id")) is not None]

    @property
    def levels(self) -> list[int]:
        """Of the headings, in order."""
        return [int(element.tag[1]) for element in self.root.iter() if _PART.fullmatch(element.tag)]


def read_page(html: str) -> Page:
    """Raises: ElementTree.ParseError, where anything is left open or crossed."""
    return Page(ElementTree.fromstring(html))


def faults_of(page: Page) -> list[str]:
    """What people who cannot see a page, or use no mouse, would stumble over."""
    levels, anchors = page.levels, page.anchors
    faults = [f"{tag}: {len(page.all(tag))}" for tag in ("title", "main", "h1") if len(page.all(tag)) != 1]
    if page.root.get("lang") is None:
        faults.append("no language")
    faults += [f"level {two} after {one}" for one, two in pairwise(levels) if two > one + 1]
    faults += [f"two places are called {name}" for name in set(anchors) if anchors.count(name) > 1]
    faults += [f"{link} leads nowhere" for link in page.links if link.startswith("#") and link[1:] not in anchors]
    faults += [f"a link without words to {element.get('href')}" for element in page.all("a") if not element.text]
    for table in page.all("table"):
        heads, rows = len(list(table.iter("th"))), [len(list(row.iter("td"))) for row in table.iter("tr")][1:]
        faults += [f"{count} cells under {heads} heads" for count in rows if count != heads]
    return faults
