"""Invented client tables, written well and with one fault each, from a seed; and what each of them means.

Nothing here knows the reader: the tables are drawn from kinds of columns, the faults from what suppliers do to files.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Rows = list[list[str]]

_FIRST = [
    "Ada",
    "Bob",
    "Cyd",
    "Dmitri",
    "Elif",
    "Fatima",
    "Giulia",
    "Håkon",
    "Ines",
    "Jürgen",
    "Kemal",
    "Lucía",
    "Marek",
    "Nadia",
    "Søren",
    "Tomáš",
    "Uma",
    "Viktor",
    "Zoë",
]
_LAST = [
    "Abel",
    "Bauer",
    "Čapek",
    "Díaz",
    "Eriksen",
    "Fischer",
    "García",
    "Hansen",
    "Ivanov",
    "Jensen",
    "López",
    "Müller",
    "Nowak",
    "Öztürk",
    "Petit",
    "Quist",
    "Weiß",
]
_TOWNS = "Aarhus Brno Cork Den Haag,Ghent,Graz,Izmir,Leeds,Lyon,Malmö,New York,Porto,São Paulo,Turin,Zürich".replace(
    " ", ",", 3
)
_NOTES = (
    *(
        "",
        "",
        "-",
        "n/a",
        "VIP; net 30",
        "prefers phone, not mail",
        'says "call later"',
        "moved, see new address",
        "d'accord",
    ),
    *("owes 1,250.00", "line one\nline two", "ref #12 / old id 0007", "pipe|pipe", 'size 5" x 7"', "paid", "x"),
)


def _street(draw: random.Random) -> str:
    name = draw.choice(("High Rd", "Elm Street", "Østergade", "Calle Mayor", "Rue de l'Église", "5th Ave"))
    return f"{name} {draw.randint(1, 220)}" + draw.choice(("", "", ", Apt 4", ", 2nd floor"))


def _sparse(make: Callable[[random.Random], str], share: float) -> Callable[[random.Random], str]:
    return lambda draw: "" if draw.random() < share else make(draw)


COLUMNS: dict[str, Callable[[random.Random], str]] = {
    "First Name": lambda draw: draw.choice(_FIRST),
    "Last Name": lambda draw: draw.choice(_LAST),
    "Email": lambda draw: f"{draw.choice('abcdefgh')}.{draw.randint(1, 999)}@example.org",
    "Phone": lambda draw: draw.choice((f"+44 20 7946 0{draw.randint(100, 999)}", f"(0)30 90{draw.randint(100, 999)}")),
    "Street": _street,
    "Postcode": lambda draw: f"{draw.randint(1000, 99999):05}",
    "Town": lambda draw: draw.choice(_TOWNS.split(",")),
    "Born": lambda draw: f"{draw.randint(1, 28):02}/{draw.randint(1, 12):02}/{draw.randint(1930, 2005)}",
    "Since": _sparse(lambda draw: f"{draw.randint(1990, 2024)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}", 0.1),
    "Balance": _sparse(lambda draw: f"{draw.uniform(-100, 9000):.2f}", 0.3),
    "Umsatz": lambda draw: f"{draw.randint(0, 9999)},{draw.randint(0, 99):02}",
    "Status": lambda draw: draw.choice("ASC"),
    "Active": lambda draw: draw.choice(("yes", "no")),
    "Orders": lambda draw: str(draw.randint(0, 40)),
    "Contract": lambda draw: f"{draw.choice(('AB', 'CD'))}-{draw.randint(1000, 9999)}",
    "Last Login": lambda draw: (
        f"2024-0{draw.randint(1, 9)}-1{draw.randint(0, 9)} {draw.randint(10, 23)}:{draw.randint(10, 59)}"
    ),
    "Notes": lambda draw: draw.choice(_NOTES),
    "Fax": _sparse(lambda draw: f"0{draw.randint(100, 999)}-555-19", 0.9),
}
KEYS: dict[str, Callable[[int, random.Random], str]] = {
    "Client ID": lambda number, draw: f"C-{38000 + number:06}",
    "Kundennummer": lambda number, draw: str(15000 + 7 * number),
    "no": lambda number, draw: str(number + 1),
}


def invented_table(seed: int) -> Rows:
    """A header and 1 to 120 rows of 2 to 14 columns, the first one a key."""
    draw = random.Random(seed)
    key = draw.choice(list(KEYS))
    names = draw.sample(list(COLUMNS), draw.choice((1, 2, 4, 6, 8, 10, 13)))
    count = draw.choice((3, 8, 14, 30, 60, 120))
    rows = [[KEYS[key](number, draw), *(COLUMNS[name](draw) for name in names)] for number in range(count)]
    return [[key, *names], *rows]


@dataclass(frozen=True, slots=True)
class Invented:
    """One file, what it means, and whether a reader has to say something about it."""

    name: str
    kind: str
    content: bytes
    clean: Rows
    note_due: bool

    @property
    def has_header(self) -> bool:
        """Whether the first row of what it means is names."""
        return self.kind != "no header"


@dataclass(frozen=True, slots=True)
class _Sheet:
    rows: Rows
    delimiter: str
    draw: random.Random

    def text(self, rows: Rows | None = None, **settings: object) -> str:
        chosen = {"delimiter": self.delimiter, "lineterminator": "\r\n", **settings}
        out = io.StringIO(newline="")
        csv.writer(out, **chosen).writerows(self.rows if rows is None else rows)  # type: ignore[arg-type]
        return out.getvalue()

    def line(self, row: Sequence[str]) -> str:
        return self.text([list(row)]).removesuffix("\r\n")

    @property
    def place(self) -> int:
        """A row without line breaks, quotes and delimiters in its values."""
        quiet = [
            at
            for at, row in enumerate(self.rows)
            if at and not any(set(cell) & set('\n"' + self.delimiter) for cell in row)
        ]
        return self.draw.choice(quiet) if quiet else 0


Made = tuple[str | bytes, Rows] | None


def _with_line(sheet: _Sheet, place: int, line: str) -> str:
    return sheet.text(sheet.rows[:place]) + line + "\r\n" + sheet.text(sheet.rows[place + 1 :])


def _missing(sheet: _Sheet) -> Made:
    place = sheet.place
    if not place or len(sheet.rows[0]) < 3:
        return None
    row, at = sheet.rows[place], sheet.draw.randrange(1, len(sheet.rows[0]))
    return _with_line(sheet, place, sheet.line([*row[: at - 1], row[at - 1] + row[at], *row[at + 1 :]])), sheet.rows


def _extra(sheet: _Sheet) -> Made:
    place = sheet.place
    if not place:
        return None
    row, at = sheet.rows[place], sheet.draw.randrange(0, len(sheet.rows[0]) + 1)
    return _with_line(sheet, place, sheet.line([*row[:at], "", *row[at:]])), sheet.rows


def _stray(sheet: _Sheet) -> Made:
    place = sheet.place
    if not place:
        return None
    row, at = list(sheet.rows[place]), sheet.draw.randrange(0, len(sheet.rows[0]))
    row[at] = '"' + row[at]
    clean = [*sheet.rows[:place], row, *sheet.rows[place + 1 :]]
    return _with_line(sheet, place, sheet.delimiter.join(row)), clean


def _inside(sheet: _Sheet) -> Made:
    place = sheet.place
    if not place:
        return None
    row, at = list(sheet.rows[place]), sheet.draw.randrange(1, len(sheet.rows[0]))
    row[at] = f"Smith{sheet.delimiter} John"
    return _with_line(sheet, place, sheet.delimiter.join(row)), [*sheet.rows[:place], row, *sheet.rows[place + 1 :]]


def _other(sheet: _Sheet) -> Made:
    place, other = sheet.place, ";" if sheet.delimiter != ";" else ","
    if not place or any(other in cell for cell in sheet.rows[place]):
        return None
    return _with_line(sheet, place, other.join(sheet.rows[place])), sheet.rows


def _before(text: str) -> Callable[[_Sheet], Made]:
    return lambda sheet: (text + sheet.text(), sheet.rows)


def _after(text: str) -> Callable[[_Sheet], Made]:
    return lambda sheet: (sheet.text() + text, sheet.rows)


def _padded(*lines: str) -> Callable[[_Sheet], Made]:
    def make(sheet: _Sheet) -> Made:
        width = len(sheet.rows[0])
        if width < 3:
            return None
        return sheet.text([[line, *[""] * (width - 1)] for line in lines]) + sheet.text(), sheet.rows

    return make


def _titles(sheet: _Sheet) -> Made:
    width = len(sheet.rows[0])
    if width < 4:
        return None
    titles = [["Report:", "Clients", *[""] * (width - 2)], ["Date:", "2024-01-31", *[""] * (width - 2)]]
    return sheet.text(titles) + sheet.text(), sheet.rows


def _total(sheet: _Sheet) -> Made:
    width = len(sheet.rows[0])
    if width < 4:
        return None
    return sheet.text([*sheet.rows, ["Total", *[""] * (width - 2), str(len(sheet.rows) - 1)]]), sheet.rows


def _returns(sheet: _Sheet) -> Made:
    """csv writes a line feed without quotes where lines end with a return: such a table is left out."""
    if any("\n" in cell for row in sheet.rows for cell in row):
        return None
    return sheet.text(lineterminator="\r"), sheet.rows


def _labelled(sheet: _Sheet) -> Made:
    """Groups of columns have labels, where each starts; they hold for all of the group."""
    names = sheet.rows[0]
    if len(names) < 5:
        return None
    second = sheet.draw.randrange(2, len(names) - 1)
    labels = ["Client" if at == 0 else "Account" if at == second else "" for at in range(len(names))]
    joined = [f"{'Client' if at < second else 'Account'} {name}" for at, name in enumerate(names)]
    return sheet.text([labels, *sheet.rows]), [joined, *sheet.rows[1:]]


def _cp1252(sheet: _Sheet) -> Made:
    text = sheet.text().encode("cp1252", "ignore").decode("cp1252")
    rows = [[cell.encode("cp1252", "ignore").decode("cp1252") for cell in row] for row in sheet.rows]
    return text.encode("cp1252"), rows


def _row_in_cp1252(sheet: _Sheet) -> Made:
    beyond = [at for at, row in enumerate(sheet.rows) if at and not "".join(row).isascii()]
    if len(beyond) < 4:
        return None
    place = sheet.draw.choice(beyond)
    row = [cell.encode("cp1252", "ignore").decode("cp1252") for cell in sheet.rows[place]]
    if "".join(row).isascii():
        return None
    before, after = sheet.text(sheet.rows[:place]).encode(), sheet.text(sheet.rows[place + 1 :]).encode()
    own = sheet.text([row]).encode("cp1252")
    return before + own + after, [*sheet.rows[:place], row, *sheet.rows[place + 1 :]]


def _cut(sheet: _Sheet) -> Made:
    last = sheet.line(sheet.rows[-1])
    places = [at for at, letter in enumerate(last) if letter == sheet.delimiter]
    return sheet.text(sheet.rows[:-1]) + last[: sheet.draw.choice(places)], sheet.rows


def _repeated(sheet: _Sheet) -> Made:
    if len(sheet.rows) < 8 or len(sheet.rows[0]) < 3:
        return None
    return sheet.text([*sheet.rows, sheet.rows[0], *sheet.rows[1:5]]), sheet.rows


KINDS: dict[str, tuple[Callable[[_Sheet], Made], bool]] = {  # kind: how it is made, whether a note is due
    "plain": (lambda sheet: (sheet.text(), sheet.rows), False),
    "all quoted": (lambda sheet: (sheet.text(quoting=csv.QUOTE_ALL), sheet.rows), False),
    "line feeds": (lambda sheet: (sheet.text(lineterminator="\n"), sheet.rows), False),
    "returns": (_returns, False),
    "no last line end": (lambda sheet: (sheet.text().removesuffix("\r\n"), sheet.rows), False),
    "blank lines at the end": (_after("\r\n\r\n"), False),
    "backslash": (lambda sheet: (sheet.text(doublequote=False, escapechar="\\"), sheet.rows), False),
    "apostrophes": (lambda sheet: (sheet.text(quotechar="'", quoting=csv.QUOTE_ALL), sheet.rows), False),
    "byte order mark": (lambda sheet: (sheet.text().encode("utf-8-sig"), sheet.rows), False),
    "UTF-16": (lambda sheet: (sheet.text().encode("utf-16"), sheet.rows), False),
    "preamble": (_before("Export of clients\r\nPrinted: 03/02/2021 by J. Doe\r\n\r\n"), False),
    "preamble as a spreadsheet writes it": (_padded("Export of clients", ""), False),
    "titles with values": (_titles, False),
    "comments on top": (_before("# exported by CRM 4.2\r\n# by night\r\n"), False),
    "no header": (lambda sheet: (sheet.text(sheet.rows[1:]), sheet.rows[1:]), False),
    "labels over the header": (_labelled, False),
    "cp1252": (_cp1252, False),
    "a row in cp1252": (_row_in_cp1252, True),
    "header alone": (lambda sheet: (sheet.text(sheet.rows[:1]), sheet.rows[:1]), False),
    "delimiter missing": (_missing, True),
    "delimiter too many": (_extra, True),
    "stray quote": (_stray, True),
    "delimiter in a value": (_inside, True),
    "other delimiter": (_other, True),
    "totals": (_total, True),
    "remark at the end": (_after("\r\n14 records exported\r\n"), True),
    "another table": (_after("\r\nRegion,Total\r\nNorth,12\r\nSouth,9\r\n"), True),
    "cut off": (_cut, True),
    "header again": (_repeated, True),
}


def invented_files(seeds: Sequence[int], kinds: Sequence[str] = ()) -> Iterator[Invented]:
    """Every kind of file (or those named) for every seed, where the table allows it."""
    for seed in seeds:
        for kind, (make, note_due) in KINDS.items():
            if kinds and kind not in kinds:
                continue
            draw = random.Random(f"{seed} {kind}")
            made = make(_Sheet(invented_table(seed), draw.choice(",,;\t|"), draw))
            if made is not None:
                content, clean = made
                content = content.encode() if isinstance(content, str) else content
                yield Invented(f"{seed:04} {kind}", kind, content, clean, note_due)
