"""The names of the columns: from one row or several, with as many as the records have cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ringback.contracts.draft.dialect import Table
from ringback.contracts.draft.evidence import Doubt
from ringback.steps.read.fit import ColumnFit
from ringback.steps.read.lenient import Record

_LABEL_WORDS = 2  # a lone text over the names that is no title


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """A header as it is to be read."""

    texts: tuple[str, ...]
    first_line: int
    row_count: int
    doubts: tuple[Doubt, ...] = ()
    remarks: tuple[str, ...] = ()


def joined_names(rows: Sequence[Record], above: Sequence[Record], table: Table) -> Names:
    """Names from rows of names; labels of groups that stand directly above them belong to them.

    rows: at least one, directly below one another. above: what stands before them.
    """
    own = [_fitted(row, table) for row in rows]
    texts, doubt = own[-1]
    doubt += tuple(_title(row) for row, (cells, _) in zip(rows[:-1], own[:-1], strict=True) if not _alike(cells, texts))
    parts = [cells for cells, _ in own[:-1]]
    first_line = rows[0].line
    label = _labels(rows[0], above, table, texts)
    if label is not None:
        first_line = above[-1].line
        parts.insert(0, label)
    if parts:
        columns = zip(*parts, texts, strict=True)
        texts = tuple(" ".join(part.strip() for part in column if part.strip()) for column in columns)
    row_count = len(rows) + (label is not None)
    remarks = (f"the names stand on {row_count} rows, joined",) if row_count > 1 else ()
    return Names(texts=texts, first_line=first_line, row_count=row_count, doubts=doubt, remarks=remarks)


def _labels(first: Record, above: Sequence[Record], table: Table, names: Sequence[str]) -> tuple[str, ...] | None:
    """The labels directly above, one for each column; None, where what stands there is no label.

    Two or more labels hold for the columns up to the next one. A lone one is taken for a label, not for a title, where
    it is short and nothing else stands above.
    """
    if not above or table.width < 2:
        return None
    row = above[-1]
    filled = row.filled_count
    if len(row.cells) != table.width or row.line + row.line_count != first.line or not row.cells[0].strip():
        return None
    if filled >= 2 and table.width >= 3:
        return _filled_forward(row.cells) if filled < table.width and _are_groups(row.cells, names) else None
    alone = len(above) == 1 and all(name.strip() for name in names)
    words = row.cells[0].split()
    return row.cells if alone and len(words) <= _LABEL_WORDS and row.cells[0].replace(" ", "").isalpha() else None


def _are_groups(labels: Sequence[str], names: Sequence[str]) -> bool:
    """Whether each label stands over several columns, or over one without a name of its own.

    What stands side by side over names is a title and its value.
    """
    places = [place for place, label in enumerate(labels) if label.strip()]
    spans = zip(places, [*places[1:], len(labels)], strict=True)
    return all(end - place > 1 or not names[place].strip() for place, end in spans)


def _filled_forward(cells: Sequence[str]) -> tuple[str, ...]:
    label, filled = "", []
    for cell in cells:
        label = cell if cell.strip() else label
        filled.append(label)
    return tuple(filled)


def _fitted(row: Record, table: Table) -> tuple[tuple[str, ...], tuple[Doubt, ...]]:
    """A row's names, for as many columns as the records have; with a doubt where that is a guess."""
    width, cells = table.width, row.cells
    if not row.clean:
        literal = tuple(_without_pair(cell, table.quote) for cell in row.text.split(table.delimiter))
        cells = literal if len(literal) == width else cells
        if len(cells) == width:
            return cells, (_broken(row),)
    if len(cells) == width:
        return cells, ()
    rest = cells[width:] if len(cells) > width else ()
    if rest and not any(cell.strip() for cell in rest):
        return cells[:width], ()
    doubt = (other_width(cells, width),)
    if len(cells) < width:
        return (*cells, *[""] * (width - len(cells))), () if row.clean and _may_lack_last(cells, table) else doubt
    empty = [place for place, cell in enumerate(cells) if not cell.strip()]
    if len(empty) >= len(cells) - width:
        dropped = set(empty[: len(cells) - width])
        return tuple(cell for place, cell in enumerate(cells) if place not in dropped), doubt
    return cells[:width], doubt


def _may_lack_last(cells: Sequence[str], table: Table) -> bool:
    """Whether it is no matter that names are missing at the end.

    Either nothing stands below there and no name speaks for a column further on, or all names are one.
    """
    blank = all(fit.empty_share == 1 for fit in table.fits[len(cells) :])
    if not blank:
        return len(cells) > 1 and len(set(cells)) == 1
    here = [_speaks(name, fit) for name, fit in zip(cells, table.fits, strict=False)]
    further = [_speaks(name, fit) for name, fit in zip(cells, table.fits[1:], strict=False)]
    moved = max(sum(here[:gap]) + sum(further[gap:]) for gap in range(len(cells)))
    return moved <= sum(here)


_SPOKEN = {
    "url": ("url", "website", "link", "uri", "homepage"),
    "email": ("email", "mail"),
    "date": ("date", "datum", "fecha", "born", "birthday", "since"),
    "time": ("time", "uhrzeit", "hora"),
    "phone": ("phone", "telephone", "tel", "telefon", "fax", "mobile"),
    "number": (
        "no",
        "nr",
        "id",
        "qty",
        "quantity",
        "count",
        "amount",
        "price",
        "total",
        "number",
        "balance",
        "latitude",
        "longitude",
    ),
    "money": ("price", "amount", "total", "balance", "cost"),
    "code": ("id", "code", "ref", "reference", "no", "number", "contract", "key"),
    "text": ("name", "vorname", "nachname", "city", "town", "ort", "street", "strasse", "notes", "remarks", "comments"),
}


def _speaks(name: str, fit: ColumnFit) -> int:
    """1, where a name says what the column's values are, -1, where it says something else."""
    words = set(re.findall(r"[a-z]+", name.lower()))
    said = {kind for kind, known in _SPOKEN.items() if words & set(known)}
    kind = fit.kind or ("text" if fit.filled_count else None)
    return 0 if not said or kind is None else 1 if kind in said else -1


def _without_pair(cell: str, quote: str | None) -> str:
    text = cell.strip(" ")
    if quote and len(text) > 1 and text.startswith(quote) and text.endswith(quote):
        return text[1:-1].replace(quote * 2, quote)
    return cell


def _alike(names: Sequence[str], others: Sequence[str]) -> bool:
    return [name.strip().lower() for name in names] == [name.strip().lower() for name in others]


def _title(row: Record) -> Doubt:
    return Doubt(
        where="source.header",
        why=f"line {row.line} stands over the names, and may be names too or a title",
        choices=("header: false   the names are passed over, columns go by their place: ask the sender",),
        decide=("source.header=false",),
    )


def _broken(row: Record) -> Doubt:
    return Doubt(
        where="source.header",
        why=f"a quote stands where none may in the header on line {row.line}",
        choices=("header: false   the names are passed over, columns go by their place: ask the sender",),
        decide=("source.header=false",),
    )


def other_width(cells: Sequence[str], width: int) -> Doubt:
    """A doubt about names that are more or fewer than the columns."""
    return Doubt(
        where="source.header",
        why=f"the line above the records has {_many(len(cells), 'name')}, and the records have {_many(width, 'value')}",
        choices=(
            "header: false   the names are passed over, columns go by their place: ask the sender which one it is",
        ),
        decide=("source.header=false",),
    )


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
