"""What writing a manual came to, as text."""

from __future__ import annotations

from collections.abc import Iterator

from ringback.model.manual import ManualReport
from ringback.report.words import count


def manual_text(report: ManualReport) -> str:
    """Where the pages are, and what is left to do about them."""
    return "\n".join(_lines(report))


def _lines(report: ManualReport) -> Iterator[str]:
    feeds = ", ".join(report.feeds) or "no feed"
    yield f"manual of {feeds}: {count(len(report.written), 'file')} in {report.into}"
    yield f"open {report.into / 'index.html'}, or read index.md"
    for feed in report.faulty:
        yield f"feeds/{feed}.yaml has faults, so there is no page of it: ringback check {feed}"
    for page in report.strays:
        yield f"{page}.html is of no feed any more: delete it, and {page}.md"
