"""What is beyond its limits, as findings: one a cause, what explains it first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from ringback.model.contract import Contract
from ringback.model.diagnosis import Diagnosis
from ringback.model.finding import Example, Finding, Severity
from ringback.model.limits import CHURN, Exceeded, Measure
from ringback.model.release import Difference, Since
from ringback.steps.guard.wording import cause, sentence

LineOf = Callable[..., int | None]

_SIZE = (Measure.ADDED, Measure.GONE, Measure.ROWS)  # a part of the file, or another file, moves them all
_ORDER = tuple(dict.fromkeys([*CHURN, *_SIZE, *Measure]))  # what a person understands first
_OF_ALL = ("source", "missingValues")  # what the contract says of every value
_ALSO = 3  # further measures of one cause that are told
_NEAR = 0.1  # counts of several fields that differ by less come from the same rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """All that is known of a delivery that is beyond its limits."""

    exceeded: tuple[Exceeded, ...] = ()  # churn first, the greatest share first
    diagnoses: tuple[Diagnosis, ...] = ()
    since: Since = field(default_factory=Since)
    records: int = 0


@dataclass(slots=True)
class _Group:
    """Measures with one cause."""

    exceeded: list[Exceeded]
    diagnoses: tuple[Diagnosis, ...] = ()  # of different fields, with one code
    differences: tuple[Difference, ...] = ()

    @property
    def lead(self) -> Exceeded:
        """The measure that a person understands first."""
        return min(self.exceeded, key=lambda over: _ORDER.index(over.measure))

    @property
    def fields(self) -> tuple[str, ...]:
        """All fields of the group, the one of the lead first."""
        return tuple(dict.fromkeys(over.field for over in (self.lead, *self.exceeded) if over.field is not None))


def suspected(
    suspicion: Suspicion, contract: Contract, *, line_of: LineOf, examples: Mapping[str, tuple[Example, ...]]
) -> Iterator[Finding]:
    """One finding a cause. Each holds the run."""
    groups = [*_of_fields(suspicion), *_of_delivery(suspicion)]
    for group in _merged(groups):
        yield _finding(group, suspicion, contract, line_of=line_of, examples=examples)


def _of_fields(suspicion: Suspicion) -> list[_Group]:
    """Fields apart, or together where one misreading explains them."""
    found: dict[object, _Group] = {}
    for over in suspicion.exceeded:
        if over.field is None:
            continue
        diagnosis = next((each for each in suspicion.diagnoses if over.field in each.fields), None)
        key = over.field if diagnosis is None else (diagnosis.code, diagnosis.fields)
        if key in found:
            found[key].exceeded.append(over)
        else:
            said = _concerning(suspicion.since, diagnosis.fields if diagnosis else (over.field,))
            found[key] = _Group([over], (diagnosis,) if diagnosis else (), said)
    return list(found.values())


def _of_delivery(suspicion: Suspicion) -> list[_Group]:
    """Rows that came and went have one cause; the keys written otherwise, it may be."""
    whole = [over for over in suspicion.exceeded if over.field is None]
    size = [over for over in whole if over.measure in _SIZE]
    keys = next((each for each in suspicion.diagnoses if each.code.startswith("key.")), None)
    said = _concerning(suspicion.since, keys.fields) if keys else ()
    groups = [_Group(size, (keys,) if keys else (), said)] if size else []
    return groups + [_Group([over]) for over in whole if over.measure not in _SIZE]


def _concerning(since: Since, fields: tuple[str, ...]) -> tuple[Difference, ...]:
    """What the contract says otherwise of these fields; or, where it says nothing, of the whole file."""
    own = [each for each in since.differences if each.path[0] == "fields" and each.path[1] in fields]
    return tuple(own or [each for each in since.differences if each.path[0] in _OF_ALL])


def _merged(groups: list[_Group]) -> list[_Group]:
    """Groups that one change of the contract made, or one misreading in as many rows, are one."""
    kept: list[_Group] = []
    for group in groups:
        same = next((other for other in kept if _is_one(other, group)), None)
        if same is None:
            kept.append(group)
        else:
            same.exceeded += group.exceeded
            same.diagnoses += group.diagnoses
    return kept


def _is_one(one: _Group, other: _Group) -> bool:
    if one.differences or other.differences:
        return one.differences == other.differences
    if one.lead.field is None or other.lead.field is None:
        return False
    if {each.code for each in one.diagnoses} != {each.code for each in other.diagnoses}:
        return False
    parts = one.lead.part, other.lead.part
    if None in parts or one.lead.measure is not other.lead.measure:
        return False
    few, many = sorted(part or 0 for part in parts)
    return few >= (1 - _NEAR) * many


def _finding(
    group: _Group,
    suspicion: Suspicion,
    contract: Contract,
    *,
    line_of: LineOf,
    examples: Mapping[str, tuple[Example, ...]],
) -> Finding:
    lead, diagnosis = group.lead, next(iter(group.diagnoses), None)
    row_count = lead.part if lead.part is not None else _rows(lead, suspicion.records)
    line = next((each.line for each in group.differences if each.line is not None), None)
    return Finding(
        code=f"guard.{lead.measure}",
        severity=Severity.HOLD,
        row_count=row_count,
        field=lead.field,
        fields=group.fields if len(group.fields) > 1 else (),
        line=line if line is not None else _line(group, line_of),
        measure=str(lead.measure),
        expected=lead.expected,
        seen=lead.seen,
        limit=lead.limit,
        why=sentence(lead, fields=group.fields),
        because=tuple(_because(group, contract)),
        since=tuple(_since(group, suspicion.since)),
        mend=_mend(line),
        misreading=diagnosis.code if diagnosis else None,
        share_explained=diagnosis.share_explained if diagnosis else None,
        examples=_examples(group, examples),
    )


def _rows(over: Exceeded, records: int) -> int:
    """Of shares of the records; other measures concern all of them."""
    return round(over.seen * records) if 0 <= over.seen <= 1 else records


def _line(group: _Group, line_of: LineOf) -> int | None:
    return line_of("fields", group.lead.field) if group.lead.field is not None else None


def _because(group: _Group, contract: Contract) -> Iterator[str]:
    for diagnosis in group.diagnoses:
        which = f"{diagnosis.fields[0]}: " if len(group.diagnoses) > 1 else ""
        yield f"{which}{cause(diagnosis, contract.fields[diagnosis.fields[0]].type)}"
    if group.diagnoses:
        return
    others = [over for over in group.exceeded if over is not group.lead]
    told = dict.fromkeys(sentence(over) for over in others if over.field is None or over.measure not in CHURN)
    yield from (f"also: {each}" for each in list(told)[:_ALSO])


def _since(group: _Group, since: Since) -> Iterator[str]:
    """The change of the contract that fits; where there is none, all else that changed."""
    release = since.release
    when = f" in the approved release {release.id} ({release.approved_at:%Y-%m-%d})" if release else ""
    yield from (f"{difference.told}{when}" for difference in group.differences)
    if not group.differences:
        yield from since.others


def _mend(line: int | None) -> str:
    return "ask the sender what changed" if line is None else f"mend line {line}"


def _examples(group: _Group, examples: Mapping[str, tuple[Example, ...]]) -> tuple[Example, ...]:
    """Of the first field that has any; raw texts are looked up under the lead's."""
    return next((examples[name] for name in group.fields if name in examples), ())
