"""The view `caller(number, display_name, tier, id)`: the answers for phone systems that ask the database."""

from __future__ import annotations

from ringback.model.phone import LEFT_OUT, LONGEST_NAME, TO_SPACE, PhoneSettings
from ringback.store.dialect import Dialect
from ringback.store.live import Live
from ringback.store.shape import quoted

COLUMNS = ("number", "display_name", "tier", "id")


def view_query(live: Live, settings: PhoneSettings, dialect: Dialect) -> str:
    """The query behind the view.

    One row a number. A shared number has the first name and how many more there are, and no client's tier and key.
    """
    text, shown = dialect.text, _name(settings, dialect)
    tier = f"cast(t.{quoted(settings.tier)} as {text})" if settings.tier else "''"
    key = " || ',' || ".join(f"cast(t.{column.sql} as {text})" for column in live.key)
    is_open = f" and t.{live.mark.sql} is not true" if live.mark else ""
    arms = " union all ".join(
        f"select t.{quoted(number)} as number, {shown} as name, coalesce({tier}, '') as tier, {key} as id"
        f" from {live.place.sql} t where t.{quoted(number)} is not null{is_open}"
        for number in settings.numbers
    )
    others = "count(distinct id) - 1"
    more = f"case when {others} = 1 then ' or 1 other' else ' or ' || {others} || ' others' end"
    return (
        f"select number, case when {others} = 0 then min(name)"
        f" else rtrim(substr(min(name), 1, {LONGEST_NAME} - length({more}))) || {more} end as display_name,"
        f" case when {others} = 0 then min(tier) else '' end as tier,"
        f" case when {others} = 0 then min(id) else '' end as id"
        f" from ({arms}) c group by number"
    )


def _name(settings: PhoneSettings, dialect: Dialect) -> str:
    """The name of a row t as phones can show it; where it is empty, that of the company."""
    parts = (f"coalesce(cast(t.{quoted(name)} as {dialect.text}), '')" for name in settings.name)
    shown = dialect.as_shown(" || ' ' || ".join(parts))
    if settings.company is None:
        return shown
    company = dialect.as_shown(f"coalesce(cast(t.{quoted(settings.company)} as {dialect.text}), '')")
    return f"coalesce(nullif({shown}, ''), {company})"


def shown_by_pattern(text: str) -> str:
    """PostgreSQL's way to clean a name."""
    spaces = _bracket(TO_SPACE.replace("\0", ""))
    gone = _bracket(LEFT_OUT)
    cleaned = f"regexp_replace(regexp_replace(normalize({text}, NFC), {gone}, '', 'g'), {spaces}, ' ', 'g')"
    one_line = f"regexp_replace(replace({cleaned}, '${{', ' '), ' +', ' ', 'g')"
    return f'rtrim(substr(ltrim({one_line}), 1, {LONGEST_NAME})) collate "C"'


def shown_by_replacing(text: str) -> str:
    """SQLite's way to clean a name. It cannot compose letters and their marks (NFC)."""
    cleaned = text
    for mark in TO_SPACE.replace("\0", ""):
        cleaned = f"replace({cleaned}, char({ord(mark)}), ' ')"
    for mark in LEFT_OUT:
        cleaned = f"replace({cleaned}, char({ord(mark)}), '')"
    cleaned = f"replace({cleaned}, '${{', ' ')"
    for width in (32, 16, 8, 4, 3, 2, 2):  # any row of spaces that is not much longer than a name becomes one
        cleaned = f"replace({cleaned}, '{' ' * width}', ' ')"
    return f"rtrim(substr(ltrim({cleaned}), 1, {LONGEST_NAME}))"


def _bracket(marks: str) -> str:
    """A bracket expression of these characters, each written as its number."""
    return "'[" + "".join(f"\\u{ord(mark):04X}" for mark in marks) + "]'"
