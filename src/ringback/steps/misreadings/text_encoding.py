"""Müller in UTF-8 is MÃ¼ller to whoever reads it as cp1252.

Every such misreading replaces each letter beyond ASCII by what its bytes mean elsewhere, one letter after the other: so
a column is misread by replacing, at once, the few different letters that it has.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

import polars as pl

from ringback.model.field import FieldSpec
from ringback.steps.misreadings.misreading import AFTER, BEFORE, Misreading, Specificity

_PAIRS = (  # (written as, read as)
    ("utf-8", "cp1252"),
    ("utf-8", "latin-1"),
    ("utf-8", "cp437"),
    ("utf-8", "cp850"),
    ("cp1252", "cp437"),
    ("cp1252", "cp850"),
    ("cp1252", "utf-8"),
    ("cp1252", "cp1250"),
    ("cp850", "cp1252"),
    ("cp437", "cp1252"),
    ("cp1250", "cp1252"),
    ("utf-16-le", "latin-1"),
)
_BEYOND = r"[^\x00-\x7f]"
_UNTOLD = "\ufffd"  # bytes that are no letter


class Encoding(Misreading):
    """Letters beyond ASCII read by another table than they were written by, once or twice; or the reverse."""

    code = "text.encoding"
    sentence = "its letters beyond ASCII read in the wrong encoding"
    specificity = Specificity.ONE
    types = ("string", "code", "email", "json")
    is_common = True

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        rules = []
        for true, false in (("before", "after"), ("after", "before")):
            letters = _letters(pairs[true])
            beyond = pl.col(true).str.contains(_BEYOND)
            rules += [beyond & (_misread(pl.col(true), table) == _bare(pl.col(false))) for table in _tables(letters)]
        return pl.any_horizontal(rules) if rules else pl.lit(value=False)

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        for wrong in ("cp1252", "cp437"):
            yield f"utf-8 read as {wrong}", _by_columns(text, _reader("utf-8", wrong))
        yield "encoded twice", _by_columns(text, _twice)


class OutsideAscii(Misreading):
    """Letters beyond ASCII replaced by plain ones, by question marks, or left out."""

    code = "text.ascii"
    sentence = "its letters beyond ASCII replaced by plain ones or question marks, or lost"
    specificity = Specificity.FEW
    types = ("string", "code", "email", "json")
    is_common = True

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        poor = [
            BEFORE.str.replace_all(_BEYOND, "?"),
            BEFORE.str.replace_all(_BEYOND, _UNTOLD),
            BEFORE.str.replace_all(_BEYOND, ""),
            _misread(BEFORE, {letter: _plain(letter) for letter in _letters(pairs["before"])}),
        ]
        rich = _misread(AFTER, {letter: _plain(letter) for letter in _letters(pairs["after"])})
        became = pl.any_horizontal(_bare(text) == _bare(AFTER) for text in poor) & BEFORE.str.contains(_BEYOND)
        return became | ((rich == _bare(BEFORE)) & AFTER.str.contains(_BEYOND))

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        yield "question marks for letters beyond ASCII", text.str.replace_all(_BEYOND, "?")
        yield "accents lost", _by_columns(text, _plain)


def _letters(texts: pl.Series) -> list[str]:
    """The different letters beyond ASCII of a column."""
    found = texts.str.extract_all(_BEYOND).explode().drop_nulls().unique()
    return found.to_list()


def _tables(letters: list[str]) -> Iterator[dict[str, str]]:
    for true, wrong in _PAIRS:
        yield {letter: _reader(true, wrong)(letter) for letter in letters}
    yield {letter: _twice(letter) for letter in letters}


def _reader(true: str, wrong: str) -> Callable[[str], str]:
    """One letter, written in one encoding and read in another."""

    def read(letter: str) -> str:
        try:
            return letter.encode(true).decode(wrong, errors="replace")
        except UnicodeEncodeError:  # the table has no such letter: it cannot have been written so
            return letter

    return read


def _twice(letter: str) -> str:
    once = _reader("utf-8", "cp1252")
    return "".join(part if part.isascii() else once(part) for part in once(letter))


def _plain(letter: str) -> str:
    apart = unicodedata.normalize("NFKD", letter)
    return "".join(part for part in apart if not unicodedata.combining(part)) or letter


def _misread(text: pl.Expr, table: dict[str, str]) -> pl.Expr:
    return _bare(text.str.replace_many(table) if table else text)


def _bare(text: pl.Expr) -> pl.Expr:
    """Without white space at the ends: a letter may become a no-break space, which trimming takes."""
    return text.str.strip_chars()


def _by_columns(text: pl.Expr, read: Callable[[str], str]) -> pl.Expr:
    def whole_column(texts: pl.Series) -> pl.Series:
        table = {letter: read(letter) for letter in _letters(texts)}
        return texts.str.replace_many(table) if table else texts

    return text.map_batches(whole_column, return_dtype=pl.String)
