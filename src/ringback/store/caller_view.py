"""The view `caller(number, display_name, tier, id)`: the answers for phone systems that ask the database."""

from __future__ import annotations

from ringback.model.phone import LEFT_OUT, LONGEST_NAME, TO_SPACE, PhoneSettings
from ringback.store.dialect import Dialect
from ringback.store.live import Live
from ringback.store.shape import quoted

COLUMNS = ("number", "display_name", "tier", "id")


def view_query(live: Live, settings: PhoneSettings, dialect: Dialect) -> str:
    """The query behind the view.

    One row a number. A shared number has the first name and how many more there are, no key, and a tier only where all
    have it. It groups nothing: SQLite would go through the whole table for one number.
    """
    text, others = dialect.text, "(count(distinct c.id) - 1)"
    more = f"case when {others} = 1 then ' or 1 other' else ' or ' || {others} || ' others' end"
    shared = f"rtrim(substr(min(c.name), 1, {LONGEST_NAME} - length({more}))) || {more}"
    told = {
        "display_name": f"case when {others} = 0 then min(c.name) else {shared} end",
        "tier": "case when min(c.tier) = max(c.tier) then min(c.tier) else '' end",
        "id": f"case when {others} = 0 then min(c.id) else '' end",
    }
    numbers = " union ".join(
        f"select distinct t.{name} as number from {live.place.sql} t where t.{name} is not null{_open(live)}"
        for name in map(quoted, settings.numbers)
    )
    clients = _clients(live, settings, dialect)
    values = (f"(select {said} from ({clients}) c) as {name}" for name, said in told.items())
    return f"select cast(n.number as {text}) as number, {', '.join(values)} from ({numbers}) n"


def _clients(live: Live, settings: PhoneSettings, dialect: Dialect) -> str:
    """The clients who have the number n.number: name, tier, id."""
    text = dialect.text
    tier = f"coalesce(cast(t.{quoted(settings.tier)} as {text}), '')" if settings.tier else "''"
    key = " || ',' || ".join(f"cast(t.{column.sql} as {text})" for column in live.key)
    chosen = f"select {_name(settings, dialect)} as name, {tier} as tier, {key} as id from {live.place.sql} t"
    return " union all ".join(f"{chosen} where t.{quoted(name)} = n.number{_open(live)}" for name in settings.numbers)


def _open(live: Live) -> str:
    return f" and t.{live.mark.sql} is not true" if live.mark else ""


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


def shown_by_letter(text: str) -> str:
    """SQLite's way to clean a name: letter by letter. It cannot compose letters and their marks (NFC).

    Not one `replace` inside another for each mark: SQLite 3.40 (Debian 12) has no room for that many, and takes the
    whole database for malformed because of such a view.
    """
    spaces, gone = (",".join(str(ord(mark)) for mark in marks) for marks in (TO_SPACE + " ", LEFT_OUT))
    letter = (
        "case when unicode(rest) = 123 and substr(done, -1) = '$'"
        " then rtrim(substr(done, 1, length(done) - 1), ' ') || ' '"
        f" when unicode(rest) in ({spaces}) then rtrim(done, ' ') || ' '"
        f" when unicode(rest) in ({gone}) then done else done || substr(rest, 1, 1) end"
    )
    return (
        f"(with recursive letters(rest, done) as (select substr({text}, 1, {20 * LONGEST_NAME}), ''"
        f" union all select substr(rest, 2), {letter} from letters where rest <> '')"
        f" select rtrim(substr(ltrim(done, ' '), 1, {LONGEST_NAME}), ' ') from letters where rest = '')"
    )


def _bracket(marks: str) -> str:
    """A bracket expression of these characters, each written as its number."""
    return "'[" + "".join(f"\\u{ord(mark):04X}" for mark in marks) + "]'"
