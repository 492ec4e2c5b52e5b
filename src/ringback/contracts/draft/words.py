"""Texts with a form of their own: booleans, e-mail addresses, bank accounts, telephone numbers."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ringback.contracts.draft.candidates import Candidate
from ringback.contracts.draft.columns import ColumnTexts
from ringback.contracts.draft.evidence import Setting

# Pairs of words that people use for true and false. Only true/false are drafted as boolean: "No" may be Norway.
PAIRS = (
    *(("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("ja", "nein"), ("j", "n"), ("oui", "non")),
    *(("si", "no"), ("sí", "no"), ("sim", "não"), ("s", "n"), ("1", "0"), ("on", "off"), ("x", "-")),
)
PHONE_NAMES = frozenset(
    {"phone", "telephone", "tel", "mobile", "mob", "cell", "cellphone", "fax", "telefon", "telefono", "telefone"}
    | {"telefax", "handy", "rufnummer", "movil", "celular", "msisdn", "phones"}
)
# Regions whose numbering plan is tried on numbers written without their country; they are only a remark.
REGIONS = ("GB", "US", "DE", "FR", "ES", "IT", "NL", "BR", "AT", "CH", "BE", "IN", "AU", "PL")

_TEXT = pl.col("text")
INTERNATIONAL = _TEXT.str.contains(r"^\+[0-9][0-9 ()./-]{6,24}$")
DIALLED = _TEXT.str.contains(r"^[+(]?[0-9][0-9 ()./-]{4,24}$")


def boolean_candidates(column: ColumnTexts) -> Iterator[Candidate]:
    """A pair of words, written as they stand in the texts; only where both are seen and nothing else."""
    if column.distinct_count > 6:
        return
    texts = column.texts["text"].to_list()
    for yes, no in PAIRS:
        trues = tuple(sorted(text for text in texts if text.lower() == yes))
        falses = tuple(sorted(text for text in texts if text.lower() == no))
        if trues and falses and len(trues) + len(falses) == len(texts):
            settings = (Setting(key="trueValues", value=trues), Setting(key="falseValues", value=falses))
            yield Candidate(type="boolean", settings=settings, decide="boolean")


def is_plain_boolean(candidate: Candidate) -> bool:
    """Whether the words are true and false, which mean nothing else."""
    return candidate.type == "boolean" and all(
        word.lower() in ("true", "false")
        for setting in candidate.settings
        if isinstance(setting.value, tuple)
        for word in setting.value
    )


def form_candidates(column: ColumnTexts) -> Iterator[Candidate]:
    """E-mail, IBAN and international telephone numbers, where the texts have that form."""
    peek = column.peek()
    if _share(peek, _TEXT.str.contains("@", literal=True)) > 0.5:
        yield Candidate(type="email", decide="email")
    if _share(peek, _TEXT.str.contains(r"^[A-Z]{2}[0-9]{2}[A-Z0-9 ]{8,40}$")) > 0.5:
        yield Candidate(type="iban", decide="iban")
    if _share(peek, INTERNATIONAL) > 0.9:
        yield Candidate(type="phone", decide="phone")


def national_phone_candidates(column: ColumnTexts, name: str) -> Iterator[Candidate]:
    """One candidate a region, where the column's name and the texts' form say telephone number."""
    named = bool(PHONE_NAMES & set(name.split("_")))
    if named and _share(column.peek(), DIALLED) > 0.5 and _share(column.peek(), INTERNATIONAL) < 1:
        yield from (phone_candidate(region) for region in REGIONS)


def phone_candidate(region: str) -> Candidate:
    """National numbers are those of `region`."""
    return Candidate(type="phone", settings=(Setting(key="region", value=region),), decide=region)


def _share(texts: pl.DataFrame, test: pl.Expr) -> float:
    return texts.filter(test).height / texts.height if texts.height else 0.0
