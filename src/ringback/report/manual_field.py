"""One field in the manual: how it is read, examples, what is rejected, what is usual."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ringback.model.field import Constraints, FieldSpec
from ringback.model.limits import Limit, Measure
from ringback.model.manual import FieldManual, Origin, Rejected
from ringback.model.measured import amount
from ringback.report.page import Grid, Heading, Paragraph, Part, Points
from ringback.report.words import shown

_USUAL = {  # of whom, and what they do; only shares: a size or a day could be a client's own
    Measure.REPLACED: ("held clients", "change it"),
    Measure.BLANKED: ("held clients", "lose it"),
    Measure.EXPLAINED: ("held clients", "change it in one and the same way, as a misreading would"),
    Measure.MISSING: ("records", "have no value"),
    Measure.UNREADABLE: ("records", "cannot be read"),
    Measure.SHAPES: ("values", "look otherwise than before"),
    Measure.CODES: ("values", "are others than before"),
    Measure.ADDED: ("delivered clients", "are new"),
    Measure.GONE: ("held clients", "are no longer in the file"),
    Measure.DUPLICATES: ("rows", "share their key with another"),
}
_ORIGINS = {
    Origin.SCRAMBLED: "Examples, scrambled: a real delivery has such texts, with other letters and digits.",
    Origin.INVENTED: "Examples, invented:",
    Origin.CONTRACT: "As the contract lists them:",
}
_ALL = 1.0


def field_parts(field: FieldManual) -> Iterator[Part]:
    """All that is known of a field."""
    spec = field.spec
    yield Heading(text=f"Field {field.name}", level=3, anchor=anchor_of(field.name))
    if spec.title or spec.description:
        yield Paragraph(text=". ".join(text.rstrip(".") for text in (spec.title, spec.description) if text) + ".")
    yield Paragraph(text=" ".join(_reading(field)))
    yield from _examples(field)
    yield from _refused(field)
    usual = tuple(usual_sentences(field.limits))
    if usual:
        yield Paragraph(text="What earlier deliveries taught:")
        yield Points(texts=usual)


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
    yield Paragraph(text=f"{'A row is' if promises else 'No row is'} rejected for this field{':' if promises else '.'}")
    if promises:
        yield Points(texts=promises)
    if field.rejected:
        yield Paragraph(text="In quarantine since the newest delivery (texts scrambled):")
        yield rejected_grid(field.rejected)


def _promises(field: FieldManual) -> Iterator[str]:
    yield from (f"when it {reason}" for reason in field.refuses)
    if field.spec.constraints.unique:
        yield "never, but the whole delivery is held when two rows have the same value: it must be unique"


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


def usual_sentences(limits: Iterable[Limit]) -> Iterator[str]:
    """What is usual, and where a delivery is held; only of shares."""
    for limit in limits:
        if limit.measure in _USUAL and limit.high is not None and limit.high < _ALL:
            who, act = _USUAL[limit.measure]
            usual, most = amount(limit.measure, limit.expected), amount(limit.measure, limit.high)
            yield f"{usual} of the {who} usually {act}; a delivery in which more than {most} do is held.{_busy(limit)}"


def _busy(limit: Limit) -> str:
    if limit.busy_day is None or limit.busy_high is None:
        return ""
    when = "At the end of a month" if limit.busy_day == "month_end" else f"On {limit.busy_day.capitalize()}s"
    return f" {when} the limit is {amount(limit.measure, limit.busy_high)}."
