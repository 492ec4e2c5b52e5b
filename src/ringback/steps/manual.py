"""What a contract says of its fields, each tried on examples: texts that are read, and what they are held as."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from ringback.model.canonical import to_text
from ringback.model.contract import Contract
from ringback.model.field import FieldSpec
from ringback.model.manual import FieldManual, Origin, ReadAs, Rejected
from ringback.model.reading import RejectGroup
from ringback.model.rows import LINE
from ringback.steps.interpret import Interpretation, interpret
from ringback.steps.interpret.constraints import checks
from ringback.steps.misreadings import FEED_MISREADINGS, MISREADINGS
from ringback.steps.scramble import Secret, scramble_one

_LISTED = ("code", "boolean")  # types whose texts are all in the contract


def described(contract: Contract, line_of: Callable[..., int | None]) -> tuple[FieldManual, ...]:
    """Each field as the contract says it, with examples that nobody delivered."""
    return tuple(_described(name, contract, line_of("fields", name)) for name in contract.fields)


def _described(name: str, contract: Contract, line: int | None) -> FieldManual:
    spec = contract.fields[name]
    texts = (*(spec.constraints.enum or ())[:2], *spec.invented())
    examples = _read_as(texts[:2] if spec.type in _LISTED else texts, name, contract)
    origin = Origin.CONTRACT if spec.type in _LISTED else Origin.INVENTED if examples else Origin.NONE
    return FieldManual(
        name=name,
        spec=spec,
        is_key=name in contract.key,
        missing_texts=contract.missing_texts(name),
        refuses=tuple(_refuses(spec)),
        line=line,
        origin=origin,
        examples=examples,
    )


def _refuses(spec: FieldSpec) -> Iterable[str]:
    told = (check for check in checks(spec) if check.code != "string.unreadable")  # nobody writes NUL on purpose
    yield from (check.reason for check in told)


def with_examples(field: FieldManual, texts: Sequence[str], contract: Contract, secret: Secret) -> FieldManual:
    """The field with delivered texts as its examples, scrambled; as it was where none of them can be shown so."""
    if field.spec.type in _LISTED:
        return field
    scrambled = _scrambled(texts, field.name, contract, secret)
    examples = _read_as(scrambled, field.name, contract)
    return replace(field, examples=examples, origin=Origin.SCRAMBLED) if examples else field


def rejected(groups: Iterable[RejectGroup], contract: Contract, secret: Secret) -> tuple[Rejected, ...]:
    """Rejects by their causes, the most frequent first; each with a scrambled text that is rejected for this cause."""
    in_order = sorted(groups, key=lambda group: (-group.row_count, group.field or "", group.code, group.reason))
    return tuple(_rejected(group, contract, secret) for group in in_order)


def _rejected(group: RejectGroup, contract: Contract, secret: Secret) -> Rejected:
    raw = None
    if group.field in contract.fields:
        raw = _raw_of(group, group.field, contract, secret)
    return Rejected(
        code=group.code,
        reason=group.reason,
        row_count=group.row_count,
        column=group.column,
        field=group.field,
        raw=raw,
    )


def _raw_of(group: RejectGroup, field: str, contract: Contract, secret: Secret) -> str | None:
    """A missing value is shown as it is: there is nothing of a client in it."""
    texts = [text for _, text in group.raws]
    if any(not text.strip() for text in texts):
        return next(text for text in texts if not text.strip())
    for text in _scrambled(texts, field, contract, secret):
        if group.code in _read([text], field, contract).rejects["code"]:
            return text
    return None


def _scrambled(texts: Iterable[str], field: str, contract: Contract, secret: Secret) -> tuple[str, ...]:
    """Those whose scrambled text is another: where it is the same, what a client wrote would be shown."""
    listed = {*(contract.fields[field].constraints.enum or ()), *contract.missing_texts(field)}
    pairs = ((text, scramble_one(text, field, contract, secret)) for text in texts)
    return tuple(scrambled for text, scrambled in pairs if scrambled != text or text.strip() in listed)


def _read_as(texts: Iterable[str], field: str, contract: Contract) -> tuple[ReadAs, ...]:
    """The texts that are read, and what each is held as."""
    given = list(dict.fromkeys(texts))
    records = _read(given, field, contract).records.drop_nulls(field)
    held = records.select(LINE, to_text(pl.col(field), contract.fields[field].dtype).alias("held"))
    return tuple(ReadAs(raw=given[line], held=text) for line, text in held.iter_rows())


def _read(texts: Sequence[str], field: str, contract: Contract) -> Interpretation:
    """The texts as rows of a delivery that has no other column."""
    spec: Mapping[str, FieldSpec] = {field: contract.fields[field]}
    alone = contract.model_copy(update={"fields": spec})
    column = str(contract.fields[field].column)
    rows = pl.DataFrame({LINE: range(len(texts)), column: texts}, schema={LINE: pl.Int64(), column: pl.String()})
    return interpret(rows, alone)


def misreadings_in_words(codes: Iterable[str]) -> dict[str, str]:
    """What happens in each of these misreadings; those that this ringback does not know are left out."""
    words = {each.code: each.sentence for each in MISREADINGS}
    words |= {each.code: each.sentence for each in FEED_MISREADINGS}
    return {code: words[code] for code in dict.fromkeys(codes) if code in words}
