"""How well a text fits a column: what its values are made of, learned from rows that nothing is wrong with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import log

_MONTH = r"(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez)[a-z]*\.?"
_DAY = r"\d{1,4}(?P<mark>[-/.])\d{1,2}(?P=mark)\d{1,4}"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"
_PATTERNS = {  # the first that fits is the kind
    "none": r"|-+|n/?a|n\.a\.|nan|null|none|#n/a|\?|\\n",
    "number": r"[-+]?(?:\d+(?:[.,]\d+)*|[.,]\d+)(?:e[-+]?\d+)?\.?|[-+]?\d{1,3}(?:[ '’\u00a0\u202f]\d{3})+(?:[.,]\d+)?",
    "percent": r"[-+]?\d+(?:[.,]\d+)?\s?%",
    "money": r"[-+(]?\s?[$€£¥₹]\s?[-+]?\d[\d.,' ]*\)?|[-+]?\d[\d.,' ]*\s?[$€£¥₹]",
    "date": rf"{_DAY}|\d{{1,2}}[- ./]{_MONTH}[- ./]\d{{2,4}}|{_MONTH}[- ]\d{{1,2}},? \d{{4}}|{_MONTH}[- ]\d{{2,4}}",
    "time": rf"{_CLOCK}(?: ?[ap]\.?m\.?)?",
    "datetime": rf"\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}[T ]+{_CLOCK}\s?(?:z|[ap]\.?m\.?|[-+]\d\d:?\d\d)?",
    "email": r"[^@\s]+@[^@\s]+\.\w+",
    "url": r"(?:https?://|www\.)\S+",
    "phone": r"\+?[\d(][\d ()/.-]{5,}\d",
    "code": r"(?=\S*\d)[\w./#:+-]+",
    "word": r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?",
    "phrase": r"(?:[^\s,;|\"]+ ){1,4}[^\s,;|\"]+",
}
_KINDS = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()), re.IGNORECASE)
TYPED = frozenset({"number", "percent", "money", "date", "time", "datetime", "email", "url", "phone", "code"})
_KIND_COUNT = len(_PATTERNS) + 1  # and text
_READ = 300  # characters of a text
_TYPED_SHARE = 0.95
_SAID_SHARE = 0.2  # of the rows with a value: fewer say little of what belongs into the column
_KEPT = 2000  # values of a column that are looked at
_LONGEST = 60  # of a shape


@lru_cache(maxsize=65536)
def kind_of(text: str) -> str:
    """What a text looks like: number, date, email, word, ...; `none` where it stands for no value."""
    found = _KINDS.fullmatch(text.strip()[:_READ])
    return (found and found.lastgroup) or "text"


@lru_cache(maxsize=65536)
def shape_of(text: str) -> str:
    """Digits as 9, letters as a run of a: `MG-8769` -> `a-9999`."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d", "9", text.strip()[:_LONGEST]))


@dataclass(frozen=True)
class ColumnFit:
    """One column's values, counted."""

    values: tuple[str, ...]
    quoted_count: int = 0
    _costs: dict[tuple[str, bool | None], float] = field(default_factory=dict, repr=False)

    @cached_property
    def kinds(self) -> Counter[str]:
        """How many values are of each kind."""
        return Counter(map(kind_of, self.values))

    @cached_property
    def kind(self) -> str | None:
        """The kind of nearly all values, where it is a kind that says much; None otherwise."""
        filled = self.filled_count if self.filled_count >= _SAID_SHARE * len(self.values) else 0
        top = max((kind for kind in self.kinds if kind != "none"), key=lambda kind: self.kinds[kind], default="text")
        return top if top in TYPED and filled and self.kinds[top] >= _TYPED_SHARE * filled else None

    @cached_property
    def filled_count(self) -> int:
        """Values that are none of the words for nothing."""
        return len(self.values) - self.kinds["none"]

    @cached_property
    def empty_share(self) -> float:
        """Share of empty cells, 0 to 1."""
        return sum(not value.strip() for value in self.values) / len(self.values) if self.values else 1.0

    @cached_property
    def spaced(self) -> bool:
        """Whether some value starts with a space."""
        return any(value.startswith(" ") for value in self.values)

    @cached_property
    def _shapes(self) -> Counter[str]:
        return Counter(map(shape_of, self.values))

    @cached_property
    def _texts(self) -> Counter[str]:
        return Counter(value.strip() for value in self.values)

    @cached_property
    def _sizes(self) -> Counter[tuple[str, int]]:
        return Counter((kind_of(value), _size(value)) for value in self.values)

    @cached_property
    def exceptions(self) -> tuple[str, ...]:
        """Texts that are not of the column's kind, and stand in it all the same, more than once."""
        counted = Counter(value for value in self.values if value and kind_of(value) != self.kind)
        return tuple(text for text, count in counted.items() if count > 1)

    def fits(self, text: str) -> bool:
        """Whether a text is of the column's kind; empty is, where the column has empty cells."""
        kind = kind_of(text)
        return kind == self.kind or (kind == "none" and self.kinds["none"] > 0)

    def cost(self, text: str, *, quoted: bool | None = None) -> float:
        """How surprising a text is here: 0 for what always stands here, about 8 for what never does.

        quoted: whether it is written in quotes, where that is known.
        """
        key = (text, quoted)
        if key not in self._costs:
            if len(self._costs) > 50_000:
                self._costs.clear()
            self._costs[key] = self._text_cost(text) + (0.0 if quoted is None else self._quote_cost(quoted=quoted))
        return self._costs[key]

    def _text_cost(self, text: str) -> float:
        count = len(self.values)
        kind = kind_of(text)
        of_kind = (self.kinds[kind] + 0.2) / (count + 0.2 * _KIND_COUNT)
        of_size = (self._sizes[kind, _size(text)] + 0.3) / (self.kinds[kind] + 2.0)
        of_shape = self._shapes[shape_of(text)] / (count + 2.0)
        of_text = self._texts[text.strip()] / (count + 2.0)
        strict = self._strictness
        return -log((0.7 - strict) * of_kind * of_size + (0.1 + strict) * of_shape + 0.2 * of_text + 3e-4)

    @cached_property
    def _strictness(self) -> float:
        """0 to 0.6: how much a shape says; most where all values have one of a few."""
        return 0.6 * (1 - len(self._shapes) / len(self.values)) if self.values else 0.0

    @cached_property
    def usual(self) -> float:
        """What a value costs in the middle."""
        looked = self.values[:200]
        costs = sorted(self._text_cost(value) for value in looked)
        return (costs[len(costs) // 2] if costs else 0.0) + self._quote_cost(
            quoted=2 * self.quoted_count > len(self.values)
        )

    @cached_property
    def least(self) -> float:
        """No text costs less."""
        frequent = [value for value, _ in Counter(self.values).most_common(50)] + list(self.values[:200])
        quoted = min(self._quote_cost(quoted=True), self._quote_cost(quoted=False))
        return min((self._text_cost(value) for value in frequent), default=0.0) + quoted - 0.3

    def _quote_cost(self, *, quoted: bool) -> float:
        share = (self.quoted_count + 0.3) / (len(self.values) + 0.6)
        return -0.7 * log(share if quoted else 1 - share)


def _size(text: str) -> int:
    """Lengths that are told apart: each up to 4 characters, then by about a half more."""
    length = len(text.strip())
    return length if length <= 4 else 4 + int(log(length / 4) / log(1.6))


def column_fits(
    rows: Sequence[Sequence[str]], width: int, quoted: Iterable[Sequence[bool]] = ()
) -> tuple[ColumnFit, ...]:
    """Learn the columns from rows of `width` cells, evenly drawn from them where there are many."""
    step = max(1, len(rows) // _KEPT)
    looked = rows[::step]
    marks = list(quoted)[::step]
    return tuple(ColumnFit(tuple(row[at] for row in looked), sum(mark[at] for mark in marks)) for at in range(width))


def is_like(cells: Sequence[str], fits: Sequence[ColumnFit]) -> bool:
    """Whether most cells are of their columns' kinds; a cell too few or too many may be anywhere among them."""
    before = [vote(cell, fit) for cell, fit in zip(cells, fits, strict=False)]
    after = [vote(cell, fit) for cell, fit in zip(reversed(cells), reversed(fits), strict=False)][::-1]
    if len(cells) == len(fits):
        return sum(before) > 0
    most = len(before)
    return max(sum(before[:cut]) + sum(after[cut:]) for cut in range(most + 1)) > 0


def vote(cell: str, fit: ColumnFit) -> int:
    """1, where a cell is of its column's kind, -1, where it is of another; 0, where that says nothing."""
    kind = kind_of(cell)
    if fit.kind is None or kind == "none":
        return 0
    return 1 if kind == fit.kind else -1
