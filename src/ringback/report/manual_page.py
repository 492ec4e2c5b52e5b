"""The manual's page of one feed: from the model to the parts of a page."""

from __future__ import annotations

from collections.abc import Iterator

from ringback.model.contract import Missing, Source
from ringback.model.manual import INDEX, FeedManual, FieldManual, ProjectManual, Standing
from ringback.report.manual_drill import drill_of, drill_parts
from ringback.report.manual_field import (
    anchor_of,
    constraints_words,
    field_parts,
    rejected_grid,
    type_word,
    usual_grid,
)
from ringback.report.manual_release import release_parts
from ringback.report.page import Grid, Heading, Link, Notice, Pairs, Paragraph, Part, Points, Way
from ringback.report.policy import DELIVERS, MISSING, policy_sentences
from ringback.report.words import count, shown

_SECTIONS = ("Source", "Fields", "Policy", "Learned limits", "Drill", "Releases", "Who must know")


def page_of(feed: str) -> str:
    """The name of a feed's page; a feed may be called as the page of all feeds is."""
    return feed if feed != INDEX else "feed-index"  # no feed has a hyphen in its name


def feed_title(feed: FeedManual) -> str:
    """The headline."""
    title = feed.contract.title
    return f"{feed.contract.feed}: {title}" if title else feed.contract.feed


def feed_parts(feed: FeedManual, project: ProjectManual) -> tuple[Part, ...]:
    """The parts of a page for `report.page`; the title is `feed_title`."""
    return tuple(_parts(feed, project))


def _parts(feed: FeedManual, project: ProjectManual) -> Iterator[Part]:
    yield Way(links=(Link(text="All feeds", page=INDEX), *(Link(text=name, anchor=_slug(name)) for name in _SECTIONS)))
    yield from _standing(feed)
    if feed.contract.description:
        yield Paragraph(text=feed.contract.description)
    yield Pairs(rows=tuple(_in_short(feed)))
    yield from _source(feed)
    yield from _fields(feed)
    yield _section("Policy")
    yield Paragraph(text=_where_policy(feed, project))
    yield Points(texts=tuple(_with_line(text, feed, f"policy.{key}") for key, text in policy_sentences(feed.contract)))
    yield from _learned(feed)
    yield from drill_parts(feed, _section("Drill"))
    yield from release_parts(feed, _section("Releases"))
    yield from _people(feed, project)


def _section(name: str) -> Heading:
    return Heading(text=name, anchor=_slug(name))


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _standing(feed: FeedManual) -> Iterator[Part]:
    release = feed.release
    match feed.standing:
        case Standing.UNASKED:
            yield Notice(text=f"This is what {feed.name} says. Whether it is approved was not asked.")
        case Standing.NEVER:
            yield Notice(text=f"Never approved: no delivery is imported before {feed.name} is.")
        case Standing.CHANGED if release is not None:
            told = f"This page tells of {feed.name} as it stands, which is not approved. Since release {release.id}:"
            yield Notice(text=told, points=feed.changed)
        case Standing.APPROVED if release is not None and release.emergency:
            yield Notice(
                text=f"Approved in an emergency by {release.approved_by} on {release.approved_at:%Y-%m-%d}; "
                "a regular approval is due."
            )
        case Standing.APPROVED if release is not None:
            day = f"{release.approved_at:%Y-%m-%d}"
            yield Paragraph(text=f"{feed.name} is release {release.id}, approved by {release.approved_by} on {day}.")


def _in_short(feed: FeedManual) -> Iterator[tuple[str, str]]:
    contract = feed.contract
    schema = f"{contract.target.schema_name}." if contract.target.schema_name else ""
    yield "Key", _with_line(", ".join(contract.key), feed, "key")
    yield "A delivery has", _with_line(DELIVERS[contract.delivers], feed, "delivers")
    yield "Missing clients", _with_line(_missing(feed), feed, "missing")
    yield "Written to", _with_line(f"table {schema}{contract.target.table}", feed, "target")
    if feed.newest is not None:
        day = f"{feed.newest.started_at:%Y-%m-%d}"
        yield (
            "Newest delivery",
            f"{feed.newest.file_name} ({feed.newest.name}, {day}), {count(feed.newest.rows.read, 'row')}",
        )
    elif feed.standing is not Standing.UNASKED:
        yield "Newest delivery", "none is published yet"
    if feed.gap is not None:
        yield "Examples", f"invented: {feed.gap}"


def _missing(feed: FeedManual) -> str:
    told = MISSING[feed.contract.missing]
    mark = f" The mark is the column {feed.contract.target.closed}." if feed.contract.missing is Missing.CLOSE else ""
    return f"{told}{mark}"


def _with_line(text: str, feed: FeedManual, key: str) -> str:
    """With the line of the contract, where it is written there; else it is the default."""
    line = feed.lines.get(key)
    return f"{text} (line {line})" if line is not None else text


def _source(feed: FeedManual) -> Iterator[Part]:
    source = feed.contract.source
    yield _section("Source")
    rows = tuple((name, _with_line(text, feed, f"source.{key}")) for key, name, text in _layout(source) if text)
    yield Pairs(rows=rows)
    for rule in source.skip:
        yield Paragraph(text=f'Rows that contain the pattern {rule.pattern} are skipped, and counted as "{rule.name}".')


def _layout(source: Source) -> Iterator[tuple[str, str, str]]:
    yield "files", "Arrives as", source.files or ""
    yield "issued", "Day in its name", source.issued or ""
    yield "format", "Format", f"delimited text ({source.format})"
    yield "encoding", "Encoding", source.encoding
    yield "delimiter", "Delimiter", _mark(source.delimiter)
    yield "quoteChar", "Quotes", "none: nothing is quoted" if source.quote is None else _mark(source.quote)
    yield "escapeChar", "Escape", "" if source.escape is None else _mark(source.escape)
    yield "header", "Header", "the first row" if source.header else "none: columns are told by their place"
    yield "preambleLines", "Lines before it", f"{source.preamble_lines} left out" if source.preamble_lines else ""
    yield "footerLines", "Lines at the end", f"{source.footer_lines} left out" if source.footer_lines else ""
    yield "commentChar", "Comments", f"lines that begin with {_mark(source.comment)}" if source.comment else ""
    yield "member", "Inside a zip", source.member or ""


def _mark(mark: str) -> str:
    names = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar", '"': "double quote", "'": "apostrophe"}
    return f"{names[mark]} ({shown(mark)})" if mark in names else shown(mark)


def _fields(feed: FeedManual) -> Iterator[Part]:
    yield _section("Fields")
    yield Grid(
        head=("field", "column", "read as", "constraints", "line"),
        rows=tuple(_field_row(field) for field in feed.fields),
        right=(4,),
        links=tuple(Link(text=field.name, anchor=anchor_of(field.name)) for field in feed.fields),
    )
    for field in feed.fields:
        yield from field_parts(field)
        yield from drill_of(field.name, feed)
    ignored = feed.contract.ignored
    yield Heading(text="Columns that are ignored", level=3)
    yield Paragraph(
        text=_with_line(
            f"{', '.join(ignored)}." if ignored else "None: any other column is a finding.", feed, "ignored"
        )
    )
    if feed.rejected:
        yield Heading(text="Whole rows in quarantine", level=3)
        yield rejected_grid(feed.rejected)


def _field_row(field: FieldManual) -> tuple[str, ...]:
    spec = field.spec
    told = ", ".join(part for part in ("key" if field.is_key else "", constraints_words(spec.constraints)) if part)
    return field.name, str(spec.column), type_word(spec), told, "" if field.line is None else str(field.line)


def _where_policy(feed: FeedManual, project: ProjectManual) -> str:
    if any(key.startswith("policy.") for key in feed.lines):
        return "From the contract; what has no line is ringback's default."
    if project.has_policy:
        return "From ringback.yaml: the contract has no policy of its own."
    return "ringback's defaults: neither the contract nor ringback.yaml says otherwise."


def _learned(feed: FeedManual) -> Iterator[Part]:
    yield _section("Learned limits")
    if feed.standing is Standing.UNASKED:
        yield Paragraph(text="They are in the database, which was not asked.")
        return
    if not feed.delivery_count:
        yield Paragraph(text="None yet: no delivery was accepted.")
        return
    yield Paragraph(
        text=f"Learned from {count(feed.delivery_count, 'accepted delivery')}. Those of a field stand with the field, "
        f"those of the whole delivery here. All of them, with sizes and days: "
        f"ringback show --baseline {feed.contract.feed}"
    )
    usual = usual_grid(feed.limits)
    if usual is not None:
        yield usual


def _people(feed: FeedManual, project: ProjectManual) -> Iterator[Part]:
    yield _section("Who must know")
    waiting = (("Still to acknowledge", ", ".join(feed.waiting)),) if feed.waiting else ()
    yield Pairs(rows=(*people(project), *waiting))


def people(project: ProjectManual) -> tuple[tuple[str, str], ...]:
    """Who approves, who imports, who is alerted."""
    approvers = ", ".join(project.approvers) or "anybody (ringback.yaml names no approvers)"
    return (
        ("May approve", approvers),
        ("Operators", ", ".join(project.operators) or "nobody by name (ringback.yaml names no operators)"),
        ("Imports", project.imports_by or "the account of the newest import"),
        ("Alerts go to", ", ".join(project.alerts) or "nobody (ringback.yaml names no alerts)"),
    )
