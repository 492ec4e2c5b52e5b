"""One field in the manual: how it is read, examples, what is rejected, what is usual."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ringback.model.field import Constraints, FieldSpec
from ringback.model.limits import Limit, Measure
from ringback.model.manual import FieldManual, Origin, Rejected
from ringback.model.measured import amount
from ringback.report.page import Grid, Heading, Paragraph, Part, Points
from ringback.report.words import shown

_USUAL = {  # only shares: a size or a day could be a client's own
    Measure.REPLACED: "held clients that change it",
    Measure.BLANKED: "held clients that lose it",
    Measure.EXPLAINED: "held clients that change it as a misreading would",
    Measure.MISSING: "records without a value",
    Measure.UNREADABLE: "records whose text is rejected",
    Measure.SHAPES: "values that look otherwise than before",
    Measure.CODES: "values that are others than before",
    Measure.ADDED: "delivered clients that are new",
    Measure.GONE: "held clients that are no longer in the file",
    Measure.DUPLICATES: "rows that share their key with another",
}
_ORIGINS = {
    Origin.SCRAMBLED: "Examples, scrambled: a real delivery has such texts, with other letters and digits.",
    Origin.INVENTED: "Examples, invented:",
    Origin.CONTRACT: "As the contract lists them:",
}
_ALL = 0.9995  # told as 100.0 %: no limit


def field_parts(field: FieldManual) -> Iterator[Part]:
    """All that is known of a field."""
    spec = field.spec
    yield Heading(text=f"Field {field.name}", level=3, anchor=anchor_of(field.name))
    if spec.title or spec.description:
        yield Paragraph(text=". ".join(text.rstrip(".") for text in (spec.title, spec.description) if text) + ".")
    yield Paragraph(text=" ".join(_reading(field)))
    yield from _examples(field)
    yield from _refused(field)
    usual = usual_grid(field.limits)
    if usual is not None:
        yield Paragraph(text="What earlier deliveries taught:")
        yield usual


def anchor_of(name: str) -> str:
    """As GitHub makes it of the heading, so that Markdown links lead there too."""
    return f"field-{name}"


def type_word(spec: FieldSpec) -> str:
    """What a readable text looks like, in short."""
    return "text" if spec.type == "string" else spec.expects()


def _reading(field: FieldManual) -> Iterator[str]:
    spec = field.spec
    where = f"column {spec.column}" if isinstance(spec.column, int) else f'column "{spec.column}"'
    line = "" if field.line is None else f" (contract line {field.line})"
    part = ", part of the key" if field.is_key else ""
    yield f"From {where}{part}{line}."
    yield from spec.in_words()
    yield "White space around the text is left out." if spec.trim else "White space around the text belongs to it."
    yield _missing(field)
    if spec.stable is not None:
        yield (
            "A client's value normally stays the same for good."
            if spec.stable
            else "A client's value may change at any time."
        )


def _missing(field: FieldManual) -> str:
    texts = [f'"{text}"' if text else "an empty text" for text in field.missing_texts]
    if not texts:
        return "No text means that there is no value."
    mean = "means" if len(texts) == 1 else "mean"
    told = f"{', '.join(texts)} {mean} that there is no value"
    refused = ", and is rejected: a value is required." if field.spec.constraints.required else "."
    return told[:1].upper() + told[1:] + refused


def _examples(field: FieldManual) -> Iterator[Part]:
    if not field.examples:
        if field.origin is Origin.NONE:
            yield Paragraph(
                text="There is no example: no delivery has one, and none can be made up that would be read."
            )
        return
    yield Paragraph(text=_ORIGINS[field.origin])
    codes = getattr(field.spec, "codes", None)
    rows = tuple(codes.items()) if codes else tuple((each.raw, each.held) for each in field.examples)
    yield Grid(
        head=("as delivered", "as held"), rows=tuple((shown(raw), shown(held)) for raw, held in rows), code=(0, 1)
    )


def _refused(field: FieldManual) -> Iterator[Part]:
    promises = tuple(_promises(field))
    yield Paragraph(text="A row is rejected when this field" if promises else "No text of this field is rejected.")
    if promises:
        yield Points(texts=promises)
    if field.rejected:
        yield Paragraph(text="In quarantine since the newest delivery, as its release read it (texts scrambled):")
        yield rejected_grid(field.rejected)


def _promises(field: FieldManual) -> Iterator[str]:
    yield from field.refuses
    if field.spec.constraints.unique:
        yield "is not unique; then the whole delivery is held"


def rejected_grid(rejected: Iterable[Rejected]) -> Grid:
    """Why rows are in quarantine, how many, and what such a text looks like."""
    rows = tuple(
        (each.reason, f"{each.row_count:,}", shown(each.raw) if each.raw is not None else "") for each in rejected
    )
    return Grid(head=("why", "rows", "such as"), rows=rows, right=(1,), code=(2,))


def constraints_words(promises: Constraints) -> str:
    """The constraints in a few words, for a table."""
    told = (
        ("required", promises.required),
        ("unique", promises.unique),
        ("pattern", promises.pattern is not None),
        ("listed", promises.enum is not None),
        ("range", promises.minimum is not None or promises.maximum is not None),
        ("length", promises.min_length is not None or promises.max_length is not None),
    )
    return ", ".join(word for word, is_set in told if is_set)


def usual_grid(limits: Iterable[Limit]) -> Grid | None:
    """What is usual, and where a delivery is held; None where nothing of it is a share."""
    rows = tuple(
        (_USUAL[limit.measure], amount(limit.measure, limit.expected), _above(limit))
        for limit in limits
        if limit.measure in _USUAL and limit.high is not None and limit.high < _ALL
    )
    return Grid(head=("share of", "usual", "held above"), rows=rows, right=(1, 2)) if rows else None


def _above(limit: Limit) -> str:
    """The limit; and that of a day on which more changes than on others."""
    assert limit.high is not None  # noqa: S101 - asked for by the caller alone
    most = amount(limit.measure, limit.high)
    if limit.busy_day is None or limit.busy_high is None:
        return most
    when = "end of month" if limit.busy_day == "month_end" else f"{limit.busy_day.capitalize()}s"
    return f"{most} ({when} {amount(limit.measure, limit.busy_high)})"
