"""A drill as text: field by field what is caught, and what would be published with the line that would catch it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ringback.model.drill import Catch, Drill, Drilled, Kind, Tried
from ringback.report.words import count, table

SEVERAL, WHOLE = "(several fields)", "(whole delivery)"  # where a table of fields tells of more or less than one
_WIDE = 60  # characters of what was done


def drill_text(drill: Drill) -> str:
    """What was tried, on what; then the table, what is left open, and the score."""
    lines = [*_opening(drill), "", *_table(drill), *drill.remarks, *_published(drill), "", *_closing(drill)]
    return "\n".join(lines)


def score_text(drilled: Drilled) -> str:
    """One line for the ledger: 98.2 % of what does damage is caught."""
    return (
        f"drill of {drilled.feed}: {share_text(drilled)} caught, {drilled.caught:,} of {drilled.total:,} misreadings "
        f"({count(drilled.sample_rows, 'row')} of R{drilled.run}, seed {drilled.seed}), "
        f"{drilled.at:%Y-%m-%d %H:%M} UTC, by {drilled.by}"
    )


def share_text(drilled: Drilled) -> str:
    """The score, rounded down: 100 % is said of nothing less."""
    if drilled.score is None:
        return "nothing to be"
    tenths = 1000 * drilled.caught // drilled.total
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths / 10:.1f} %"


def _opening(drill: Drill) -> Iterator[str]:
    drilled = drill.drilled
    yield (
        f"drill of {drilled.feed}: every misreading put into {drilled.sample_rows:,} of the {drill.row_count:,} rows "
        f"of R{drilled.run} ({drill.file_name})"
    )
    yield (
        f"read by {drill.contract_name} as it stands, the gate passed on purpose, judged by the guard "
        f"({count(drill.delivery_count, 'accepted delivery')})"
    )


def _table(drill: Drill) -> list[str]:
    head = ("field", "tried", "caught", "by the guard", "by constraints", "published")
    rows = [_row(place, [each for each in drill.tried if _place(each) == place]) for place in _places(drill)]
    return table(head, [*rows, _row("all", drill.tried)], right=(1, 2, 3, 4, 5))


def _places(drill: Drill) -> Iterator[str]:
    """The lines of the table: those where something was tried that does damage."""
    tried = {_place(each) for each in drill.tried}
    yield from (place for place in (*drill.fields, SEVERAL, WHOLE) if place in tried)


def _place(tried: Tried) -> str:
    if len(tried.fields) == 1:
        return tried.fields[0]
    return SEVERAL if tried.fields else WHOLE


def _row(name: str, tried: Sequence[Tried]) -> tuple[str, ...]:
    by = {catch: sum(each.catch is catch for each in tried) for catch in Catch}
    counts = (len(tried), by[Catch.GUARD] + by[Catch.CONSTRAINTS], *by.values())
    return (name, *(f"{number:,}" for number in counts))


def _published(drill: Drill) -> Iterator[str]:
    """What would be published: the most damage of a kind first, and in how many more ways."""
    open_ = [each for each in drill.tried if not each.is_caught]
    if not open_:
        return
    yield from ("", f"would be published, and the line of {drill.contract_name} that would catch it:")
    for ways in sorted(_by_kind(open_), key=lambda ways: -ways[0].damage.record_count):
        more = f", and {count(len(ways) - 1, 'way')} more" if len(ways) > 1 else ""
        yield f"  {_told(ways[0])}{more} ({ways[0].code})"
        yield f"    {_damage(ways[0], drill)}; {_lines(ways)}"


def _lines(ways: list[Tried]) -> str:
    """What to write into the contract."""
    lines = list(dict.fromkeys(each.line for each in ways if each.line is not None))
    if not lines:
        return "no line would catch it"
    left = "" if all(each.line for each in ways) else ", and for some no line would"
    return f"{', '.join(lines)}{left}"


def _by_kind(tried: Iterable[Tried]) -> list[list[Tried]]:
    groups: dict[tuple[str, tuple[str, ...]], list[Tried]] = {}
    for each in sorted(tried, key=lambda each: -each.damage.record_count):
        groups.setdefault((each.code, each.fields), []).append(each)
    return list(groups.values())


def _told(tried: Tried) -> str:
    what = tried.told if len(tried.told) <= _WIDE else f"{tried.told[: _WIDE - 3]}..."
    some = "" if tried.share == 1 else f", in {100 * tried.share:.0f} % of the rows"
    by = "the contract says " if tried.kind is Kind.CONTRACT else ""
    return f"{fields_told(tried.fields)}: {by}{what}{some}"


def fields_told(fields: tuple[str, ...]) -> str:
    """The fields that a misreading was put into: first_name and 10 more fields."""
    if not fields:
        return "whole delivery"
    return " and ".join(fields) if len(fields) < 3 else f"{fields[0]} and {len(fields) - 1} more fields"


def _damage(tried: Tried, drill: Drill) -> str:
    damage = tried.damage
    parts = {"wrong": damage.wrong, "left out": damage.left_out, "invented": damage.invented}
    told = ", ".join(f"{number:,} {what}" for what, number in parts.items() if number)
    return f"{told} of {count(drill.drilled.sample_rows, 'record')}"


def _closing(drill: Drill) -> Iterator[str]:
    guard = [each for each in drill.tried if each.catch is Catch.GUARD]
    yield (
        f"gate: {drill.gated_count:,} of {drill.contract_count:,} contracts that misread are refused before they read "
        "anything"
    )
    if guard:
        named, cause = (sum(getattr(each, name) for each in guard) for name in ("names_field", "names_cause"))
        yield (
            f"guard: of {len(guard):,} that it holds it points at the right field in {named:,}, "
            f"and names the misreading first in {cause:,}"
        )
    drilled = drill.drilled
    yield (
        f"score: {share_text(drilled)} caught, {drilled.caught:,} of {drilled.total:,} that do damage; "
        f"{drill.harmless_count:,} more did none; seed {drilled.seed}"
    )
