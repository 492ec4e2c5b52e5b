"""Clients of truth, invented."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from ringback.steps.invent.tables import COMMUNITIES, DOMAINS, SPELLED, Frame

MONEY = pl.Decimal(38, 2)
SCHEMA = pl.Schema(
    {
        "client_no": pl.String(),  # 8 digits, most with leading zeros, ascending
        "first_name": pl.String(),
        "last_name": pl.String(),
        "email": pl.String(),  # null for 4 of 100
        "phone": pl.String(),  # E.164; null for 1 of 100; numbers repeat: few are free for fiction
        "born_on": pl.Date(),
        "client_since": pl.Date(),
        "address": pl.String(),
        "postcode": pl.String(),  # some begin with a zero
        "balance": MONEY,
        "credit_limit": MONEY,
        "status": pl.String(),
    }
)
BORN_FIRST, BORN_LAST = date(1930, 1, 1), date(2006, 12, 31)
SINCE_FIRST, SINCE_LAST = date(1990, 1, 1), date(2024, 8, 8)  # the demo's first night follows
ADULT_DAYS = 16 * 365 + 4
STATUS_OF_100 = ("active",) * 90 + ("suspended",) * 6 + ("closed",) * 4

Numbers = npt.NDArray[np.int64]


def invent(count: int, *, seed: int, after: int = 10_000) -> pl.DataFrame:
    """Invent `count` clients (SCHEMA) with client numbers above `after`; at most 30,000,000 of them."""
    rng = np.random.default_rng(seed)
    community = np.repeat(np.arange(len(COMMUNITIES)), [group.weight for group in COMMUNITIES])[_draw(rng, count, 100)]
    number = after + np.cumsum(1 + _draw(rng, count, 3))
    columns = {
        "client_no": _padded(number, 8),
        **_named(rng, community, number),
        "phone": _with_gaps(_phones(rng, community), _draw(rng, count, 100) < 1),
        **_dated(rng, count),
        **_housed(rng, community),
        "balance": _money(_balance_cents(rng, count)),
        "credit_limit": _money(5_000 * _draw(rng, count, 101)),
        "status": pl.Series(STATUS_OF_100).gather(_draw(rng, count, 100)),
    }
    return pl.DataFrame({name: columns[name] for name in SCHEMA}, schema=SCHEMA)


def _draw(rng: np.random.Generator, count: int, below: int) -> Numbers:
    return rng.integers(0, below, size=count, dtype=np.int64)


def _choose(rng: np.random.Generator, community: Numbers, sizes: Sequence[int]) -> Numbers:
    """A place in the communities' tables laid end to end, each row in its own community's."""
    size: Numbers = np.array(sizes, dtype=np.int64)
    start: Numbers = np.cumsum(size) - size
    return start[community] + _draw(rng, len(community), 2**32) % size[community]


def _named(rng: np.random.Generator, community: Numbers, number: Numbers) -> dict[str, pl.Series]:
    firsts = _laid_end_to_end([group.names.first for group in COMMUNITIES])
    lasts = _laid_end_to_end([group.names.last for group in COMMUNITIES])
    first = _choose(rng, community, [len(group.names.first) for group in COMMUNITIES])
    last = _choose(rng, community, [len(group.names.last) for group in COMMUNITIES])
    names = pl.DataFrame({"first_name": pl.Series(firsts).gather(first), "last_name": pl.Series(lasts).gather(last)})
    mailbox = pl.select(
        pl.concat_str(
            pl.Series([_mailbox(name) for name in firsts]).gather(first),
            pl.lit("."),
            pl.Series([_mailbox(name) for name in lasts]).gather(last),
            pl.Series(number).cast(pl.String),
            pl.lit("@"),
            pl.Series(DOMAINS).gather(_draw(rng, len(number), len(DOMAINS))),
        )
    ).to_series()
    return {**names.to_dict(), "email": _with_gaps(mailbox, _draw(rng, len(number), 100) < 4)}


def _laid_end_to_end(tables: Sequence[Sequence[str]]) -> list[str]:
    return [entry for table in tables for entry in table]


def _mailbox(name: str) -> str:
    """The name in lower-case letters a to z."""
    latin = SPELLED.get(name) or "".join(SPELLED.get(letter, letter) for letter in name)
    return "".join(letter for letter in unicodedata.normalize("NFKD", latin).lower() if "a" <= letter <= "z")


def _phones(rng: np.random.Generator, community: Numbers) -> pl.Series:
    frames = [frame for group in COMMUNITIES for frame in group.country.phones]
    which = _choose(rng, community, [len(group.country.phones) for group in COMMUNITIES])
    return _framed(frames, which, _draw(rng, len(community), 10**9))


def _housed(rng: np.random.Generator, community: Numbers) -> dict[str, pl.Series]:
    places = [place for group in COMMUNITIES for place in group.country.places]
    streets = [frame for group in COMMUNITIES for frame in group.country.streets]
    place = _choose(rng, community, [len(group.country.places) for group in COMMUNITIES])
    street = _choose(rng, community, [len(group.country.streets) for group in COMMUNITIES])
    line = _framed(streets, street, 1 + _draw(rng, len(community), 180))
    town = pl.Series([name for name, _ in places]).gather(place)
    return {
        "address": pl.select(pl.concat_str(line, pl.lit(", "), town)).to_series(),
        "postcode": _framed([frame for _, frame in places], place, _draw(rng, len(community), 10**9)),
    }


def _framed(frames: Sequence[Frame], which: Numbers, number: Numbers) -> pl.Series:
    """Each row's number in its frame, with as many digits as the frame says."""
    digits = np.array([frame.digits for frame in frames], dtype=np.int64)[which]
    scale = 10**digits
    written = pl.Series(np.where(digits > 0, scale + number % scale, number)).cast(pl.String)
    parts = pl.DataFrame(
        {
            "before": pl.Series([frame.before for frame in frames]).gather(which),
            "number": written,
            "skip": (digits > 0).astype(np.int64),  # the 1 that kept the leading zeros
            "after": pl.Series([frame.after for frame in frames]).gather(which),
        }
    )
    return parts.select(pl.concat_str("before", pl.col("number").str.slice(pl.col("skip")), "after")).to_series()


def _dated(rng: np.random.Generator, count: int) -> dict[str, pl.Series]:
    """Births gather in the middle of the range; nobody is a client before the age of 16."""
    half = (_day(BORN_LAST) - _day(BORN_FIRST)) // 2 + 1
    born = _day(BORN_FIRST) + _draw(rng, count, half) + _draw(rng, count, half)
    earliest = np.maximum(born + ADULT_DAYS, _day(SINCE_FIRST))
    since = earliest + _draw(rng, count, 2**32) % (_day(SINCE_LAST) - earliest + 1)
    return {"born_on": _dates(born), "client_since": _dates(since)}


def _day(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _dates(days: Numbers) -> pl.Series:
    return pl.Series(days.astype(np.int32)).cast(pl.Date)


def _balance_cents(rng: np.random.Generator, count: int) -> Numbers:
    """Of 100 balances 4 are nil, 12 below it, 64 below 2,000.00, the others up to 250,000.00."""
    kind = _draw(rng, count, 100)
    small, large = _draw(rng, count, 200_000), _draw(rng, count, 25_000_000)
    debt = -1 - _draw(rng, count, 90_000)
    return np.select([kind < 4, kind < 16, kind < 80], [np.zeros_like(kind), debt, small], default=large)


def _money(cents: Numbers) -> pl.Series:
    return pl.Series(cents).cast(MONEY) / 100


def _padded(number: Numbers, digits: int) -> pl.Series:
    return pl.Series(number).cast(pl.String).str.zfill(digits)


def _with_gaps(values: pl.Series, gaps: npt.NDArray[np.bool_]) -> pl.Series:
    return values.set(pl.Series(gaps), None)
