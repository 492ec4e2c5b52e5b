"""Scramble: texts of clients replaced by others of the same shape, so that a contract can be tried without clients.

Digits become digits, letters become letters of the same case and script, everything else and the length stay. The same
text under the same secret becomes the same text in every delivery and feed whose contract reads it alike, and two texts
never become one: keys stay keys. Dates stay dates, written as they were. What a contract lists (codes, yes and no,
enum, missing values) stays as it is, and so do words that everywhere mean "nothing" (NOTHING). A text that reads still
reads, and one that is rejected is rejected for the same faults, where another such text is found in MOST_STEPS steps.

It hides who a client is from people who have only the scrambled rows. It does not hide which rows have the same value,
how long a text is, or how often a code occurs; and whoever has the secret can scramble a guess and compare.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec
from ringback.model.rows import LINE
from ringback.steps.interpret.constraints import checks
from ringback.steps.scramble.moments import Form, form_of, forms_of, moved
from ringback.steps.scramble.permutation import Secret
from ringback.steps.scramble.places import Step, frozen, step_of

__all__ = ["Secret", "scramble", "scramble_one", "scramble_rows", "scramble_texts"]

_WORDS = ("na", "n/a", "#n/a", "nan", "null", "none", "nil", "blank", "unknown", "unbekannt", "k.a.", "tbd")
NOTHING = frozenset(
    form
    for word in (*_WORDS, *(f"({word})" for word in _WORDS), "not available", "not applicable")
    for form in (word, word.upper(), word.capitalize(), word.title())
)
MOST_STEPS = 300  # an IBAN with check digits of its own country takes 97 steps in the mean of one in a hundred


def scramble_one(text: str, field: str, contract: Contract, secret: Secret) -> str:
    """Scramble one text of a field, as for an example in a manual."""
    scrambled: str = scramble(pl.Series([text]), field, contract, secret)[0]
    return scrambled


def scramble(texts: pl.Series, field: str, contract: Contract, secret: Secret) -> pl.Series:
    """Scramble a column of a field.

    Shapes:
        texts: String, as delivered; nulls stay.
    """
    return _scrambled(texts, _Column.of(field, contract, secret))


def scramble_texts(texts: pl.Series, contract: Contract, secret: Secret) -> pl.Series:
    """Scramble texts that no field reads; marks between them stay where they are."""
    return _scrambled(texts, _Column.of(None, contract, secret))


def scramble_rows(
    rows: pl.DataFrame, contract: Contract, secret: Secret, *, coming: Contract | None = None
) -> pl.DataFrame:
    """Scramble rows of a delivery; columns that no field reads are texts as any.

    Shapes:
        rows: LINE (stays) and the delivered columns, all String.
    coming: a contract that may be tried on them: what it lists stays, too.
    """
    fields = {str(spec.column): name for name, spec in reversed(contract.fields.items())}
    listed = {} if coming is None else _listed_by_column(coming)
    return rows.with_columns(
        _scrambled(
            rows[column].alias("text"), _Column.of(fields.get(column), contract, secret, also=listed.get(column, ()))
        ).alias(column)
        for column in rows.columns
        if column != LINE
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """How the texts of one column are scrambled."""

    spec: FieldSpec | None
    missing: tuple[str, ...]
    kept: frozenset[str]
    forms: tuple[Form, ...]
    secret: Secret

    @classmethod
    def of(cls, field: str | None, contract: Contract, secret: Secret, *, also: tuple[str, ...] = ()) -> _Column:
        spec = None if field is None else contract.fields[field]
        missing = contract.missing_values if field is None else contract.missing_texts(field)
        kept = frozenset({*missing, *_listed(spec), *also}) | NOTHING
        return cls(spec=spec, missing=missing, kept=kept, forms=forms_of(spec), secret=secret)

    @property
    def kind(self) -> str:
        """The type of the field; columns that no field reads are strings."""
        return "string" if self.spec is None else self.spec.type

    def step(self, text: str) -> Step:
        """How this text is scrambled, at every step of its walk."""
        form = form_of(text, self.forms)
        return step_of(self.kind, text, self.secret) if form is None else lambda text: moved(text, form, self.secret)

    def look(self, texts: pl.Series) -> pl.Series:
        """What must stay as it is: which promises a text breaks, whether it is listed, and what of it stays."""
        text = pl.col("text")
        trimmed = text.str.strip_chars() if self.spec is None or self.spec.trim else text
        stays = pl.Series("stays", [self._stays(each) for each in texts], dtype=pl.String)
        frame = pl.DataFrame({"text": texts, "stays": stays}).with_columns(trimmed)
        is_kept = text.is_in(pl.Series(sorted(self.kept), dtype=pl.String).implode()).alias("kept")
        return frame.select(pl.struct("stays", is_kept, self._broken(frame)).alias("look")).to_series()

    def _stays(self, text: str) -> str:
        form = form_of(text, self.forms)
        return frozen(self.kind, text) if form is None else form.written

    def _broken(self, frame: pl.DataFrame) -> pl.Series:
        if self.spec is None:
            return pl.Series("broken", [0] * frame.height, dtype=pl.Int64)
        missing = pl.Series(self.missing, dtype=pl.String).implode()
        text = frame.select(pl.when(~pl.col("text").is_in(missing)).then(pl.col("text")).alias("text"))
        both = text.with_columns(self.spec.read(pl.col("text")).alias("value"))
        masks = (each.broken(pl.col("text"), pl.col("value")).fill_null(value=False) for each in checks(self.spec))
        weighed = (mask.cast(pl.Int64) * 2**place for place, mask in enumerate(masks))
        return both.select(pl.sum_horizontal(weighed).alias("broken")).to_series()


def _listed(spec: FieldSpec | None) -> tuple[str, ...]:
    """The texts that a contract writes out."""
    if spec is None:
        return ()
    lists = (getattr(spec, name, None) or () for name in ("codes", "true_values", "false_values"))
    return (*(text for each in lists for text in each), *(spec.constraints.enum or ()))


def _listed_by_column(contract: Contract) -> dict[str, tuple[str, ...]]:
    listed: dict[str, tuple[str, ...]] = {}
    for name, spec in contract.fields.items():
        column = str(spec.column)
        listed[column] = (*listed.get(column, ()), *contract.missing_texts(name), *_listed(spec))
    return listed


def _scrambled(texts: pl.Series, column: _Column) -> pl.Series:
    """Every different text walks until it looks as it did; each step is a permutation, so two of them never meet."""
    different = texts.drop_nulls().unique()
    wanted, walked = column.look(different), different.clone()  # `scatter` writes in place
    steps = [column.step(text) for text in different]
    places = (~wanted.struct.field("kept")).arg_true()
    for _ in range(MOST_STEPS):
        if places.is_empty():
            break
        pairs = zip(walked.gather(places), places, strict=True)
        stepped = pl.Series([steps[place](text) for text, place in pairs], dtype=pl.String)
        walked = walked.scatter(places, stepped)
        places = places.filter(column.look(stepped) != wanted.gather(places))
    return texts.replace_strict(different, walked, default=None, return_dtype=pl.String)
