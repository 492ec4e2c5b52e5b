"""The manual's first page: all feeds, the project, and the words."""

from __future__ import annotations

from collections.abc import Iterator

from ringback.model.manual import FeedManual, ProjectManual, Standing
from ringback.report.drill import share_text
from ringback.report.manual_page import page_of, people
from ringback.report.page import Grid, Heading, Link, Notice, Pairs, Paragraph, Part

WORDS = (  # the house's words; docs and pages use no second one for the same thing
    ("feed", "files that keep coming under one contract"),
    ("delivery", "one file as it arrived; its bytes are kept"),
    ("contract", "what each field means, and the feed's policy"),
    ("release", "a contract's fingerprint that was tried and approved"),
    ("row", "one line as it is read: all text"),
    ("record", "one client as delivered, each value with its type"),
    ("held record", "the same client as the database has it"),
    ("live table", "the customer's own table, which others read"),
    ("run", "one import, with its receipt"),
    ("quarantine", "rows that could not be read, each with its reason"),
    ("change set", "what an import would write"),
    ("churn", "the share of held records whose value in a field would change"),
    ("learned limits", "what earlier accepted deliveries looked like, and how far the next one may be from it"),
    ("finding", "one thing wrong with a delivery, and what to do about it"),
    ("verdict", "publish, hold or refuse; a held run waits for a person"),
    ("misreading", "a way in which a well-formed value comes to mean something else"),
    ("trial", "archived deliveries read under two contracts, and compared"),
    ("drill", "every misreading tried on the guard"),
    ("scrambled", "letters and digits exchanged for others of their kind: the look of a text without its client"),
)

_HEAD = ("feed", "what it is", "table", "fields", "release", "drill")
_WRITTEN = 4  # columns that files alone can fill


def index_title() -> str:
    """The headline."""
    return "How client records are imported"


def index_parts(project: ProjectManual, there: set[str]) -> tuple[Part, ...]:
    """The parts of the page; `there` are the pages of feeds that can be linked to."""
    return tuple(_parts(project, there))


def _parts(project: ProjectManual, there: set[str]) -> Iterator[Part]:
    yield Paragraph(
        text="The manual of the configuration, made by ringback docs from the contracts"
        + (", the database and the archive." if project.is_asked else " alone; neither database nor archive was asked.")
    )
    yield Paragraph(text="No value of a client is in it: examples are scrambled or invented.")
    if project.faulty:
        yield Notice(text=f"Contracts with faults have no page: {', '.join(project.faulty)}")
    yield Heading(text="Feeds")
    if project.feeds:
        yield _feeds(project, there)
    else:
        yield Paragraph(text="There is none yet.")
    yield Heading(text="Project")
    rows = (("Database", project.target), ("Archive of deliveries", f"folder {project.archive}"), *people(project))
    yield Pairs(rows=rows)
    yield Heading(text="Words")
    yield Pairs(rows=WORDS)


def _feeds(project: ProjectManual, there: set[str]) -> Grid:
    links = [Link(text=feed.contract.feed, page=page_of(feed.contract.feed)) for feed in project.feeds]
    width = len(_HEAD) if project.is_asked else _WRITTEN
    return Grid(
        head=_HEAD[:width],
        rows=tuple(_row(feed)[:width] for feed in project.feeds),
        right=(3,),
        links=tuple(link if link.page in there else None for link in links),
    )


def _row(feed: FeedManual) -> tuple[str, ...]:
    contract = feed.contract
    drill = share_text(feed.drill) if feed.drill is not None else "never"
    return contract.feed, contract.title, contract.target.table, str(len(feed.fields)), _standing(feed), drill


def _standing(feed: FeedManual) -> str:
    release = feed.release
    if release is None:
        return "never approved"
    mark = ", in an emergency" if release.emergency else ""
    told = f"{release.id} of {release.approved_at:%Y-%m-%d}, {release.approved_by}{mark}"
    return told if feed.standing is Standing.APPROVED else f"{told}; the contract was changed since"
