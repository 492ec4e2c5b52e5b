"""What the last drill of a feed came to, in the manual: by field, by misreading, and what would be published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ringback.model.drill import DrillCount
from ringback.model.manual import FeedManual, Standing
from ringback.report.drill import SEVERAL, WHOLE, fields_told, share_text
from ringback.report.page import Grid, Heading, Notice, Paragraph, Part
from ringback.report.words import count

_COUNTS = ("tried", "by the guard", "by constraints", "published")


def drill_parts(feed: FeedManual, heading: Heading) -> Iterator[Part]:
    """The whole drill."""
    yield heading
    drill = feed.drill
    if drill is None:
        asked = "It is in the database, which was not asked." if feed.standing is Standing.UNASKED else ""
        yield Paragraph(text=asked or f"Never held. What would slip through shows: ringback drill {feed.contract.feed}")
        return
    yield Paragraph(
        text=f"Every misreading was put into {count(drill.sample_rows, 'row')} of R{drill.run} on purpose, with the "
        f"gate open: {share_text(drill)} caught, {drill.caught:,} of {drill.total:,} that do damage. Held on "
        f"{drill.at:%Y-%m-%d} by {drill.by}, seed {drill.seed}."
    )
    if not feed.drill_is_of_this:
        yield Notice(text=f"The contract was another then: hold it again with ringback drill {feed.contract.feed}")
    if not drill.counts:
        yield Paragraph(text="An older ringback kept the score alone.")
        return
    yield _open(feed, drill.counts)
    yield Paragraph(text="By field:")
    yield _grid("field", _by_field(feed, drill.counts), drill.counts)
    yield Paragraph(text="By misreading:")
    yield _grid("misreading", _by_misreading(feed, drill.counts), drill.counts)


def drill_of(field: str, feed: FeedManual) -> Iterator[Part]:
    """What of it concerns one field alone."""
    own = [each for each in feed.drill.counts if each.fields == (field,)] if feed.drill is not None else []
    tried, open_ = sum(each.tried for each in own), [each for each in own if each.published]
    if not own:
        return
    told = f"Of {tried:,} misreadings that the drill put into it alone"
    if not open_:
        yield Paragraph(text=f"{told}, all were caught.")
        return
    names = "; ".join(feed.misreadings.get(each.code, each.code) for each in open_)
    yield Paragraph(text=f"{told}, {sum(each.published for each in open_):,} would be published: {names}.")


def _open(feed: FeedManual, counts: Iterable[DrillCount]) -> Part:
    rows = tuple(
        (
            fields_told(each.fields) if each.fields else WHOLE,
            feed.misreadings.get(each.code, each.code),
            f"{each.published:,}",
            "; ".join(each.lines) or "no line would",
        )
        for each in counts
        if each.published
    )
    if not rows:
        return Paragraph(text="Nothing would be published.")
    head = ("would be published", "misreading", "in ways", "line of the contract that would catch it")
    return Grid(head=head, rows=rows, right=(2,), code=(3,))


def _by_field(feed: FeedManual, counts: Iterable[DrillCount]) -> dict[str, list[DrillCount]]:
    groups: dict[str, list[DrillCount]] = {name: [] for name in (*(each.name for each in feed.fields), SEVERAL, WHOLE)}
    for each in counts:
        place = each.fields[0] if len(each.fields) == 1 else SEVERAL if each.fields else WHOLE
        groups.setdefault(place, []).append(each)
    return {place: own for place, own in groups.items() if own}


def _by_misreading(feed: FeedManual, counts: Iterable[DrillCount]) -> dict[str, list[DrillCount]]:
    groups: dict[str, list[DrillCount]] = {}
    for each in counts:
        groups.setdefault(feed.misreadings.get(each.code, each.code), []).append(each)
    return groups


def _grid(what: str, groups: dict[str, list[DrillCount]], counts: Sequence[DrillCount]) -> Grid:
    rows = tuple((name, *_sums(own)) for name, own in (*groups.items(), ("all", counts)))
    return Grid(head=(what, *_COUNTS), rows=rows, right=(1, 2, 3, 4))


def _sums(counts: Sequence[DrillCount]) -> tuple[str, ...]:
    sums = (sum(getattr(one, name) for one in counts) for name in ("tried", "by_guard", "by_constraints", "published"))
    return tuple(f"{number:,}" for number in sums)
