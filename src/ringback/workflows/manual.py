"""docs: the manual of a configuration, written as pages. The database and the archive are only read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ringback.contracts import ContractFile, feeds, load_feed, load_project
from ringback.errors import ContractError, StoreError, UsageError
from ringback.model.manual import INDEX, FeedManual, ManualReport, ProjectManual
from ringback.model.project import Project
from ringback.report.manual_index import index_parts, index_title
from ringback.report.manual_page import feed_parts, feed_title, page_of
from ringback.report.page import GENERATOR, Part, html, markdown
from ringback.workflows.manual_feed import listed_feed, told_feed, written_feed
from ringback.workflows.place import Place, open_place

FOLDER = "manual"  # of the project, where nobody names another


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which pages, and where."""

    feeds: tuple[str, ...] = ()  # none: all
    into: Path | None = None
    only_written: bool = False  # what files say; neither the database nor the archive is asked


def write_manual(start: Path | None, wanted: Wanted, *, environ: Mapping[str, str]) -> ManualReport:
    """Write the pages of a project.

    Raises: UsageError; StoreError; ContractError, where a feed that was named has faults.
    """
    if wanted.only_written:
        project = load_project(start, environ=AS_WRITTEN)
        return _write(manual_of(project, wanted), wanted, project)
    try:
        with open_place(start, environ=environ) as place:
            return _write(manual_of(place.project, wanted, place), wanted, place.project)
    except StoreError as fault:
        mend = f"{fault.mend} What the files say alone needs no database: ringback docs --all --only-written"
        raise StoreError(fault.what, where=fault.where, why=fault.why, mend=mend.strip()) from fault


def manual_of(project: Project, wanted: Wanted, place: Place | None = None) -> ProjectManual:
    """The manual, before it becomes pages; without a place, what is written in files alone."""
    there = feeds(project)
    readable = dict(_readable(project, wanted))
    told = {
        feed: _feed(found, place, has_page=not wanted.feeds or feed in wanted.feeds) for feed, found in readable.items()
    }
    settings = load_project(project.folder, environ=AS_WRITTEN).settings
    return ProjectManual(
        target=_without_password(settings.target),
        archive=settings.archive,
        approvers=settings.approvers,
        imports_by=settings.imports_by,
        operators=settings.operators,
        alerts=tuple(sorted({address.partition("://")[0] for address in settings.alerts})),
        has_policy=settings.policy is not None,
        is_asked=place is not None,
        feeds=tuple(told[feed] for feed in there if feed in told),
        faulty=tuple(feed for feed in there if feed not in readable),
    )


def _feed(found: ContractFile, place: Place | None, *, has_page: bool) -> FeedManual:
    """A feed without a page is in the table of all feeds."""
    if place is None:
        return written_feed(found)
    return told_feed(found, place) if has_page else listed_feed(found, place)


def _readable(project: Project, wanted: Wanted) -> Iterator[tuple[str, ContractFile]]:
    """Every feed's contract. Raises: UsageError; ContractError, where one that was named has faults."""
    for feed in dict.fromkeys((*wanted.feeds, *feeds(project))):
        try:
            yield feed, load_feed(project, feed)
        except ContractError:
            if feed in wanted.feeds:
                raise


class _AsWritten(Mapping[str, str]):
    """An environment in which every variable stands for its own name: no secret gets into what is read so."""

    def __getitem__(self, name: str) -> str:
        return f"${{{name}}}"

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


AS_WRITTEN = _AsWritten()
_PASSWORD = re.compile(r"(?<=://)(?P<user>[^:@/?#]*):(?P<word>[^@/]*)@")
_PASSWORD_KEY = re.compile(r"(?P<key>[?&]password=)(?P<word>[^&#]*)", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")


def _without_password(target: str) -> str:
    """A password that is written out is hidden; the name of a variable that has it is told."""
    hidden = _PASSWORD.sub(lambda found: f"{found['user']}:{_hidden(found['word'])}@", target)
    return _PASSWORD_KEY.sub(lambda found: f"{found['key']}{_hidden(found['word'])}", hidden)


def _hidden(word: str) -> str:
    return word if _VARIABLE.fullmatch(word) else "(hidden)"


def _write(manual: ProjectManual, wanted: Wanted, project: Project) -> ManualReport:
    into = wanted.into or project.folder / FOLDER
    named = tuple(feed.contract.feed for feed in manual.feeds if not wanted.feeds or feed.contract.feed in wanted.feeds)
    there = {page_of(feed) for feed in named} | _standing(into)
    pages = dict(_pages(manual, named, there))
    _require_own(into, pages)
    written = tuple(name for page, texts in pages.items() for name in _write_page(into, page, texts))
    known = {INDEX, *(page_of(feed.contract.feed) for feed in manual.feeds)}
    strays = tuple(sorted(page for page in _standing(into) if page not in known))
    return ManualReport(into=into, feeds=named, written=written, faulty=manual.faulty, strays=strays)


def _pages(manual: ProjectManual, named: tuple[str, ...], there: set[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    yield INDEX, _page(index_title(), index_parts(manual, there))
    for feed in manual.feeds:
        if feed.contract.feed in named:
            yield page_of(feed.contract.feed), _page(feed_title(feed), feed_parts(feed, manual))


def _page(title: str, parts: tuple[Part, ...]) -> tuple[str, str]:
    return html(title, parts), markdown(title, parts)


def _standing(into: Path) -> set[str]:
    """The pages in a folder that ringback made."""
    return {path.stem for path in into.glob("*.html") if _is_own(path)}


def _is_own(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", errors="replace") as page:
            return GENERATOR in page.read(1024)
    except OSError:
        return False


def _require_own(into: Path, pages: Mapping[str, object]) -> None:
    """What somebody else wrote is never overwritten. Raises: UsageError."""
    for page in pages:
        standing = [path for path in (into / f"{page}.html", into / f"{page}.md") if path.exists()]
        if standing and not _is_own(into / f"{page}.html"):
            raise UsageError(
                "the manual would overwrite a file that ringback did not write",
                where=str(standing[0]),
                mend="Name another folder: --into DIR",
            )


def _write_page(into: Path, page: str, texts: tuple[str, str]) -> Iterator[str]:
    for ending, text in zip(("html", "md"), texts, strict=True):
        try:
            into.mkdir(parents=True, exist_ok=True)
            (into / f"{page}.{ending}").write_text(text, encoding="utf-8", newline="\n")
        except OSError as fault:
            raise UsageError("the manual cannot be written", where=str(into), why=fault.strerror or "") from None
        yield f"{page}.{ending}"
